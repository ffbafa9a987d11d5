#include "highmem/check/pkmap_order.h"

#include "highmem/kernel/context.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/cpu.h"
#include "highmem/machine/layout.h"
#include "highmem/trace/helper_op.h"

namespace highmem {

void PkmapOrderCheck::Begin(const Ledger* ledger, Reporter* reporter) {
  ledger_ = ledger;
  reporter_ = reporter;
  pool_ = pkmap_view();
  searches_ = arena.Carve<Search>(ledger->actor_count());
  parked_ = arena.Carve<uint16_t>(1);
}

void PkmapOrderCheck::OnEvent(const Event& e) {
  if (e.kind == EventKind::pkmap_count)
    *parked_ = static_cast<uint16_t>(*parked_ + (e.new_value == 1) - (e.old_value == 1));
  if (pool_ == nullptr || !ledger_->IsActor(e.ctx)) return;
  Search& search = searches_[e.ctx];
  switch (e.kind) {
    case EventKind::op_begin:
    case EventKind::attempt: search = {}; break;
    case EventKind::op_end:
      if (ledger_->In(e.ctx, OpCode::kmap_flush_unused) && search.swept == 0 &&
          machine.profile.has_highmem())
        reporter_->Report(e, {FindingId::I19, Role::none, 0, 1, 0, kNoPfn});
      search = {};
      break;
    case EventKind::pkmap_cursor: OnCursor(e, &search); break;
    case EventKind::pkmap_count: OnCount(e, search); break;
    case EventKind::sweep_begin:
      if (!Flushes(e.ctx) && search.at_zero == 0)
        reporter_->Report(e, {FindingId::I11, Role::none, 0, 0, 1, kNoPfn});
      search.at_zero = search.hooks = search.flushes = 0;
      search.in_sweep = 1;
      break;
    case EventKind::sweep_end: OnSweepEnd(e, &search); break;
    case EventKind::flush_cache_kmaps: search.hooks++; break;
    case EventKind::tlb_global_begin: OnFlush(e, &search); break;
    default: break;
  }
}

bool PkmapOrderCheck::Flushes(ContextId ctx) const {
  return ledger_->In(ctx, OpCode::kmap_flush_unused) ||
         ledger_->In(ctx, OpCode::decrease_reservation);
}

void PkmapOrderCheck::OnCursor(const Event& e, Search* search) {
  const auto before = static_cast<int>(e.old_value);
  const auto colour = static_cast<int>(e.obj);
  const int next = (before + machine.profile.colours) & (machine.profile.last_pkmap - 1);
  const bool passed_over = search->moved != 0 && pool_->count(before + colour) == 0;
  const int expected = passed_over ? before : next;
  if (static_cast<int>(e.new_value) != expected)
    reporter_->Report(e, {FindingId::I8, Role::slot, static_cast<uint32_t>(expected), expected,
                          e.new_value, kNoPfn});
  search->moved = 1;
  search->swept = 0;
  search->at_zero = e.new_value == 0;
}

void PkmapOrderCheck::OnCount(const Event& e, const Search& search) {
  const bool handed_out = e.old_value == 0 && e.new_value == 1;
  if (!handed_out) return;
  const int colour = static_cast<int>(e.obj) & (machine.profile.colours - 1);
  const int at = pool_->cursor(colour) + colour;
  if (static_cast<int>(e.obj) != at)
    reporter_->Report(e, {FindingId::I8, Role::slot, e.obj, at, e.obj, kNoPfn});
  if (static_cast<int>(e.obj) < machine.profile.colours && search.swept == 0)
    reporter_->Report(e, {FindingId::I9, Role::slot, e.obj, 1, 0, kNoPfn});
}

void PkmapOrderCheck::OnSweepEnd(const Event& e, Search* search) {
  search->in_sweep = 0;
  search->swept = 1;
  const int owed = e.obj != 0 ? 1 : 0;
  if (search->flushes > owed || search->hooks != 1)
    reporter_->Report(e, {FindingId::I10, Role::none, 0, owed, search->flushes, kNoPfn});
  for (int slot = 0; *parked_ != 0 && slot < machine.profile.last_pkmap; slot++)
    if (pool_->count(slot) == 1)
      reporter_->Report(e, {FindingId::I19, Role::slot, static_cast<uint32_t>(slot), 0, 1, kNoPfn});
}

// Where there is no other flush a change of the window is one of everything: in a call that maps or
// unmaps there, or in a switch, whose task has maps.
bool PkmapOrderCheck::MayFlushAll(const Event& e) const {
  if (machine.profile.local_flush_all == 0) return false;
  const OpCode code = ledger_->actor(e.ctx).code;
  if (code != OpCode::kCount && code != OpCode::kmap) {
    const bool unmaps = code == OpCode::kunmap_local || code == OpCode::kunmap_atomic;
    if (Info(code).makes == Makes::map || unmaps || IsHelper(code) || IsDma(code)) return true;
  }
  const KmapCtrlView* ctrl = kmap_ctrl_view();
  const bool switches = machine.cpus[e.cpu].next_plus_1 != 0 || InPreemption(e.cpu);
  return switches || (ctrl != nullptr && ctrl->idx(machine.cpus[e.cpu].curr) > 0);
}

void PkmapOrderCheck::OnFlush(const Event& e, Search* search) {
  if (e.obj >= static_cast<uint32_t>(machine.profile.last_pkmap)) return;
  const bool by_kmap = machine.profile.kmap_flush_tlb != 0 && search->in_sweep == 0 &&
                       ledger_->In(e.ctx, OpCode::kmap) && e.old_value <= e.obj + 1;
  const bool by_map = search->in_sweep == 0 && e.old_value == e.obj && MayFlushAll(e);
  if (by_kmap || by_map) return;
  search->flushes++;
  if (search->in_sweep == 0) reporter_->Report(e, {FindingId::I10, Role::none, 0, 0, 1, kNoPfn});
}

}  // namespace highmem
