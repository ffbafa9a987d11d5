#include "highmem/model/model.h"

#include "highmem/kernel/primitive.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"

namespace highmem::model {
namespace {

uint16_t Bit(ContextId actor) { return static_cast<uint16_t>(1u << actor); }

ResultKind KindOf(const Event& op_end) {
  return static_cast<ResultKind>(op_end.old_value >> 8 & 0xff);
}

bool IsLocalMap(OpCode code) {
  return code == OpCode::kmap_local_page || code == OpCode::kmap_local_pfn ||
         code == OpCode::kmap_atomic || code == OpCode::kmap_atomic_pfn;
}

bool IsLinearOf(Vaddr start, Pfn page) { return start == lowmem_page_address(pfn_to_page(page)); }

}  // namespace

void Model::Begin(const Trace& trace) {
  trace_ = &trace;
  actors_.Begin(trace);
  pins_.Begin(actors_.count(), machine.profile.pages());
  locals_.Begin(actors_.stacks());
  data_.Begin(trace);
  helpers_.Begin(trace, &data_);
  vmaps_.Begin(trace);
  keys_.Begin(actors_.stacks());
  duties_.Begin(&actors_, &pins_, &locals_, &vmaps_, &keys_);
  pinned_ = arena.Carve<uint16_t>(1);
  owes_fault_ = arena.Carve<uint16_t>(1);
}

Opinion Model::OnEvent(const Event& e) {
  switch (e.kind) {
    case EventKind::bug:
    case EventKind::warn:
    case EventKind::splat: return Diagnosis(e);
    case EventKind::task_switch:
      // Before local maps a CPU has one stack of slots: others now map on top of this task's.
      if (!machine.profile.is_era(Era::kE3Local) && locals_.depth(static_cast<int>(e.obj)) > 0)
        locals_.Lose();
      actors_.TaskSwitch(e);
      return {};
    default: break;
  }
  if (!actors_.Has(e.ctx)) return {};
  const auto actor = static_cast<ActorId>(e.ctx);
  switch (e.kind) {
    case EventKind::op_begin: OpBegin(e); break;
    case EventKind::op_end: return OpEnd(e);
    case EventKind::load:
    case EventKind::store:
    case EventKind::fault: return Access(e);
    case EventKind::key_fault:
    case EventKind::pkey: return Key(e);
    case EventKind::device_load:
    case EventKind::device_store: return Device(e);
    case EventKind::actor_begin:
      if (actors_.IsHandler(actor)) actors_.HandlerBegin(e);
      break;
    case EventKind::actor_end:
      if (actors_.IsHandler(actor)) HandlerEnd(actor);
      break;
    case EventKind::post:
      if (actors_.call(actor).high && InPkmap(actors_.call(actor).address))
        pins_.Post(actor, actors_.call(actor).page);
      break;
    default: break;
  }
  return {};
}

void Model::OpBegin(const Event& e) {
  const auto actor = static_cast<ActorId>(e.ctx);
  actors_.OpBegin(e);
  const Actors::Call& call = actors_.call(actor);
  LocalsBegin(actor, call);
  if (IsHelper(call.code)) helpers_.OpBegin(e, call);
  DmaBegin(call);
  TaintAliases(actor, call);
  keys_.CallBegin(actors_.StackOf(actor), call);
  const bool owes = NeedsKey(call) && keys_.IsOpen(actors_.StackOf(actor)) == Known::no;
  if (owes) *owes_fault_ |= Bit(actor);
  duties_.CallBegin(actor);
  const bool ram = call.code == OpCode::vm_unmap_ram;
  if ((ram || call.code == OpCode::vunmap) && call.page != kNoPfn) {
    if (!vmaps_.Remove(call.address, ram) && ram) vmaps_.Lose();
  }
  if (call.high) PinsBegin(actor, call);
}

void Model::PinsBegin(ActorId actor, const Actors::Call& call) {
  if (MayPin(call)) pins_.KmapBegin(call.page);
  const bool stray = call.address != 0 && !pins_.SurelyPinned(call.page);
  if (GivesPinBack(call) && stray) {
    pins_.StrayUnmapBegin(actor);
    for (int pfn = 0; pfn < machine.profile.pages(); pfn++) {
      data_.Taint(static_cast<uint32_t>(pfn));
      ForgetPinned(static_cast<Pfn>(pfn));
    }
  } else if (GivesPinBack(call)) {
    if (pins_.KunmapBegin(actor, call.page)) data_.Taint(call.page);
    if (!pins_.SurelyPinned(call.page)) ForgetPinned(call.page);
  }
  switch (call.code) {
    case OpCode::kmap_to_page:
      if (PageAlign(call.address) != pins_.address(call.page)) break;
      [[fallthrough]];
    case OpCode::kmap_local_page:
    case OpCode::kmap_atomic:
    case OpCode::kmap_high_get:
    case OpCode::page_address:
      if (pins_.SurelyPinned(call.page)) *pinned_ |= Bit(actor);
      break;
    default: break;
  }
}

// Interrupts come anywhere, a page fault where its task has asked for it.
bool Model::MayBeInASwitch(ActorId actor) const {
  return actors_.IsHandler(actor) && actors_.KindOf(actor) != ActorKind::fault;
}

void Model::LocalsBegin(ActorId actor, const Actors::Call& call) {
  const int stack = actors_.StackOf(actor);
  for (int n = SlotsInside(call); n > 0; n--) locals_.MapBegin(stack);
  if (TakesSlot(call)) locals_.MapBegin(stack);
  // On PREEMPT_RT that takes a pin away; the task may move, and its maps stay where they were.
  const bool unopened = call.code == OpCode::kunmap_atomic && !actors_.InAtomicMap(actor);
  if (machine.profile.preempt_rt != 0 && unopened) locals_.Lose();
  if (!GivesSlotBack(call)) return;
  if (machine.profile.is_era(Era::kE1Slots))
    locals_.SlotUnmapBegin(stack, actor, call.address);
  else
    locals_.UnmapBegin(stack, actor, call.address, MayBeInASwitch(actor));
}

// From now on page_address may miss the page, also where the call is under way.
void Model::ForgetPinned(Pfn page) {
  for (int a = 0; a < actors_.count(); a++)
    if (actors_.call(static_cast<ContextId>(a)).page == page)
      *pinned_ &= static_cast<uint16_t>(~Bit(static_cast<ContextId>(a)));
}

Opinion Model::OpEnd(const Event& e) {
  const auto actor = static_cast<ActorId>(e.ctx);
  const Actors::Call call = actors_.call(actor);
  if (call.code == OpCode::vmap || call.code == OpCode::vm_map_ram) {
    const Opinion vmapped = VmapEnd(e, call);
    duties_.CallEnd(actor);
    actors_.OpEnd(e);
    return vmapped;
  }
  Opinion opinion = IsHelper(call.code) ? helpers_.OpEnd(e, call) : JudgeResult(e, call);
  const bool stray = pins_.InStrayUnmap(actor);
  PinsEnd(e, call);
  if (GivesPinBack(call) && !stray && pins_.Overdrawn(call.page))
    opinion = {FindingId::X2, call.page, 0, 1, call.page};
  const FindingId unpunished = duties_.CallEnd(actor);
  if (unpunished != FindingId::kNone) opinion = {unpunished, call.page, 0, 1, call.page};
  LocalsEnd(e, call);
  const int stack = actors_.StackOf(actor);
  if ((*owes_fault_ & Bit(actor)) != 0 && keys_.IsOpen(stack) == Known::no)
    opinion = {FindingId::S1, call.page, 0, static_cast<int64_t>(KindOf(e)), call.page};
  *owes_fault_ &= static_cast<uint16_t>(~Bit(actor));
  keys_.CallEnd(stack, call);
  actors_.OpEnd(e);
  // Preemption that somebody else needs off is on: a switch may come in the middle of a map.
  const bool closes = call.code == OpCode::preempt_enable || call.code == OpCode::unlock ||
                      call.code == OpCode::kunmap_atomic;
  if (closes && actors_.InAtomic(actor) == Known::unknown) locals_.Lose();
  *pinned_ &= static_cast<uint16_t>(~Bit(actor));
  return opinion;
}

// No fault while the key is open; and its register is written to change it, but by the fault, which
// another one may have preceded. (SPEC J)
Opinion Model::Key(const Event& e) {
  const auto actor = static_cast<ActorId>(e.ctx);
  const Actors::Call& call = actors_.call(actor);
  const int stack = actors_.StackOf(actor);
  const Opinion wrong = {FindingId::S1, call.page, 0, 0, call.page};
  if (e.kind == EventKind::pkey)
    return e.old_value == e.new_value && !NeedsKey(call) && !keys_.MayRepeat(stack, call)
               ? wrong
               : Opinion{};
  if (keys_.IsOpen(stack) == Known::yes) return wrong;
  keys_.Fault(stack);
  *owes_fault_ &= static_cast<uint16_t>(~Bit(actor));
  return {};
}

void Model::PinsEnd(const Event& e, const Actors::Call& call) {
  const auto actor = static_cast<ActorId>(e.ctx);
  if (MayPin(call)) {
    if (call.code == OpCode::kmap || KindOf(e) == ResultKind::pkmap)
      pins_.KmapEnd(static_cast<ActorId>(e.ctx), call.page, e.new_value);
    else
      pins_.KmapGivenUp(call.page);
  }
  if (pins_.InStrayUnmap(actor))
    pins_.StrayUnmapEnd(actor);
  else if (GivesPinBack(call))
    pins_.KunmapEnd(call.page);
  // Which page it is shows only when the map has arrived.
  if (call.code == OpCode::take && data_.Knows(e.aux) && KindOf(e) == ResultKind::pkmap)
    pins_.Take(static_cast<ActorId>(e.ctx), static_cast<Pfn>(e.aux));
}

void Model::LocalsEnd(const Event& e, const Actors::Call& call) {
  const auto actor = static_cast<ActorId>(e.ctx);
  const int stack = actors_.StackOf(actor);
  for (int n = SlotsInside(call); n > 0; n--) locals_.MapGivenUp(stack);
  if (AsksPool(call) && KindOf(e) == ResultKind::pkmap)
    locals_.MapGivenUp(stack);
  else if (TakesSlot(call))
    locals_.MapEnd(stack, actor, call.page, e.new_value);
  // On PREEMPT_RT that takes a pin away; the task may move, and its maps stay where they were.
  const bool unopened = call.code == OpCode::kunmap_atomic && !actors_.InAtomicMap(actor);
  if (machine.profile.preempt_rt != 0 && unopened) locals_.Lose();
  if (!GivesSlotBack(call)) return;
  if (machine.profile.is_era(Era::kE1Slots))
    locals_.SlotUnmapEnd(stack, call.address, NamesItsSlot(call, actors_.CpuOf(actor)));
  else
    locals_.UnmapEnd(stack, call.address);
}

void Model::HandlerEnd(ActorId handler) {
  const bool nmi = actors_.KindOf(handler) == ActorKind::nmi;
  locals_.HandlerEnd(actors_.StackOf(handler), handler, nmi);
  actors_.HandlerEnd(handler);
}

Opinion Model::JudgeResult(const Event& e, const Actors::Call& call) const {
  if (call.code == OpCode::kmap || call.code == OpCode::kmap_high_get ||
      call.code == OpCode::page_address || IsLocalMap(call.code))
    return JudgeAddress(e, call);
  const ResultKind kind = KindOf(e);
  bool right = true;
  if (call.code == OpCode::kmap_to_page) right = PageIsRight(e, call);
  if (call.code == OpCode::is_kmap_addr) right = (e.new_value != 0) == InPkmap(call.address);
  if (call.code == OpCode::get_user) {
    const Known served = actors_.FaultsServed(e.ctx);
    right = served == Known::unknown || (kind == ResultKind::ok) == (served == Known::yes);
  }
  if (right) return {};
  return {FindingId::S1, call.page, 0, static_cast<int64_t>(kind), call.page};
}

// A range of its own, or none at all. (SPEC H.1, H.5)
Opinion Model::VmapEnd(const Event& e, const Actors::Call& call) {
  if (KindOf(e) == ResultKind::null || vmaps_.lost()) return {};
  const bool ram = call.code == OpCode::vm_map_ram;
  if (vmaps_.Add(e.new_value, call.page, static_cast<int>(call.address), ram)) return {};
  return {FindingId::S1, call.page, 0, static_cast<int64_t>(KindOf(e)), call.page};
}

// A low page has its linear address for ever. A high page has a pkmap address if it is kmapped, and
// the same one for as long as it is (SPEC I23); a local map has one of its own.
Opinion Model::JudgeAddress(const Event& e, const Actors::Call& call) const {
  const ResultKind kind = KindOf(e);
  const Opinion wrong = {FindingId::S1, call.page, 0, static_cast<int64_t>(kind), call.page};
  const bool pinned = (*pinned_ & Bit(e.ctx)) != 0;
  if (TakesSlot(call) && kind == ResultKind::fix)
    return AsksPool(call) && pinned ? wrong : Opinion{};
  if (TakesSlot(call) && !AsksPool(call)) return wrong;
  if (!call.high) {
    const bool right = IsLinearOf(e.new_value, call.page);
    return kind == ResultKind::low && right ? Opinion{} : wrong;
  }
  if (call.code == OpCode::kmap) return kind == ResultKind::pkmap ? Opinion{} : wrong;
  if (kind == ResultKind::null) return pinned || AsksPool(call) ? wrong : Opinion{};
  if (kind != ResultKind::pkmap) return wrong;
  return pinned && e.new_value != pins_.address(call.page) ? wrong : Opinion{};
}

// SPEC B.5: of a kmap address the page that is mapped there, as far as somebody can tell; of the
// highest address of the window nothing (quirk Q1), nor of what no map of the task has.
bool Model::PageIsRight(const Event& e, const Actors::Call& call) const {
  const Vaddr start = PageAlign(call.address);
  const int stack = actors_.StackOf(e.ctx);
  if (InPkmap(start)) {
    const bool sure = (*pinned_ & Bit(e.ctx)) != 0 && !data_.Tainted(call.page);
    return !sure || e.new_value == call.page;
  }
  const bool known = InFixKmap(start) && machine.profile.is_era(Era::kE3Local);
  if (!known) return e.new_value == virt_to_pfn(start);
  if (start == machine.fix_kmap_begin && machine.profile.quirk(1)) return e.new_value == kNoPfn;
  const Pfn page = locals_.PageAt(stack, start);
  const bool own = locals_.IsGood(stack, static_cast<ActorId>(e.ctx), page, start);
  const bool sure = !locals_.lost() && (own || locals_.quiet(stack));
  return !sure || e.new_value == page;
}

// Good: it is the page's address, and the page is low, or the actor holds it, or somebody surely
// does. In the valid lane who holds a page need not be asked for the address.
bool Model::PointerIsGood(ActorId actor, const Actors::Call& call) const {
  const Vaddr start = PageAlign(call.address);
  if (locals_.IsGood(actors_.StackOf(actor), actor, call.page, start)) return true;
  if (start == user_address(call.page)) return true;
  if (InVmap(start)) return !vmaps_.lost() && vmaps_.Shows(start, call.page);
  if (!call.high) return IsLinearOf(start, call.page);
  if (InFixKmap(start)) return false;
  const bool current = start == pins_.address(call.page);
  if (pins_.Holds(actor, call.page)) return current || !trace_->misuse;
  return current && pins_.SurelyPinned(call.page);
}

// With a device that writes, what the CPU has written is lost before the device has written
// anything. Misuse may use the page all the while.
void Model::DmaBegin(const Actors::Call& call) {
  if (!IsDma(call.code) || !data_.Knows(call.page)) return;
  if (trace_->misuse) data_.Taint(call.page);
  if (call.code == OpCode::dma_map_from && machine.profile.coherent_dma == 0)
    data_.Forget(call.page);
}

// Two addresses of one page do not agree where a cache is found by address. (SPEC X32)
void Model::TaintAliases(ActorId actor, const Actors::Call& call) {
  if (!trace_->misuse || !machine.profile.cache_is_vivt()) return;
  const bool local = TakesSlot(call);
  if (!local && call.code != OpCode::kmap) return;
  if (!data_.Knows(call.page)) return;
  const bool asks = local && AsksPool(call);
  if ((local && !asks) || locals_.Maps(call.page) ||
      (asks && !locals_.quiet(actors_.StackOf(actor))))
    data_.Taint(call.page);
}

Opinion Model::Device(const Event& e) {
  const auto page = static_cast<Pfn>(e.aux);
  if (!data_.Knows(page) || data_.Tainted(page)) return {};
  if (e.kind == EventKind::device_store) {
    data_.Store(page, e.obj, static_cast<uint8_t>(e.new_value));
    return {};
  }
  if (data_.Forgotten(page, e.obj)) data_.Store(page, e.obj, static_cast<uint8_t>(e.new_value));
  const uint8_t expected = data_.Byte(page, e.obj);
  if (e.new_value == expected) return {};
  const Vaddr bus = kBusBase + (static_cast<uint32_t>(page) << machine.page_shift) + e.obj;
  return {FindingId::D1, bus, expected, e.new_value, page};
}

Opinion Model::Access(const Event& e) {
  const Actors::Call& call = actors_.call(e.ctx);
  if (IsHelper(call.code)) {
    if (locals_.lost() || locals_.SomeAddressIsTainted()) helpers_.GiveUp(e.ctx);
    return helpers_.Access(e, call);
  }
  if (IsDma(call.code) && e.kind == EventKind::fault && !locals_.lost())
    return {FindingId::D2, e.obj, 0, 0, call.page};
  if (call.code != OpCode::load && call.code != OpCode::store) return {};
  const bool judged = data_.Knows(call.page) && !data_.Tainted(call.page) &&
                      PointerIsGood(static_cast<ActorId>(e.ctx), call);
  if (!judged) {
    // What it hit, it hit: the machine's word has to do.
    if (e.kind == EventKind::store) data_.Taint(e.aux);
    return {};
  }
  if (e.kind == EventKind::fault) return {FindingId::D2, e.obj, 0, 0, call.page};
  const uint32_t offset = OffsetInPage(e.obj);
  if (e.kind == EventKind::store) {
    data_.Store(call.page, offset, static_cast<uint8_t>(e.new_value));
    return {};
  }
  if (data_.Forgotten(call.page, offset))
    data_.Store(call.page, offset, static_cast<uint8_t>(e.new_value));
  const uint8_t expected = data_.Byte(call.page, offset);
  if (e.new_value == expected) return {};
  return {FindingId::D1, e.obj, expected, e.new_value, call.page};
}

Opinion Model::Diagnosis(const Event& e) {
  const Pfn page = actors_.Has(e.ctx) ? actors_.call(e.ctx).page : kNoPfn;
  if (!Deserved(e)) return {FindingId::S1, e.obj, 0, 1, page};
  const FindingId missing = duties_.OnDiagnosis(e);
  return missing == FindingId::kNone ? Opinion{} : Opinion{missing, page, 0, 1, page};
}

}  // namespace highmem::model
