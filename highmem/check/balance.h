// Whoever raises preempt_count, turns interrupts off or takes a lock puts it back. (DESIGN section
// 4, B1; contract)
//
//   a call    leaves a task's preempt_count and interrupt flag as they were when it began. Calls
//   that
//             may sleep are not judged where they may not: waking up turns interrupts on.
//   a task    ends with preempt_count 0, interrupts on and no lock held.
//   a handler leaves preempt_count as it found it; the pair around it is irq_enter and irq_exit.
//
// Maps that a task never releases are no business of this check: the kernel has no opinion on them.
//
// Caught: a path that returns without preempt_enable or with kmap_lock held.
#ifndef HIGHMEM_CHECK_BALANCE_H_
#define HIGHMEM_CHECK_BALANCE_H_

#include <cstdint>

#include "highmem/check/report.h"
#include "highmem/trace/executor.h"

namespace highmem {

class BalanceCheck {
 public:
  static constexpr History kHistory = History::finite;

  // Carves from the arena.
  void Begin(const Executor& executor, Reporter* reporter);

  // Wants op_begin, op_end, actor_end, irq_enter and irq_exit. Reads the state at the end of the
  // step.
  void OnEvent(const Event& event);

 private:
  struct Entry {
    uint32_t preempt_count;
    uint8_t irqs_on;
    uint8_t judged;
    uint16_t unused;
  };

  void OnEnd(const Event& event);
  void OnActorEnd(const Event& event);
  Entry* EntryOf(ContextId ctx);

  const Executor* executor_ = nullptr;
  Reporter* reporter_ = nullptr;
  Entry* actors_ = nullptr;  // [actor] at op_begin of a task, at irq_enter of a handler
  Entry* ipis_ = nullptr;    // [cpu] at irq_enter
  int actor_count_ = 0;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_BALANCE_H_
