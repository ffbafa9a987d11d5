// A handler that releases what it maps leaves no trace in whatever it interrupted, wherever it
// entered: inside a map, an unmap or a switch. (SPEC M I33; G.3, G.4, G.7)
//
//   I33  at a handler's end the window of its CPU, and current's index and what it
//        saved below it, are as at its beginning; in between it writes no slot of
//        a map that somebody else was given; a slot it takes is empty            contract
//
// The comparison is one of 64-bit digests. What lies at or above the index is nobody's: an unmap
// may lower the index before it forgets what stood there. Faults are no interrupts: their handlers
// may be switched out.
//
// What a Breach holds: cpu; of a write, window, the map's page and the one written; of a slot in
// use, task.
//
// Caught: atomic-pop-before-clear and a map that writes the slot before it raises the index (the
// slot in use: BUG of a handler in a call that is right), a handler's release that hits the slot
// below.
#ifndef HIGHMEM_CHECK_LOCAL_NESTING_H_
#define HIGHMEM_CHECK_LOCAL_NESTING_H_

#include <cstdint>

#include "highmem/check/local_ledger.h"
#include "highmem/check/report.h"
#include "highmem/kmap/introspect.h"

namespace highmem {

class LocalNestingCheck {
 public:
  static constexpr History kHistory = History::finite;

  // Carves from the arena.
  void Begin(const LocalLedger* ledger, Reporter* reporter);

  // Wants irq_enter, irq_exit, pte_set and bug.
  void OnEvent(const Event& event);

 private:
  struct Entry {
    uint64_t digest;
    uint8_t depth;  // live maps of current
    uint8_t unused[7];
  };

  uint64_t Digest(CpuId cpu) const;
  void OnExit(const Event& event);
  void OnPteSet(const Event& event);
  void OnBug(const Event& event);

  const LocalLedger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
  const KmapCtrlView* ctrl_ = nullptr;
  Entry* entries_ = nullptr;  // [actor] at its irq_enter
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_LOCAL_NESTING_H_
