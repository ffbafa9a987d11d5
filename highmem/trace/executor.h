// Runs a trace: builds the world, offers what can happen next, makes it happen. Stateless drivers
// use Run with a Chooser; the explorer drives Enabled/Apply and snapshots itself. (DESIGN sections
// 3, 10)
#ifndef HIGHMEM_TRACE_EXECUTOR_H_
#define HIGHMEM_TRACE_EXECUTOR_H_

#include <cstdint>
#include <vector>

#include "highmem/kernel/context.h"
#include "highmem/kernel/task.h"
#include "highmem/machine/arena.h"
#include "highmem/trace/chooser.h"
#include "highmem/trace/event_sink.h"
#include "highmem/trace/program.h"
#include "highmem/trace/trace.h"

namespace highmem {

enum class RunStatus : uint8_t {
  running,
  done,        // every task's program has ended
  bug,         // the simulated kernel hit BUG
  stopped,     // a sink said so: a finding
  stuck,       // nothing that counts as progress is enabled, and not done
  step_bound,  // 64 x ops x CPUs + 4096 micro-steps (DESIGN section 4)
};

class Executor {
 public:
  // The trace must outlive the run and have passed CheckTrace. `sink` may be null. Resets the
  // world: every CPU idle, every task runnable, no op begun. May be called again and again.
  void Load(const Trace& trace, EventSink* sink);

  // SaveStart right after Load, then Rewind brings that state back, much cheaper than loading
  // again.
  void SaveStart();
  void Rewind();

  // What can happen next, fills and evictions left out. Kept up to date, not computed here.
  MoveMask Enabled() const { return enabled_; }
  // Virtual pages (below 64) the CPU could fill, or evict, now. 0 where the profile has no such
  // choice.
  uint64_t Fillable(CpuId cpu) const;
  uint64_t Evictable(CpuId cpu) const;
  // Cache lines (below 64) the CPU could write back and drop now.
  uint64_t Droppable(CpuId cpu) const;
  // CPUs this task could be moved to now, as a mask.
  uint32_t MigratableTo(TaskId t) const;
  bool IsEnabled(const Move& move) const;
  // Number of ways the move can go (Chooser::NextValue).
  uint32_t ChoicesOf(const Move& move) const;
  // The context that a run move of this CPU resumes.
  const Context& RunContext(CpuId cpu) const { return TopContext(machine.cpus[cpu].curr); }
  // True if the run move claims to touch only what no other CPU can see now (its own CPU's state,
  // or cells guarded by the lock it holds), and nothing else can happen on that CPU now: then every
  // order of this move and those of other CPUs leads to the same state.
  bool Invisible(CpuId cpu, MoveMask enabled) const;
  // After Apply: the code run by it touched state that other CPUs can see.
  bool TouchedShared() const { return touched_shared_; }
  // Since Load: some step touched a guarded cell without its lock, so that claims about steps under
  // that lock are void. From then on Invisible makes none.
  bool GuardBroken() const { return guard_broken_; }
  void TrustGuards(bool trust) { trust_guards_ = trust; }

  // Makes one enabled move: one micro-step. Drains the events into the sink.
  void Apply(const Move& move, uint32_t value = 0);

  // Turns status `running` into `stuck` if nothing that counts as progress is enabled.
  void MarkIfStuck();

  // Chooses and applies until the run is over.
  RunStatus Run(Chooser& chooser);

  RunStatus status() const { return at_.status; }
  uint64_t steps() const { return at_.steps; }
  const Trace& trace() const { return *trace_; }

  // Task number of a task actor and back. kNoActor for an idle task.
  TaskId TaskOf(ActorId actor) const { return task_of_[actor]; }
  ActorId ActorOf(TaskId t) const { return t < task_count() ? actor_of_[t] : kNoActor; }

  // A condition of the trace, now. CH, GF and SW count from the start of the run.
  int32_t Evaluate(const Cond& cond) const { return EvaluateQuantity(*trace_, cond, at_.counters); }
  bool Holds(const Cond& cond) const { return Compares(Evaluate(cond), cond.compare, cond.value); }

  // What a snapshot of the arena leaves out: numbers that grow for ever and identify nothing.
  struct Position {
    uint64_t steps = 0;
    RunStatus status = RunStatus::running;
    int live_tasks = 0;
    RunCounters counters;
  };
  const Position& position() const { return at_; }
  // Goes with Arena::Restore, after it.
  void set_position(const Position& p) {
    at_ = p;
    RefreshAll();
  }

 private:
  void StartStacks();
  void BeginStep(ContextId ctx, CpuId cpu);
  void RunCpu(CpuId cpu, uint32_t value);
  void EnterIpi(CpuId cpu);
  void EnterHandler(ActorId handler);
  void EnterFault(TaskId t);
  void Preempt(TaskId next);
  void FinishRoot(TaskId task);
  void EndStep(CpuId cpu);
  MoveMask HandlersThatMayEnter(CpuId cpu) const;
  void RefreshCpu(CpuId cpu);
  void RefreshAll();
  bool InterruptRuns() const;
  bool Progress() const;
  void NoteTouched(TaskId t);
  bool ClosesOpenWindow(PrimKind kind, CpuId cpu) const;
  ContextId TaskContextId(TaskId t) const;

  const Trace* trace_ = nullptr;
  EventSink* sink_ = nullptr;
  Position at_;
  MoveMask enabled_ = 0;
  bool others_stale_ = false;                // the step may have changed what other CPUs can do
  MoveMask moves_of_cpu_[kMaxCpus] = {};     // enabled or not
  MoveMask handlers_of_cpu_[kMaxCpus] = {};  // those among them that are interrupts
  MoveMask handlers_of_kind_[static_cast<size_t>(ActorKind::fault) + 1] = {};
  bool hotplug_ = false;  // some op takes a CPU down
  bool touched_shared_ = false;
  bool guard_broken_ = false;
  bool trust_guards_ = true;
  uint64_t step_bound_ = 0;
  TaskId task_of_[kMaxActors] = {};
  ActorId actor_of_[kMaxTasks] = {};
  std::vector<ActorId> handlers_;
  Arena::Snapshot start_;
  Position start_position_;
};

}  // namespace highmem

#endif  // HIGHMEM_TRACE_EXECUTOR_H_
