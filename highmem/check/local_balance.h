// A local map and its release leave nothing behind. (SPEC M I28, I35, I36, I38, I42; B1 of DESIGN
// section 4; E.3, F.2, F.3, G.3, G.4, G.6, G.8; RULINGS 15)
//
//   I28  each call changes the task's counters by what it owes, and nothing else:
//        a map of a slot pins the task once more, a release undoes just that;
//        behind it this CPU's page table and TLB have forgotten the slot          contract
//   I36  kmap_atomic turns preemption and page faults off (in E1 the one includes
//        the other), kunmap_atomic back on                                        contract
//   I38  in E1 and E2 behind kunmap_atomic they have forgotten the slot; where
//        the profile keeps_pte, the release clears no entry                       contract
//   I35  an address within the page releases the map as well, and without report  contract
//   I42  a forked task has no map and nothing to restore                          mechanism
//   B1   an actor ends without live maps. In the misuse lane it owes that only
//        to itself, so there B1 speaks only of maps that leaked through a cast    contract
//
// What a Breach holds: I28, I36 of counters: none, a Counter, owed and found; I28, I35 and I38 of
// the slot: window, the page owed, kNoPfn for none, and the page that is there. I42 task, 0, index.
// B1 window, 0, 1.
//
// Caught: unmap-leaves-translation (I28), an unmap that forgets preempt_enable or migrate_enable
// (I28), an unmap that compares unaligned addresses (I35), fork-inherits-depth (I42), a page cast
// to an address (B1).
#ifndef HIGHMEM_CHECK_LOCAL_BALANCE_H_
#define HIGHMEM_CHECK_LOCAL_BALANCE_H_

#include "highmem/check/local_ledger.h"
#include "highmem/check/report.h"
#include "highmem/kmap/introspect.h"

namespace highmem {

class LocalBalanceCheck {
 public:
  static constexpr History kHistory = History::stateless;  // the ledger remembers

  enum Counter : uint8_t { kPreemptDepth, kPagefaultDisabled, kMigrationDisabled };

  void Begin(const LocalLedger* ledger, bool misuse, Reporter* reporter);

  // Wants warn, fork, actor_end, and in E1 and E2 pte_set.
  void OnEvent(const Event& event);
  // A call about a slot has ended; the ledger knows.
  void OnCallEnd(const Event& op_end, const LocalLedger::Call& call);

  // Reports as `id` how the counters differ from what the call owes. For I24 as well.
  static void JudgeCounters(FindingId id, const Event& op_end, const LocalLedger::Call& call,
                            Reporter* reporter);

 private:
  void JudgeSlot(const Event& op_end, const LocalLedger::Call& call);
  void OnPteSet(const Event& event);
  void OnFork(const Event& event);
  void OnActorEnd(const Event& event);

  const LocalLedger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
  const KmapCtrlView* ctrl_ = nullptr;
  bool misuse_ = false;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_LOCAL_BALANCE_H_
