#include "highmem/model/duties.h"

#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"
#include "highmem/trace/helper_op.h"

namespace highmem::model {
namespace {

bool IsUnmap(OpCode code) { return code == OpCode::kunmap_local || code == OpCode::kunmap_atomic; }

// What says so every time, as long as it says anything.
bool IsEveryTime(Site site) {
  return site == Site::debug_kmap_atomic_context || site == Site::debug_kmap_atomic_irqs;
}

uint64_t Bit(Site site) { return 1ull << static_cast<int>(site); }

// SPEC X10: the one address that an unmap without a map takes for its own: the slot before a CPU's
// first.
bool IsSlotBeforeTheFirst(Vaddr start) {
  for (int c = 1; c < machine.profile.cpus; c++)
    if (start == FixKmapAddr(FixKmapIndexOf(-1, c, AddressColour(start)))) return true;
  return false;
}

// Quirk Q1: the highest address of the window is not recognised.
bool LooksLocal(Vaddr start) {
  return InFixKmap(start) && (start != machine.fix_kmap_begin || !machine.profile.quirk(1));
}

// Waits for other CPUs, perhaps.
bool MayFlushEverywhere(OpCode code) {
  switch (code) {
    case OpCode::kmap:
    case OpCode::kmap_flush_unused:
    case OpCode::decrease_reservation:
    case OpCode::vmap:
    case OpCode::vunmap:
    case OpCode::vm_map_ram:
    case OpCode::vm_unmap_ram:
    case OpCode::vm_unmap_aliases:
    case OpCode::drain_vmap_area_work: return true;
    default: return false;
  }
}

bool IsLocalEra() { return machine.profile.is_era(Era::kE3Local); }
// Whether kunmap asks as if it could sleep. (quirk Q10)
bool KunmapAsks() {
  return IsLocalEra() && machine.profile.has_highmem() && machine.profile.quirk(10);
}
bool KunmapRefusesInterrupts() { return !IsLocalEra() && machine.profile.has_highmem(); }

bool AsksOnExit() {
  return IsLocalEra() && (machine.profile.generic_entry != 0 || !machine.profile.quirk(11));
}

}  // namespace

bool TakesSlot(const Actors::Call& call) {
  switch (call.code) {
    case OpCode::kmap_local_pfn:
    case OpCode::kmap_atomic_pfn: return true;
    case OpCode::kmap_local_page:
    case OpCode::kmap_atomic: return call.high || machine.profile.forces_map();
    default: return false;
  }
}

bool GivesSlotBack(const Actors::Call& call) {
  return IsUnmap(call.code) && InFixKmap(call.address);
}

bool AsksPool(const Actors::Call& call) {
  if (machine.profile.high_get == 0 || !call.high) return false;
  const bool window_anyway = machine.profile.debug_highmem != 0 && !machine.profile.cache_is_vivt();
  return !window_anyway &&
         (call.code == OpCode::kmap_local_page || call.code == OpCode::kmap_atomic);
}

int SlotsInside(const Actors::Call& call) {
  const bool window_for_low = machine.profile.forces_map();
  if (HelperFormOf(call.code).source) {
    const Page* source = pfn_to_page(static_cast<Pfn>(call.address));
    return (call.high || window_for_low) + (PageHighMem(source) || window_for_low);
  }
  if (IsHelper(call.code)) return call.high || window_for_low;
  return IsDma(call.code) && call.high && machine.profile.coherent_dma == 0 &&
         !machine.profile.cache_is_vivt();
}

bool MayPin(const Actors::Call& call) {
  if (call.code == OpCode::kmap || call.code == OpCode::kmap_high_get) return call.high;
  return AsksPool(call) || (IsDma(call.code) && call.high && machine.profile.high_get != 0);
}

bool GivesPinBack(const Actors::Call& call) {
  if (!call.high) return false;
  if (call.code == OpCode::kunmap || call.code == OpCode::kunmap_high) return true;
  return machine.profile.high_get != 0 && IsUnmap(call.code) && InPkmap(call.address);
}

void Duties::Begin(const Actors* actors, const Pins* pins, const Locals* locals, const Vmaps* vmaps,
                   const Keys* keys) {
  vmaps_ = vmaps;
  keys_ = keys;
  actors_ = actors;
  pins_ = pins;
  locals_ = locals;
  duties_ = arena.Carve<Duty>(actors->count());
  for (int a = 0; a < actors->count(); a++)
    duties_[a] = {Site::kCount, FindingId::kNone, FindingId::kNone};
  shared_ = arena.Carve<Shared>(1);
}

bool Duties::Deserved(const Event& e) const {
  const auto site = static_cast<Site>(e.obj);
  switch (site) {
    // Whoever switches tasks finds what somebody else has left.
    case Site::kmap_local_sched_out_guard:
    case Site::kmap_local_sched_out_none:
    case Site::kmap_local_sched_in_guard:
    case Site::kmap_local_sched_in_none: return locals_->lost();
    // The setter's hook maps on top of what there is, whoever sets an entry.
    case Site::kmap_local_idx_push_depth:
      if (machine.profile.setter_hook != 0 && (locals_->lost() || locals_->SomeStackIsFull()))
        return true;
      break;
    case Site::kunmap_local_not_top:
      if (machine.profile.setter_hook != 0 && locals_->lost()) return true;
      break;
    default: break;
  }
  return actors_->Has(e.ctx) && DeservedBy(static_cast<ActorId>(e.ctx), site);
}

bool Duties::DeservedBy(ActorId actor, Site site) const {
  const Actors::Call& call = actors_->call(actor);
  switch (site) {
    case Site::kunmap_high_vaddr:
    case Site::kunmap_high_count:
      return pins_->InStrayUnmap(actor) || (GivesPinBack(call) && pins_->MayBeUnpinned(call.page));
    case Site::kmap_might_sleep:
      return call.code == OpCode::kmap && !machine.profile.kmap_refuses_interrupts() &&
             actors_->MaySleep(actor) != Known::yes;
    case Site::kunmap_might_sleep:
      return call.code == OpCode::kunmap && KunmapAsks() && actors_->MaySleep(actor) != Known::yes;
    case Site::kunmap_in_interrupt:
      return call.code == OpCode::kunmap && KunmapRefusesInterrupts() &&
             actors_->InInterrupt(actor) != Known::no;
    case Site::kmap_in_interrupt:
      return call.code == OpCode::kmap && machine.profile.kmap_refuses_interrupts() &&
             actors_->InInterrupt(actor) != Known::no;
    case Site::scheduling_while_atomic:
      return (call.code == OpCode::kmap || call.code == OpCode::yield) &&
             actors_->InAtomic(actor) != Known::no;
    case Site::smp_call_irqs_off:
      return MayFlushEverywhere(call.code) && actors_->InterruptsOn(actor) != Known::yes;
    case Site::pks_key_fault: return NeedsKey(call);  // the fault itself has been judged
    case Site::memcpy_page_bounds:
    case Site::zero_user_segments_end: return call.overruns;
    case Site::set_page_address_low: return call.code == OpCode::set_page_address && !call.high;
    case Site::kmap_to_page_pkmap:
      return call.code == OpCode::kmap_to_page && IsLocalEra() && InPkmap(call.address);
    case Site::kmap_to_page_local:
      return call.code == OpCode::kmap_to_page && IsLocalEra() &&
             LooksLocal(PageAlign(call.address));
    default:
      return LocalDeserved(actor, site) || AtomicDeserved(actor, site) || VmapDeserved(actor, site);
  }
}

// On PREEMPT_RT kunmap_atomic takes back a pin that only kmap_atomic made.
bool Duties::ClosesUnopened(ActorId actor) const {
  if (machine.profile.preempt_rt == 0) return false;
  const bool unopened =
      actors_->call(actor).code == OpCode::kunmap_atomic && !actors_->InAtomicMap(actor);
  return unopened || actors_->InAtomic(actor) == Known::unknown;
}

bool Duties::LocalDeserved(ActorId actor, Site site) const {
  const Actors::Call& call = actors_->call(actor);
  const int stack = actors_->StackOf(actor);
  const bool lost = locals_->lost();
  switch (site) {
    case Site::kmap_local_idx_push_hardirq:
      return (TakesSlot(call) || SlotsInside(call) > 0) && actors_->InHardirq(actor) != Known::no &&
             actors_->InterruptsOn(actor) != Known::no;
    case Site::kmap_local_idx_push_depth:
      return (TakesSlot(call) || SlotsInside(call) > 0) && (lost || locals_->MayOverflow(stack));
    case Site::kmap_local_pfn_prot_pte:
      return (TakesSlot(call) || SlotsInside(call) > 0) && (lost || locals_->MayHaveLeftAnEntry());
    case Site::kmap_local_idx_pop_depth:
      if (SlotsInside(call) > 0) return lost;
      return GivesSlotBack(call) && (lost || locals_->depth(stack) == 0);
    case Site::kunmap_local_not_top:
      if (SlotsInside(call) > 0) return lost;
      return GivesSlotBack(call) && (lost || !locals_->IsNewest(stack, PageAlign(call.address)));
    case Site::migrate_enable_zero: return IsUnmap(call.code) && (lost || ClosesUnopened(actor));
    case Site::kunmap_local_force_map:
      return IsUnmap(call.code) && !InFixKmap(call.address) && machine.profile.forces_map();
    case Site::kunmap_local_below_page_offset:
      return IsUnmap(call.code) && machine.profile.has_highmem() && call.address < kPageOffset &&
             !machine.profile.forces_map() &&
             (machine.profile.high_get == 0 || !InPkmap(call.address));
    case Site::kmap_local_fork_idx:
      return call.code == OpCode::fork && (lost || locals_->depth(stack) > 0);
    case Site::kmap_assert_nomap:
      return call.code == OpCode::exit_to_user && AsksOnExit() &&
             (lost || locals_->depth(stack) > 0 || !locals_->quiet(stack));
    default: return false;
  }
}

void Duties::Owe(ActorId actor, Site site, FindingId id) {
  if ((shared_->warned & Bit(site)) != 0) return;
  duties_[actor].report = site;
  duties_[actor].id = id;
}

void Duties::OweSleep(ActorId actor, OpCode code) {
  const FindingId id = actors_->InAtomicMap(actor) ? FindingId::X26 : FindingId::X1;
  if (code == OpCode::yield) {
    if (actors_->InAtomic(actor) == Known::yes) duties_[actor].fatal = id;
  } else if (actors_->MaySleep(actor) == Known::no) {
    Owe(actor, code == OpCode::kmap ? Site::kmap_might_sleep : Site::kunmap_might_sleep, id);
  }
}

void Duties::OweKeyFault(ActorId actor) {
  if (machine.profile.pks_strict != 0)
    duties_[actor].fatal = FindingId::S1;
  else
    Owe(actor, Site::pks_key_fault, FindingId::S1);
}

void Duties::OweUnmap(ActorId actor) {
  const int stack = actors_->StackOf(actor);
  const Vaddr start = PageAlign(actors_->call(actor).address);
  if (locals_->depth(stack) == 0) {
    duties_[actor].fatal = FindingId::X10;
    if (!IsSlotBeforeTheFirst(start)) Owe(actor, Site::kunmap_local_not_top, FindingId::X10);
  } else if (!locals_->IsInNewestSlot(stack, start)) {
    Owe(actor, Site::kunmap_local_not_top, FindingId::X9);
  }
}

void Duties::CallBegin(ActorId actor) {
  const Actors::Call& call = actors_->call(actor);
  const int stack = actors_->StackOf(actor);
  const bool sure = !locals_->lost();
  duties_[actor] = {Site::kCount, FindingId::kNone, FindingId::kNone};
  switch (call.code) {
    case OpCode::kmap:
      if (!machine.profile.kmap_refuses_interrupts())
        OweSleep(actor, call.code);
      else if (actors_->InInterrupt(actor) == Known::yes)
        duties_[actor].fatal = FindingId::X1;
      break;
    case OpCode::yield: OweSleep(actor, call.code); break;
    case OpCode::kunmap:
      if (KunmapAsks()) OweSleep(actor, call.code);
      if (KunmapRefusesInterrupts() && actors_->InInterrupt(actor) == Known::yes)
        duties_[actor].fatal = FindingId::X1;
      break;
    case OpCode::fork:
      if (sure && IsLocalEra() && locals_->depth(stack) > 0)
        Owe(actor, Site::kmap_local_fork_idx, FindingId::X17);
      break;
    case OpCode::exit_to_user:
      if (sure && AsksOnExit() && locals_->depth(stack) > 0 && locals_->quiet(stack))
        Owe(actor, Site::kmap_assert_nomap, FindingId::X17);
      break;
    case OpCode::kmap_to_page:
      if (!IsLocalEra()) break;
      if (InPkmap(call.address)) Owe(actor, Site::kmap_to_page_pkmap, FindingId::X27);
      if (LooksLocal(PageAlign(call.address))) Owe(actor, Site::kmap_to_page_local, FindingId::X27);
      break;
    case OpCode::load:
    case OpCode::store:
      if (NeedsKey(call) && keys_->IsOpen(stack) == Known::no) OweKeyFault(actor);
      break;
    case OpCode::set_page_address: duties_[actor].fatal = FindingId::X28; break;
    case OpCode::memcpy_page:
    case OpCode::memset_page:
    case OpCode::memcpy_from_page:
    case OpCode::memcpy_to_page:
    case OpCode::memzero_page:
      if (call.overruns && machine.profile.debug_vm != 0) duties_[actor].fatal = FindingId::X31;
      break;
    case OpCode::zero_user_segments:
      if (call.overruns) duties_[actor].fatal = FindingId::X31;
      break;
    default: break;
  }
  OweVmap(actor);
  if (!IsLocalEra()) {
    if (TakesSlot(call)) OweAtomicMap(actor);
    if (call.code == OpCode::kunmap_atomic) OweAtomicUnmap(actor);
    return;
  }
  if (TakesSlot(call) && !AsksPool(call)) {
    if (actors_->InHardirq(actor) == Known::yes && actors_->InterruptsOn(actor) == Known::yes)
      Owe(actor, Site::kmap_local_idx_push_hardirq, FindingId::X13);
    if (sure && locals_->IsFull(stack)) duties_[actor].fatal = FindingId::X11;
  }
  if (sure && GivesSlotBack(call)) OweUnmap(actor);
}

// What it got away with rests on maps that somebody has mixed up meanwhile.
bool Duties::Voided(FindingId id) const {
  switch (id) {
    case FindingId::X9:
    case FindingId::X10:
    case FindingId::X11:
    case FindingId::X17:
    case FindingId::X21:
    case FindingId::X22:
    case FindingId::X23:
    case FindingId::X24: return locals_->lost();
    case FindingId::X20: return shared_->reports > kEnoughKmapAtomicReports;
    default: return false;
  }
}

// Somebody else's call is about to make the report that there is for this site.
bool Duties::UsedUp(ActorId actor, Site site) const {
  for (int a = 0; a < actors_->count(); a++)
    if (a != actor && DeservedBy(static_cast<ActorId>(a), site)) return true;
  return false;
}

FindingId Duties::Missing(ActorId actor) const {
  const Duty& duty = duties_[actor];
  const bool splat = duty.report == Site::kmap_might_sleep ||
                     duty.report == Site::kunmap_might_sleep || IsEveryTime(duty.report);
  if (duty.report == Site::kCount || Voided(duty.id)) return FindingId::kNone;
  return splat || !UsedUp(actor, duty.report) ? duty.id : FindingId::kNone;
}

FindingId Duties::OnDiagnosis(const Event& e) {
  const auto site = static_cast<Site>(e.obj);
  if (e.kind == EventKind::bug)
    return actors_->Has(e.ctx) ? Missing(static_cast<ActorId>(e.ctx)) : FindingId::kNone;
  const bool once = e.kind == EventKind::warn && !IsEveryTime(site);
  if (once) shared_->warned |= Bit(site);
  if (IsEveryTime(site)) shared_->reports++;
  for (int a = 0; a < actors_->count(); a++)
    if (duties_[a].report == site && (a == e.ctx || once)) duties_[a].report = Site::kCount;
  return FindingId::kNone;
}

FindingId Duties::CallEnd(ActorId actor) {
  const Duty duty = duties_[actor];
  const FindingId missing = Missing(actor);
  duties_[actor] = {Site::kCount, FindingId::kNone, FindingId::kNone};
  if (actors_->call(actor).code == OpCode::clear_warn_once) shared_->warned = 0;
  if (duty.fatal != FindingId::kNone && !Voided(duty.fatal)) return duty.fatal;
  return missing;
}

}  // namespace highmem::model
