// What stands in a CPU's kmap window is what the callers were told, of current alone. (SPEC M I25,
// I26, I30 to I32, X12; G.1, G.7)
//
//   I25  a slot shows the page of current's live map there, and nothing else is in
//        the window                                                              contract
//   I26  ctrl.pteval names current's live maps, ctrl.idx counts them             mechanism
//   I30  with guards, the slots between maps stay empty                          contract
//   I31  when a task goes on after a switch, its maps are where they were        contract
//   I32  when a task is switched out, its slots are empty, and its CPU's TLB has
//        forgotten them; nor does a TLB keep what a slot showed before           contract
//   X12  after a caller's mistake, too, a map goes into an empty slot, or a BUG says
//        that it cannot                                                          misuse
//
// A write to a slot is judged in its own step; in the slots of calls under way the pages of those
// calls are allowed. While a switch is on, what current's task contexts hold may be missing; it is
// over with the first op event of such a context. The whole partition of a CPU, and its TLB, are
// looked at when a call ends, at a switch, and when a task goes on behind one.
// Each CPU's slots are its own, so only the owning CPU's TLB is asked.
//
// What a Breach holds: window, expected and actual page (kNoPfn: none), the map's page and actor.
// I26 of an index: task, index expected and actual.
//
// Caught: sched-out-keeps-ptes (I32), fork-inherits-depth (I25), switch-restores-under-old-current
// (I32), guard slots that a switch fills (I30), a switch that restores nothing (I31), an unmap that
// forgets pteval (I26).
#ifndef HIGHMEM_CHECK_LOCAL_WINDOW_H_
#define HIGHMEM_CHECK_LOCAL_WINDOW_H_

#include <cstdint>

#include "highmem/check/local_ledger.h"
#include "highmem/check/report.h"
#include "highmem/kmap/introspect.h"

namespace highmem {

class LocalWindowCheck {
 public:
  static constexpr History kHistory = History::finite;

  // Carves from the arena.
  void Begin(LocalLedger* ledger, Reporter* reporter);

  // Wants pte_set, task_switch, sched_out, and op_begin, op_end, actor_begin and actor_end of
  // actors, before the ledger does.
  void OnEvent(const Event& event);
  // A call about a slot has ended; the ledger knows.
  void OnCallEnd(const Event& event, const LocalLedger::Call& call);

 private:
  void OnPteSet(const Event& event);
  void OnSwitch(const Event& event);
  void GoOn(const Event& event);
  void Inspect(CpuId cpu, const Event& event);
  void JudgeInUse(int index, const Event& event);
  void JudgePte(int index, const Event& event);
  void JudgeTlb(int index, const Event& event);
  void JudgeSaved(TaskId t, const Event& event);
  void ReportForeign(int index, Pfn page, const Event& event);
  bool Switching(CpuId cpu) const;

  LocalLedger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
  const KmapCtrlView* ctrl_ = nullptr;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_LOCAL_WINDOW_H_
