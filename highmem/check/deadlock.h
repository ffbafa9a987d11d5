// Nobody waits in a circle. (SPEC C.9, X5, X8; DESIGN section 4, L1; contract)
//
// Looked for whenever a context becomes blocked or a task ends. Who can go on is the least fixed
// point of these rules; whoever is left outside waits for ever.
// - A CPU goes on if what it runs is not blocked, or is about to be pushed off a dying CPU; or
//   waits for a lock whose owner can go on, or, on top of a task that has ended, whose owner's CPU
//   does; or for answers to an IPI, and every CPU still asked has interrupts on or goes on itself;
//   or for a map from a task that can go on and has a post before it; or for another CPU to go
//   offline, and everybody pinned there can go on; or for its turn, and the dying CPU will go.
// - A runnable task can go on if its CPU does, or if its CPU runs another one that can be
//   preempted. A task that sleeps for a slot can go on if some slot is not in use, or if another
//   task owes a release and can go on, or if a map lies in the post and another task can go on.
// Handlers that did not start, TLB fills and evictions are nobody's hope. In doubt a task can go
// on: what this check lets pass ends as `stuck`, and is L1 then.
//
// Caught: nested maps in a small pool (nested-kmap-deadlock), a lock taken with interrupts off by
// one CPU while its holder waits for that CPU's IPI answer (irq-off-lock-vs-tlb-ipi).
#ifndef HIGHMEM_CHECK_DEADLOCK_H_
#define HIGHMEM_CHECK_DEADLOCK_H_

#include <cstdint>

#include "highmem/check/ledger.h"
#include "highmem/check/report.h"
#include "highmem/check/waiters.h"
#include "highmem/kernel/spinlock.h"
#include "highmem/trace/executor.h"

namespace highmem {

class DeadlockCheck {
 public:
  static constexpr History kHistory = History::stateless;

  void Begin(const Executor& executor, const Ledger* ledger, const WaitersCheck* waiters,
             Reporter* reporter);

  // The tasks (bit t) that wait for ever.
  uint32_t Doomed() const;

  // Somebody became blocked, or a task has ended: contend, sleep, ipi_wait, take_wait,
  // hotplug_wait, task_exit.
  void Look(const Event& event);

  // The run is stuck; reports even if every task looks as if it could go on.
  void Stuck(const Event& last);

 private:
  // Masks of tasks and CPUs known to go on.
  struct Hope {
    uint32_t tasks = 0;
    uint32_t cpus = 0;
    bool ForCpu(CpuId cpu) const { return (cpus >> cpu & 1) != 0; }
    // Idle tasks go on with their CPU: an interrupt may have found it idle.
    bool ForTask(TaskId t) const;
  };

  bool CpuGoesOn(CpuId cpu, const Hope& hope) const;
  bool TaskCanGoOn(TaskId t, const Hope& hope) const;
  bool HandlerWillUnpin(const Hope& hope) const;
  bool SleeperCanGoOn(TaskId t, const Hope& hope) const;
  bool WillPost(ActorId from, const Hope& hope) const;
  bool OwnerGoesOn(LockId lock, const Hope& hope) const;
  bool WillDrain(CpuId cpu, const Hope& hope) const;
  bool DyingCpuWillGo(const Hope& hope) const;
  void Report(const Event& event, TaskId t);

  const Executor* executor_ = nullptr;
  const Ledger* ledger_ = nullptr;
  const WaitersCheck* waiters_ = nullptr;
  Reporter* reporter_ = nullptr;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_DEADLOCK_H_
