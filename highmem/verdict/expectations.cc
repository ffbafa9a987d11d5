#include "highmem/verdict/expectations.h"

#include <algorithm>

#include "highmem/check/ledger.h"
#include "highmem/kmap/introspect.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

void Add(uint8_t* counter, uint32_t n) {
  *counter = static_cast<uint8_t>(std::min<uint32_t>(*counter + n, 0xff));
}

// pkmap count of the page's slot, 0 if it has none.
int64_t CountOf(Pfn page) {
  const PkmapView* pool = pkmap_view();
  const PageAddressView* records = page_address_view();
  if (pool == nullptr || records == nullptr || HighPage(page) == kNoPfn) return 0;
  const int slot = records->slot_of(pfn_to_page(page));
  return slot < 0 ? 0 : pool->count(slot);
}

}  // namespace

void Expectations::Begin(const Executor& executor, Reporter* reporter) {
  executor_ = &executor;
  reporter_ = reporter;
  actor_count_ = static_cast<int>(executor.trace().actors.size());
  tallies_ = arena.Carve<Tally>(actor_count_);
  op_plus_1_ = arena.Carve<uint16_t>(actor_count_);
}

void Expectations::OnStep(std::span<const Event> events) {
  for (const Event& event : events)
    if (event.ctx < actor_count_) OnEvent(event);
}

// Nothing is counted that the op does not expect: equal states stay equal, however often a task was
// preempted on the way.
void Expectations::OnEvent(const Event& e) {
  const bool marks = e.kind == EventKind::op_begin || e.kind == EventKind::op_end;
  if (!marks && op_plus_1_[e.ctx] == 0) return;
  Tally& tally = tallies_[e.ctx];
  const auto count = [&tally](ExpectKind kind, uint8_t* counter, uint32_t n) {
    if ((tally.wanted >> static_cast<int>(kind) & 1) != 0) Add(counter, n);
  };
  switch (e.kind) {
    case EventKind::op_begin:
      tally.wanted = Wanted(e.ctx, e.obj);
      if (tally.wanted == 0) break;
      tally.page = static_cast<Pfn>(e.new_value);
      op_plus_1_[e.ctx] = static_cast<uint16_t>(e.obj + 1);
      break;
    case EventKind::sweep_begin: count(ExpectKind::sweeps, &tally.sweeps, 1); break;
    case EventKind::tlb_global_begin: count(ExpectKind::flushes, &tally.flushes, 1); break;
    case EventKind::flush_cache_kmaps: count(ExpectKind::hooks, &tally.hooks, 1); break;
    case EventKind::wake: count(ExpectKind::wakes, &tally.wakes, e.new_value); break;
    case EventKind::sleep: tally.slept = 1; break;
    case EventKind::sched_out: count(ExpectKind::outs, &tally.outs, 1); break;
    case EventKind::sched_in: count(ExpectKind::ins, &tally.ins, 1); break;
    case EventKind::tlb_flush_local: OnLocalFlush(e, &tally); break;
    case EventKind::warn: tally.warn_plus_1 = static_cast<uint8_t>(e.obj + 1); break;
    case EventKind::splat: tally.splat_plus_1 = static_cast<uint8_t>(e.obj + 1); break;
    case EventKind::bug:
      tally.bug_plus_1 = static_cast<uint8_t>(e.obj + 1);
      if (op_plus_1_[e.ctx] != 0)
        JudgeOp(e, op_plus_1_[e.ctx] - 1u, {false, ResultKind::ok, 0, machine.cpus[e.cpu].curr});
      break;
    case EventKind::op_end: {
      const bool of_trace = e.obj < executor_->trace().actors[e.ctx].op_count &&
                            executor_->trace().op(e.ctx, e.obj).code == CodeOf(e);
      if (of_trace) JudgeOp(e, e.obj, {true, ResultOf(e), e.new_value, machine.cpus[e.cpu].curr});
      tally = {};
      op_plus_1_[e.ctx] = 0;
      break;
    }
    default: break;
  }
}

uint32_t Expectations::Wanted(ContextId actor, uint32_t op_index) const {
  const Trace& trace = executor_->trace();
  if (op_index >= trace.actors[actor].op_count) return 0;
  const Op& op = trace.op(actor, op_index);
  uint32_t mask = 0;
  for (uint32_t i = 0; i < op.expect_count; i++)
    mask |= 1u << static_cast<int>(trace.expects[op.expect_first + i].kind);
  return mask;
}

void Expectations::OnLocalFlush(const Event& e, Tally* tally) const {
  const auto window = static_cast<uint32_t>(machine.profile.last_pkmap);
  constexpr uint32_t kFlushes = 1u << static_cast<int>(ExpectKind::local_flushes) |
                                1u << static_cast<int>(ExpectKind::invlpg);
  if ((tally->wanted & kFlushes) == 0) return;
  if (WindowIndexOf(e.obj) < 0 || e.old_value != e.obj + 1) return;
  const int slot = SlotOfIndex(static_cast<int>(e.obj - window));
  if (tally->flushed < Tally::kMaxFlushes)
    tally->flush[tally->flushed] = static_cast<uint8_t>(slot);
  Add(&tally->flushed, 1);
}

void Expectations::JudgeOp(const Event& e, uint32_t op_index, const End& end) {
  const Trace& trace = executor_->trace();
  if (op_index >= trace.actors[e.ctx].op_count) return;
  const Op& op = trace.op(e.ctx, op_index);
  if (op.code == OpCode::check && end.has_result && end.value == 0)
    reporter_->Report(e, {FindingId::CHECK, Role::none, static_cast<uint32_t>(op.value), 1,
                          executor_->Evaluate(trace.conds[op.value]), kNoPfn});
  const uint32_t behind = op.expect_first + op.expect_count;
  const Tally& tally = tallies_[e.ctx];
  int flushes = 0;  // that expectations have asked for so far
  for (uint32_t i = op.expect_first; i < behind;) {
    const uint32_t first = i;
    bool met = false;
    int64_t measured = 0;  // by the first of the alternatives
    do {
      int64_t actual = 0;
      if (trace.expects[i].kind == ExpectKind::invlpg)
        met |= FlushIs(trace.expects[i], tally, flushes, &actual);
      else
        met |= Met(trace.expects[i], tally, end, &actual);
      if (i == first) measured = actual;
      i++;
    } while (i < behind && trace.expects[i].alternative);
    flushes += trace.expects[first].kind == ExpectKind::invlpg;
    if (!met)
      reporter_->Report(
          e, {FindingId::CHECK, Role::none, first, trace.expects[first].value, measured, kNoPfn});
  }
}

bool Expectations::FlushIs(const Expect& expect, const Tally& tally, int nth, int64_t* actual) {
  *actual = nth < tally.flushed && nth < Tally::kMaxFlushes ? tally.flush[nth] : -1;
  return *actual == expect.value;
}

bool Expectations::Met(const Expect& expect, const Tally& tally, const End& end,
                       int64_t* actual) const {
  switch (expect.kind) {
    case ExpectKind::count: *actual = CountOf(tally.page); break;
    case ExpectKind::cursor: *actual = pkmap_view() == nullptr ? 0 : pkmap_view()->cursor(0); break;
    case ExpectKind::sweeps: *actual = tally.sweeps; break;
    case ExpectKind::flushes: *actual = tally.flushes; break;
    case ExpectKind::hooks: *actual = tally.hooks; break;
    case ExpectKind::wakes: *actual = tally.wakes; break;
    case ExpectKind::local_flushes: *actual = tally.flushed; break;
    case ExpectKind::outs: *actual = tally.outs; break;
    case ExpectKind::ins: *actual = tally.ins; break;
    case ExpectKind::idx: *actual = IndexOfMaps(end.task); break;
    case ExpectKind::mig: *actual = task(end.task).migration_disabled; break;
    case ExpectKind::blocks: return tally.slept != 0;
    case ExpectKind::bug: *actual = tally.bug_plus_1 - 1; break;
    case ExpectKind::warn: *actual = tally.warn_plus_1 - 1; break;
    case ExpectKind::splat: *actual = tally.splat_plus_1 - 1; break;
    case ExpectKind::quiet: return tally.warn_plus_1 == 0;
    case ExpectKind::hang: return false;
    default: return ResultIs(expect, end, actual);
  }
  return *actual == expect.value;
}

bool Expectations::ResultIs(const Expect& expect, const End& end, int64_t* actual) const {
  *actual = end.value;
  if (end.kind == ResultKind::pkmap) *actual = PKMAP_NR(end.value);
  if (end.kind == ResultKind::fix) *actual = SlotOfIndex(FixKmapIndex(end.value));
  if (!end.has_result) return false;
  switch (expect.kind) {
    case ExpectKind::pkmap: return end.kind == ResultKind::pkmap && *actual == expect.value;
    case ExpectKind::fix: return end.kind == ResultKind::fix && *actual == expect.value;
    case ExpectKind::page:
      return end.kind == ResultKind::page && end.value == PfnOf(executor_->trace(), expect.value);
    case ExpectKind::garbage: return end.kind == ResultKind::page && end.value == kNoPfn;
    case ExpectKind::low: return end.kind == ResultKind::low;
    case ExpectKind::null: return end.kind == ResultKind::null;
    case ExpectKind::ok: return end.kind == ResultKind::ok;
    case ExpectKind::byte: return end.kind == ResultKind::byte && *actual == expect.value;
    case ExpectKind::fault: return end.kind == ResultKind::fault;
    default: return false;
  }
}

void Expectations::Finish() {
  const RunStatus status = executor_->status();
  if (status != RunStatus::done && status != RunStatus::bug) return;
  const Trace& trace = executor_->trace();
  Event last{};
  last.step = static_cast<uint32_t>(executor_->steps());
  last.ctx = kContextHw;
  last.kind = EventKind::actor_end;
  for (size_t i = 0; i < trace.verdicts.size(); i++) {
    const VerdictDecl& verdict = trace.verdicts[i];
    if (verdict.kind != VerdictKind::final_cond || executor_->Holds(verdict.cond)) continue;
    reporter_->Report(last, {FindingId::CHECK, Role::none, static_cast<uint32_t>(i), 1,
                             executor_->Evaluate(verdict.cond), kNoPfn});
  }
}

}  // namespace highmem
