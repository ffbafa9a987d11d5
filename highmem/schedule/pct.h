// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized
// Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010).
//
// Every context has a random priority, and the enabled one of highest priority runs. At depth - 1
// random steps, the priority change points, whoever would go next falls below everybody else. A
// bug that needs `depth` ordered pairs of steps is found with probability at least
// 1 / (n * k^(depth - 1)) an execution, n contexts and k steps. In words: few switches, anywhere.
//
// Contexts are the tasks, every single run of a device handler, every IPI, and the idle loops.
//   Interrupts  Each run draws its priority anew, when the one before it has entered. With one of
//               their own, a handler above all tasks would use up all its runs at the first step,
//               and one below them would never interrupt anybody.
//   Preemption  The move "switch to T" has T's priority, none of its own, and is considered only
//               when a change point has lowered the running task: a woken task waits for the CPU
//               otherwise. Preemption is enabled nearly everywhere. As moves like any other two
//               tasks would preempt each other for ever; and if every wake-up of a better task
//               preempted, no waker would ever go on, which is what lost and late wake-ups need.
//   Switching   A CPU that leaves a task (idle loop, preemption, sleep, end) works for the best
//               task that could come next, and has its priority.
//   take        A task that has nothing to take counts as blocked, though it could be picked.
//   Hardware    A fill or an eviction takes nobody's turn: one step in 32 is one, where the profile
//               has them. They are no contexts and their steps are not counted.
#ifndef HIGHMEM_SCHEDULE_PCT_H_
#define HIGHMEM_SCHEDULE_PCT_H_

#include <array>
#include <cstdint>

#include "highmem/machine/event.h"
#include "highmem/schedule/seed.h"
#include "highmem/trace/chooser.h"
#include "highmem/trace/executor.h"

namespace highmem {

class PctChooser : public Chooser {
 public:
  static constexpr int kMaxDepth = 8;

  // depth: 1 (no change point) .. kMaxDepth. steps: k > 0; a change point behind the end of an
  // execution is lost, so k is best an upper bound, and close. Executions of one chooser differ,
  // and follow from the seed and their number.
  PctChooser(uint64_t seed, int depth, uint32_t steps)
      : numbers_(seed), depth_(depth), steps_(steps) {}
  void Begin(const Executor& executor) override;
  Move NextMove(const Executor& executor, MoveMask enabled) override;
  uint32_t NextValue(const Executor& executor, const Move& move, uint32_t n) override;

 private:
  // Who has a priority: actors that run, actors that wait to interrupt, then by CPU.
  static constexpr int kWaiting = kMaxActors;
  static constexpr int kIpi = 2 * kMaxActors;
  static constexpr int kWaitingIpi = kIpi + kMaxCpus;
  static constexpr int kIdle = kWaitingIpi + kMaxCpus;
  static constexpr int kHolders = kIdle + kMaxCpus;

  uint64_t Draw() { return numbers_.Next() | uint64_t{1} << 63; }
  bool MayPreempt(TaskId t) const;
  int BestTask(const Executor& executor, CpuId cpu) const;
  int HolderOfRun(const Executor& executor, CpuId cpu) const;
  int HolderOf(const Executor& executor, const Move& move) const;
  Move Best(const Executor& executor, MoveMask enabled) const;
  void Lower(const Executor& executor, const Move& move, uint64_t priority);
  void Enters(int waiting, int running);

  SeededNumbers numbers_;
  int depth_;
  uint32_t steps_;
  uint32_t step_ = 0;                               // made, hardware left out
  std::array<uint64_t, kHolders> priority_ = {};    // drawn ones are above lowered ones
  std::array<uint32_t, kMaxDepth> change_at_ = {};  // i < depth - 1: lowers to i + 1
  std::array<bool, kMaxCpus> lowered_ = {};         // the current task, since it was picked
};

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_PCT_H_
