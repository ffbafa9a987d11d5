// SPEC I33: a handler that balances its own maps, wherever it enters, changes nothing for the task
// it interrupts. The handler is put before every single micro-step of the task's run in turn.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

#include "highmem/machine/layout.h"
#include "highmem/schedule/replay.h"
#include "properties/programs.h"
#include "properties/verdict_of.h"

namespace highmem::properties {
namespace {

// What the task saw: results of its ops, its own window and pages' bytes at the end.
class TaskView : public EventSink {
 public:
  void Begin(const Executor& /*executor*/) override { seen_.clear(); }
  bool OnStep(const Executor& /*executor*/, std::span<const Event> events) override {
    for (const Event& e : events) {
      if (e.ctx != 0) continue;
      if (e.kind == EventKind::op_end) seen_.push_back({e.obj, e.old_value, e.new_value});
      if (e.kind == EventKind::kmap_idx) seen_.push_back({e.obj, e.old_value, e.new_value});
    }
    return true;
  }
  const std::vector<std::array<uint32_t, 3>>& seen() const { return seen_; }

 private:
  std::vector<std::array<uint32_t, 3>> seen_;
};

// Pages the handler stores to may differ for the task: then there is nothing to compare.
bool HandlerStores(const Trace& trace) {
  const Actor& handler = trace.actors[1];
  for (uint32_t i = 0; i < handler.op_count; i++)
    if (trace.op(1, i).code == OpCode::store) return true;
  return false;
}

// The pool's slots are handed out to whoever comes first.
bool UsesPool(const Trace& trace) {
  return std::ranges::any_of(trace.ops, [](const Op& op) { return op.code == OpCode::kmap; });
}

void Transparent(const char* profile, ActorKind kind) {
  static Executor executor;
  Trace trace = *TaskAndHandler(profile, kind);
  RC_PRE(!HandlerStores(trace) && !UsesPool(trace));
  TaskView alone;
  ReplayChooser replay;
  executor.Load(trace, &alone);
  executor.Run(replay);
  const uint64_t steps = executor.steps();
  RC_ASSERT(executor.status() == RunStatus::done);

  uint32_t entered = 0;
  for (uint32_t step = 0; step < steps; step++) {
    Decision d;
    d.steps = step;
    d.target.actor = 1;
    trace.schedule.decisions = {d};
    TaskView interrupted;
    executor.Load(trace, &interrupted);
    executor.Run(replay);
    entered += actor_state(1).runs_left == 0;
    RC_ASSERT(executor.status() == RunStatus::done);
    RC_ASSERT(interrupted.seen() == alone.seen());
    const Outcome outcome = VerdictOf(executor, trace, Strategy::usual, 0);
    if (!outcome.passed()) RC_FAIL(Falsified(executor, trace, Strategy::usual, 0));
  }
  RC_ASSERT(entered > 0u);
}

RC_GTEST_PROP(Transparency, Hardirq, ()) { Transparent("x86_tiny_smp", ActorKind::irq); }
RC_GTEST_PROP(Transparency, Softirq, ()) { Transparent("x86_tiny_smp", ActorKind::softirq); }
RC_GTEST_PROP(Transparency, Nmi, ()) { Transparent("x86_tiny_debug", ActorKind::nmi); }

}  // namespace
}  // namespace highmem::properties
