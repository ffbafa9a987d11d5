// Ops of the vmap family. (program_parts.h)
#include "highmem/kmap/vmap.h"
#include "highmem/machine/layout.h"
#include "highmem/trace/program_parts.h"

namespace highmem::internal {

Co<> DoVmap(ActorId actor, int index, const Op* op, Pfn pfn) {
  EmitBegin(index, op->code, pfn, static_cast<uint32_t>(op->value));
  Vaddr address = 0;
  if (op->code == OpCode::vmap)
    address = co_await vmap(pfn_to_page(pfn), op->value);
  else
    address = co_await vm_map_ram(pfn_to_page(pfn), op->value);
  const auto live = static_cast<uint16_t>(kVmap + op->value);
  if (op->var >= 0) Var(actor, op->var) = {address, pfn, address == 0 ? kNoPin : live};
  EmitEnd(index, op->code, {address == 0 ? ResultKind::null : ResultKind::ok, address, pfn});
}

// A map that was not made is passed over.
Co<> DoVunmap(ActorId actor, int index, const Op* op, Pfn pfn) {
  Vaddr address = pfn == kNoPfn ? 0 : struct_page_address(pfn_to_page(pfn));
  int count = 1;
  bool made = true;
  if (op->ref >= 0) {
    const VarSlot slot = Var(IsForeign(*op) ? static_cast<ActorId>(op->actor - 1) : actor, op->ref);
    address = slot.address + op->offset;
    pfn = slot.pfn;
    made = slot.live != kNoPin;
    count = slot.live > kVmap ? slot.live - kVmap : 1;
  }
  EmitBegin(index, op->code, made ? pfn : kNoPfn, made ? address : 0);
  if (made && op->code == OpCode::vunmap) co_await vunmap(address);
  if (made && op->code == OpCode::vm_unmap_ram) co_await vm_unmap_ram(address, count);
  if (op->ref >= 0 && !IsForeign(*op)) ReleaseVar(Var(actor, op->ref));
  EmitEnd(index, op->code, {made ? ResultKind::ok : ResultKind::null, address, pfn});
}

}  // namespace highmem::internal
