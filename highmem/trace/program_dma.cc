// Ops about pins of the pool, and about pages that a device has. (program_parts.h)
#include "highmem/kernel/primitive.h"
#include "highmem/kmap/dma.h"
#include "highmem/kmap/kmap.h"
#include "highmem/machine/layout.h"
#include "highmem/trace/program_parts.h"

namespace highmem::internal {

Co<> DoKunmapHigh(ActorId actor, int index, int ref, Pfn pfn) {
  const bool pinned = ref < 0 || Var(actor, ref).live != kNoPin;
  if (ref >= 0) pfn = Var(actor, ref).pfn;
  const bool any = pinned && pfn != kNoPfn && PageHighMem(pfn_to_page(pfn));
  EmitBegin(index, OpCode::kunmap_high, any ? pfn : kNoPfn, 0);
  if (any) co_await kunmap_high(pfn_to_page(pfn));
  if (ref >= 0)
    ReleaseVar(Var(actor, ref));
  else
    ReleaseVarOfPage(actor, pfn, kPinned);
  EmitEnd(index, OpCode::kunmap_high, {any ? ResultKind::ok : ResultKind::null, 0, pfn});
}

// The variable holds a bus address: no CPU can use it.
Co<> DoDmaMap(ActorId actor, int index, const Op* op, Pfn pfn) {
  const DmaDirection direction = op->code == OpCode::dma_map_to     ? DmaDirection::kToDevice
                                 : op->code == OpCode::dma_map_from ? DmaDirection::kFromDevice
                                                                    : DmaDirection::kBidirectional;
  EmitBegin(index, op->code, pfn, 0);
  co_await dma_map_page(pfn_to_page(pfn), direction);
  const Vaddr bus = kBusBase + (static_cast<uint32_t>(pfn) << machine.page_shift);
  const auto live = static_cast<uint16_t>(kDma + static_cast<uint16_t>(direction));
  if (op->var >= 0) Var(actor, op->var) = {bus, pfn, live};
  EmitEnd(index, op->code, {ResultKind::ok, 0, pfn});
}

Co<> DoDmaUnmap(ActorId actor, int index, const Op* op) {
  const VarSlot slot = Var(actor, op->ref);
  EmitBegin(index, op->code, slot.pfn, 0);
  if (slot.live >= kDma)
    co_await dma_unmap_page(pfn_to_page(slot.pfn), static_cast<DmaDirection>(slot.live - kDma));
  ReleaseVar(Var(actor, op->ref));
  EmitEnd(index, op->code, {ResultKind::ok, 0, slot.pfn});
}

Co<> DoDeviceAccess(ActorId actor, int index, const Op* op) {
  const VarSlot slot = Var(actor, op->ref);
  EmitBegin(index, op->code, slot.pfn, op->offset);
  uint32_t got = 0;
  if (op->code == OpCode::device_load)
    got = co_await Prim(PrimKind::device_load, slot.pfn, op->offset);
  else
    co_await Prim(PrimKind::device_store, slot.pfn, op->offset, static_cast<uint32_t>(op->value));
  const bool load = op->code == OpCode::device_load;
  EmitEnd(index, op->code, {load ? ResultKind::byte : ResultKind::ok, got, slot.pfn});
}

}  // namespace highmem::internal
