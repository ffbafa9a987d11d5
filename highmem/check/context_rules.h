// The implementation itself keeps the rules of contexts. (DESIGN section 4, C1; SPEC 0.4, G.3, G.6;
// contract)
//
//   - a task that leaves a CPU in the middle of its program has preempt_count 1, that of the
//   switch;
//   - in the valid lane nothing schedules, or might sleep, where it may not;
//   - a local map or unmap neither sleeps nor queues nor takes a lock nor waits for other CPUs;
//   - current's index and the window change with preemption off only;
//   - between kmap_atomic and kunmap_atomic preemption and page faults are off, for low pages too.
//
// What a Breach holds: task, preempt_count owed and found; site; else none.
//
// Caught: a map that changes index or slot in preemptible code, a kmap_local that takes kmap_lock,
// a kmap_atomic that skips its sections for low pages.
#ifndef HIGHMEM_CHECK_CONTEXT_RULES_H_
#define HIGHMEM_CHECK_CONTEXT_RULES_H_

#include "highmem/check/local_ledger.h"
#include "highmem/check/report.h"

namespace highmem {

class ContextRulesCheck {
 public:
  static constexpr History kHistory = History::stateless;  // the ledger remembers

  // `ledger` is null where no op concerns local maps.
  void Begin(const LocalLedger* ledger, bool misuse, Reporter* reporter);

  // Wants task_switch, bug and splat.
  void OnEvent(const Event& event);
  // Only with a ledger. Wants pte_set and kmap_idx, sleep, wait_add, lock, contend and ipi_send.
  void OnLocalEvent(const Event& event);
  // Only with a ledger: a call that makes a map has ended.
  void OnMapEnd(const Event& op_end, const LocalLedger::Call& call);

 private:
  const LocalLedger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
  bool misuse_ = false;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_CONTEXT_RULES_H_
