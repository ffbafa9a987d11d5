// What the files of a program share: variables, and the two events around every op.
#ifndef HIGHMEM_TRACE_PROGRAM_PARTS_H_
#define HIGHMEM_TRACE_PROGRAM_PARTS_H_

#include "highmem/trace/program.h"

namespace highmem::internal {

// A variable of the actor.
VarSlot& Var(ActorId actor, int var);

// PfnOf a page of the trace whose programs run, at once.
Pfn DeclaredPfn(int page);

// How an op ended, for event op_end.
struct Result {
  ResultKind kind = ResultKind::ok;
  uint32_t value = 0;
  Pfn pfn = kNoPfn;
};

void EmitBegin(int index, OpCode code, Pfn pfn, uint32_t operand);
void EmitEnd(int index, OpCode code, const Result& result);

// What VarSlot::live says. Live is what `kunmap PAGE` may mean: maps made by kmap and take; pinned
// is what `kunmap_high PAGE` may. A kmap_high_get that had no answer leaves a variable that
// everything passes over. Of a page that a device has: kDma + DmaDirection.
inline constexpr uint16_t kNotKmapped = 0, kLive = 1, kPinned = 2, kNoPin = 3, kDma = 4;
// Of a range of the vmalloc region: kVmap + pages.
inline constexpr uint16_t kVmap = 16;

// In the valid lane a released variable is gone; misuse may go on using the stale address.
void ReleaseVar(VarSlot& slot);
void ReleaseVarOfPage(ActorId actor, Pfn pfn, uint16_t live);

// dma_map_*, dma_unmap, device_load, device_store and kunmap_high, in program_dma.cc.
Co<> DoDmaMap(ActorId actor, int index, const Op* op, Pfn pfn);
Co<> DoDmaUnmap(ActorId actor, int index, const Op* op);
Co<> DoDeviceAccess(ActorId actor, int index, const Op* op);
Co<> DoKunmapHigh(ActorId actor, int index, int ref, Pfn pfn);

// vmap, vm_map_ram; vunmap, vm_unmap_ram, in program_vmap.cc.
Co<> DoVmap(ActorId actor, int index, const Op* op, Pfn pfn);
Co<> DoVunmap(ActorId actor, int index, const Op* op, Pfn pfn);
// What program_system.cc has: calls about the whole machine, another task, or a page apart from its
// kernel addresses; the alias that vm_insert_page makes stays, and the kernel never looks at it.
Co<> DoSystem(int index, const Op* op, Pfn pfn, TaskId child);
Co<> DoGetUser(int index);
// kmap_to_page and is_kmap_addr.
Co<> DoAskOfAddress(int index, const Op* op, VarSlot slot);
Co<> DoHelper(const Trace& trace, int index, const Op* op, Pfn pfn);
Co<> DoVmInsertPage(ActorId actor, int index, int var, Pfn pfn);

}  // namespace highmem::internal

#endif  // HIGHMEM_TRACE_PROGRAM_PARTS_H_
