#include "highmem/model/model.h"

#include "highmem/kernel/primitive.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"

namespace highmem::model {
namespace {

uint16_t Bit(ContextId actor) { return static_cast<uint16_t>(1u << actor); }

}  // namespace

void Model::Begin(const Trace& trace) {
  trace_ = &trace;
  actors_.Begin(trace);
  pins_.Begin(actors_.count(), machine.profile.pages());
  locals_.Begin(actors_.count());
  data_.Begin(trace);
  pinned_ = arena.Carve<uint16_t>(1);
}

Opinion Model::OnEvent(const Event& e) {
  const bool diagnosis =
      e.kind == EventKind::bug || e.kind == EventKind::warn || e.kind == EventKind::splat;
  if (diagnosis) return Diagnosis(e);
  if (!actors_.Has(e.ctx)) return {};
  switch (e.kind) {
    case EventKind::op_begin: OpBegin(e); break;
    case EventKind::op_end: return OpEnd(e);
    case EventKind::load:
    case EventKind::store:
    case EventKind::fault: return Access(e);
    case EventKind::actor_end:
      if (!actors_.IsHandler(e.ctx)) break;
      actors_.HandlerEnd(e.ctx);
      locals_.Clear(e.ctx);
      break;
    case EventKind::post:
      if (actors_.call(e.ctx).high) pins_.Post(e.ctx, actors_.call(e.ctx).page);
      break;
    default: break;
  }
  return {};
}

void Model::OpBegin(const Event& e) {
  actors_.OpBegin(e);
  const Actors::Call& call = actors_.call(e.ctx);
  if (UnmapsLocally(call.code) && !locals_.Unmap(e.ctx, call.code, call.address)) locals_.Derail();
  if (!call.high) return;
  switch (call.code) {
    case OpCode::kmap: pins_.KmapBegin(call.page); break;
    case OpCode::kunmap:
      if (pins_.KunmapBegin(e.ctx, call.page)) data_.Taint(call.page);
      if (!pins_.SurelyPinned(call.page)) ForgetPinned(call.page);
      break;
    case OpCode::page_address:
      if (pins_.SurelyPinned(call.page)) *pinned_ |= Bit(e.ctx);
      break;
    default: break;
  }
}

// From now on page_address may miss the page, also where the call is under way.
void Model::ForgetPinned(Pfn page) {
  for (int a = 0; a < actors_.count(); a++)
    if (actors_.call(static_cast<ContextId>(a)).page == page)
      *pinned_ &= static_cast<uint16_t>(~Bit(static_cast<ContextId>(a)));
}

Opinion Model::OpEnd(const Event& e) {
  const Actors::Call call = actors_.call(e.ctx);
  actors_.OpEnd(e);
  Opinion opinion;
  switch (call.code) {
    case OpCode::kmap:
      opinion = JudgeAddress(e, call);
      if (call.high) pins_.KmapEnd(e.ctx, call.page, e.new_value);
      break;
    case OpCode::page_address: opinion = JudgeAddress(e, call); break;
    case OpCode::kmap_local_page:
    case OpCode::kmap_local_pfn:
    case OpCode::kmap_atomic:
    case OpCode::kmap_atomic_pfn:
      opinion = JudgeLocalAddress(e, call);
      locals_.Map(e.ctx, call.code, call.page, e.new_value);
      break;
    case OpCode::kmap_to_page: opinion = JudgePage(e, call); break;
    case OpCode::take:
      // Which page it is shows only when the map has arrived.
      if (data_.Knows(e.aux) && static_cast<int>(e.aux) >= machine.profile.low_pages)
        pins_.Take(e.ctx, static_cast<Pfn>(e.aux));
      break;
    case OpCode::kunmap:
      if (!call.high) break;
      pins_.KunmapEnd(call.page);
      if (pins_.Overdrawn(call.page)) opinion = {FindingId::X2, call.page, 0, 1, call.page};
      break;
    default: break;
  }
  *pinned_ &= static_cast<uint16_t>(~Bit(e.ctx));
  return opinion;
}

// A low page has its linear address for ever. A high page has a pkmap address if it is mapped, and
// the same one for as long as it is. (SPEC I23)
Opinion Model::JudgeAddress(const Event& e, const Actors::Call& call) const {
  const auto kind = static_cast<ResultKind>(e.old_value >> 8 & 0xff);
  const Opinion wrong = {FindingId::S1, call.page, 0, static_cast<int64_t>(kind), call.page};
  if (!call.high) {
    const bool right = e.new_value == lowmem_page_address(pfn_to_page(call.page));
    return kind == ResultKind::low && right ? Opinion{} : wrong;
  }
  if (call.code == OpCode::kmap) return kind == ResultKind::pkmap ? Opinion{} : wrong;
  const bool pinned = (*pinned_ & Bit(e.ctx)) != 0;
  if (kind == ResultKind::null) return pinned ? wrong : Opinion{};
  if (kind != ResultKind::pkmap) return wrong;
  return pinned && e.new_value != pins_.address(call.page) ? wrong : Opinion{};
}

// A page that takes a slot gets an address in the window, any other its linear one.
Opinion Model::JudgeLocalAddress(const Event& e, const Actors::Call& call) const {
  const auto kind = static_cast<ResultKind>(e.old_value >> 8 & 0xff);
  const bool by_frame = call.code == OpCode::kmap_local_pfn || call.code == OpCode::kmap_atomic_pfn;
  const bool slot = call.high || by_frame || machine.profile.force_map != 0;
  const bool right =
      slot ? kind == ResultKind::fix : e.new_value == lowmem_page_address(pfn_to_page(call.page));
  if (right) return {};
  return {FindingId::S1, call.page, 0, static_cast<int64_t>(kind), call.page};
}

// The page the address was issued for. Quirk Q1: the highest page of the window is not recognised.
Opinion Model::JudgePage(const Event& e, const Actors::Call& call) const {
  const bool own = locals_.Holds(e.ctx, call.page, call.address) || PointerIsGood(e.ctx, call);
  if (!own || locals_.OffTheRails()) return {};
  const bool q1 = PageAlign(call.address) == kFixKmapBegin;
  const Pfn right = q1 ? virt_to_pfn(PageAlign(call.address)) : call.page;
  if (e.new_value == right) return {};
  return {FindingId::S1, call.page, right, e.new_value, call.page};
}

// Good: it is the page's address, and the page is low, or the actor holds it, or somebody surely
// does. In the valid lane who holds a page need not be asked for the address.
bool Model::PointerIsGood(ContextId actor, const Actors::Call& call) const {
  if (locals_.Holds(actor, call.page, call.address)) return !locals_.OffTheRails();
  const Vaddr start = PageAlign(call.address);
  if (!call.high) return start == lowmem_page_address(pfn_to_page(call.page));
  const bool current = start == pins_.address(call.page);
  if (pins_.Holds(actor, call.page)) return current || !trace_->misuse;
  return current && pins_.SurelyPinned(call.page);
}

Opinion Model::Access(const Event& e) {
  const Actors::Call& call = actors_.call(e.ctx);
  if (call.code != OpCode::load && call.code != OpCode::store) return {};
  const bool judged =
      data_.Knows(call.page) && !data_.Tainted(call.page) && PointerIsGood(e.ctx, call);
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
  const uint8_t expected = data_.Byte(call.page, offset);
  if (e.new_value == expected) return {};
  return {FindingId::D1, e.obj, expected, e.new_value, call.page};
}

Opinion Model::Diagnosis(const Event& e) const {
  if (Deserved(e)) return {};
  const Pfn page = actors_.Has(e.ctx) ? actors_.call(e.ctx).page : kNoPfn;
  return {FindingId::S1, e.obj, 0, 1, page};
}

bool Model::Deserved(const Event& e) const {
  if (!actors_.Has(e.ctx)) return false;
  const Actors::Call& call = actors_.call(e.ctx);
  switch (static_cast<Site>(e.obj)) {
    case Site::kunmap_high_vaddr:
    case Site::kunmap_high_count:
      return call.code == OpCode::kunmap && call.high && pins_.MayBeUnpinned(call.page);
    case Site::kmap_might_sleep: return call.code == OpCode::kmap && !actors_.MaySleep(e.ctx);
    case Site::kunmap_might_sleep: return call.code == OpCode::kunmap && !actors_.MaySleep(e.ctx);
    case Site::scheduling_while_atomic:
      return (call.code == OpCode::kmap || call.code == OpCode::yield) && !actors_.MaySleep(e.ctx);
    case Site::smp_call_irqs_off:
      return (call.code == OpCode::kmap || call.code == OpCode::kmap_flush_unused) &&
             !actors_.InterruptsOn(e.ctx);
    default: return DeservedLocally(e, call);
  }
}

// Diagnoses of local maps. Where a caller has gone wrong before, what it gets is its own doing.
bool Model::DeservedLocally(const Event& e, const Actors::Call& call) const {
  switch (static_cast<Site>(e.obj)) {
    case Site::kmap_to_page_pkmap:
      return call.code == OpCode::kmap_to_page && InPkmap(call.address);
    case Site::kmap_to_page_local:
      return call.code == OpCode::kmap_to_page && InFixKmap(call.address);
    case Site::kmap_local_fork_idx:
      return call.code == OpCode::fork && (locals_.Real(e.ctx) > 0 || locals_.OffTheRails());
    case Site::kmap_assert_nomap:
      return call.code == OpCode::exit_to_user &&
             (locals_.Real(e.ctx) > 0 || locals_.OffTheRails());
    case Site::kunmap_local_not_top:
    case Site::kmap_local_idx_pop_depth:
    case Site::kunmap_local_force_map:
    case Site::kunmap_local_below_page_offset:
    case Site::migrate_enable_zero: return UnmapsLocally(call.code) && locals_.OffTheRails();
    case Site::kmap_local_idx_push_depth: return MapsLocally(call.code) && trace_->misuse;
    case Site::kmap_local_pfn_prot_pte: return MapsLocally(call.code) && locals_.OffTheRails();
    case Site::kmap_local_idx_push_hardirq:
      return MapsLocally(call.code) && actors_.IsHandler(e.ctx) && trace_->misuse;
    case Site::set_page_address_low: return call.code == OpCode::set_page_address && !call.high;
    case Site::kmap_local_sched_out_guard:
    case Site::kmap_local_sched_out_none:
    case Site::kmap_local_sched_in_guard:
    case Site::kmap_local_sched_in_none: return locals_.OffTheRails();
    default: return false;
  }
}

}  // namespace highmem::model
