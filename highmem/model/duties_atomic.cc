// What kmap_atomic deserves and owes in the eras before local maps. (SPEC E, F)
#include "highmem/machine/layout.h"
#include "highmem/model/duties.h"

namespace highmem::model {
namespace {

bool IsEra(Era era) { return machine.profile.is_era(era); }
bool DebugHighmem() { return machine.profile.debug_highmem != 0; }
bool KeepsPte() { return machine.profile.keeps_pte != 0; }

// Where the slot is on this CPU. (SPEC E.1, E.3)
Vaddr SlotAddress(KmType type, CpuId cpu) {
  return FixKmapAddr(FixKmapIndexOf(KmTypeSlot(type), cpu));
}

}  // namespace

bool NamesItsSlot(const Actors::Call& call, CpuId cpu) {
  return PageAlign(call.address) == SlotAddress(call.type, cpu);
}

bool Duties::AtomicDeserved(ActorId actor, Site site) const {
  const Actors::Call& call = actors_->call(actor);
  const int stack = actors_->StackOf(actor);
  const Vaddr start = PageAlign(call.address);
  const bool lost = locals_->lost();
  const bool slots = IsEra(Era::kE1Slots);
  const bool own = slots && NamesItsSlot(call, actors_->CpuOf(actor));
  const bool unknown = actors_->InterruptsOn(actor) == Known::unknown;
  const KmContext context = actors_->KmContextOf(actor);
  switch (site) {
    case Site::debug_kmap_atomic_context:
      return slots && TakesSlot(call) && (unknown || !KmTypeFitsContext(call.type, context));
    case Site::debug_kmap_atomic_irqs:
      return slots && TakesSlot(call) && (unknown || !KmTypeIsAlone(call.type, context));
    case Site::kmap_atomic_idx_push_hardirq:
      return TakesSlot(call) && actors_->InHardirq(actor) != Known::no &&
             actors_->InterruptsOn(actor) != Known::no;
    case Site::kmap_atomic_idx_push_depth:
      return TakesSlot(call) && (lost || locals_->MayOverflow(stack));
    case Site::kmap_atomic_idx_pop_depth:
      return GivesSlotBack(call) && (lost || locals_->depth(stack) == 0);
    case Site::kmap_atomic_pte:
      return TakesSlot(call) &&
             (lost || (slots && locals_->InUse(SlotAddress(call.type, actors_->CpuOf(actor)))));
    case Site::kunmap_atomic_not_top:
      return GivesSlotBack(call) && (lost || !locals_->IsNewest(stack, start));
    case Site::kunmap_atomic_mismatch:
      return GivesSlotBack(call) && (lost || (slots ? !own : !locals_->IsNewest(stack, start)));
    case Site::kunmap_atomic_below_page_offset:
      return call.code == OpCode::kunmap_atomic && !own && start < kPageOffset;
    case Site::kunmap_atomic_above_high_memory:
      return call.code == OpCode::kunmap_atomic && !own && start >= kHighMemory &&
             (slots || !InFixKmap(start));
    default: return false;
  }
}

// SPEC E.2, E.3, F.1.
void Duties::OweAtomicMap(ActorId actor) {
  const Actors::Call& call = actors_->call(actor);
  const int stack = actors_->StackOf(actor);
  const bool sure = !locals_->lost();
  const Known irqs = actors_->InterruptsOn(actor);
  if (IsEra(Era::kE2Stack)) {
    if (!DebugHighmem() || AsksPool(call)) return;
    if (actors_->KindOf(actor) == ActorKind::irq && irqs == Known::yes)
      Owe(actor, Site::kmap_atomic_idx_push_hardirq, FindingId::X13);
    // Quirk Q8 lets one more through.
    if (sure && locals_->IsFull(stack) && machine.profile.quirk(8))
      duties_[actor].fatal = FindingId::X23;
    return;
  }
  const KmContext context = actors_->KmContextOf(actor);
  if (DebugHighmem() && irqs != Known::unknown && shared_->reports <= kEnoughKmapAtomicReports) {
    if (!KmTypeFitsContext(call.type, context))
      Owe(actor, Site::debug_kmap_atomic_context, FindingId::X20);
    else if (!KmTypeIsAlone(call.type, context))
      Owe(actor, Site::debug_kmap_atomic_irqs, FindingId::X20);
  }
  const bool checks = KeepsPte() ? DebugHighmem() : call.code == OpCode::kmap_atomic && call.high;
  const Vaddr slot = SlotAddress(call.type, actors_->CpuOf(actor));
  if (sure && checks && !AsksPool(call) && locals_->PageAt(stack, slot) != kNoPfn)
    duties_[actor].fatal = FindingId::X22;
}

// SPEC E.4, F.3.
void Duties::OweAtomicUnmap(ActorId actor) {
  const Actors::Call& call = actors_->call(actor);
  const int stack = actors_->StackOf(actor);
  const Vaddr start = PageAlign(call.address);
  FindingId& fatal = duties_[actor].fatal;
  if (!DebugHighmem() || locals_->lost() || GivesPinBack(call)) return;
  const bool linear = start >= kPageOffset && start < kHighMemory;
  if (IsEra(Era::kE1Slots)) {
    const bool wrong = KeepsPte() ? InFixKmap(start) : !linear;
    if (wrong && !NamesItsSlot(call, actors_->CpuOf(actor))) fatal = FindingId::X21;
  } else if (!InFixKmap(start)) {
    if (!KeepsPte() && !linear) fatal = FindingId::X25;
  } else if (locals_->depth(stack) == 0) {
    fatal = FindingId::X23;
  } else if (!locals_->IsNewest(stack, start)) {
    if (KeepsPte())
      fatal = FindingId::X24;
    else
      Owe(actor, Site::kunmap_atomic_not_top, FindingId::X24);
  }
}

}  // namespace highmem::model
