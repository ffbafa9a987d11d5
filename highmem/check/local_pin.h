// Whoever holds a local map stays on its CPU, and the CPU stays. (SPEC M I27, I43; G.9)
//
//   I27  a task's migration_disabled is never below its live maps, and it is not
//        moved while it has one; its CPU counts it as pinned (SMP)                 contract
//   I43  a CPU goes offline only when no task is pinned to it and nobody has a
//        map in its window                                                         contract
//
// What a Breach holds: I27 task, migration_disabled owed and found, or CPU it belongs to and the
// one it was moved to; I43 cpu, 0 and the number of pinned tasks or maps.
//
// Caught: local-map-migratable (I27), a release that enables migration twice (I27 of the map
// below), an offline that does not wait (I43).
#ifndef HIGHMEM_CHECK_LOCAL_PIN_H_
#define HIGHMEM_CHECK_LOCAL_PIN_H_

#include "highmem/check/local_ledger.h"
#include "highmem/check/report.h"

namespace highmem {

class LocalPinCheck {
 public:
  static constexpr History kHistory = History::stateless;  // the ledger remembers

  void Begin(const LocalLedger* ledger, Reporter* reporter);

  // Wants migrate, migration_disabled and cpu_offline.
  void OnEvent(const Event& event);
  // A call that makes a map of a slot has ended; the ledger knows.
  void OnMapEnd(const Event& op_end, const LocalLedger::Call& call);

 private:
  void JudgePin(TaskId t, const Event& event);

  const LocalLedger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_LOCAL_PIN_H_
