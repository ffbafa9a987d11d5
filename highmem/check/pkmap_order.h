// In which order the pool hands slots out, and what a sweep does. (SPEC M I8 to I11, I19; C.4, C.5)
//
//   I8   the cursor starts at 0 and moves by one; the slot handed out is the one it
//        came to, and no free slot is passed over: an empty pool gives 1, 2, ..., 0    mechanism
//   I9   slot 0 is handed out only behind a sweep of the same attempt                  mechanism
//   I10  the pool is flushed on all CPUs by sweeps alone, once at most, and not where
//        nothing was reclaimed; each sweep calls flush_cache_kmaps once                mechanism
//   I11  kmap sweeps where the cursor has come round to 0, and once there: one sweep a
//        round at most                                                                 mechanism
//   I19  behind a sweep no slot is parked; kmap_flush_unused sweeps                    mechanism
//
// I8, I9 and I11 as SPEC has them compare totals; here each step is held to what makes the totals
// come true, so that an endless run needs no endless counter. With colours (SPEC C.10) each
// colour's slots are a pool of that kind, and its first slot is what slot 0 is without.
//
// What a Breach holds: I8 slot that was next and the one taken; I9 slot 0; I10 none, how many were
// owed and made; I11 none; I19 slot, or none where nobody swept.
//
// Caught: extra-slot-0-first (I8), extra-slot-0-unswept (I9), extra-flushes-for-nothing (I10),
// extra-sweeps-early (I11), extra-sweep-forgets-one (I19).
#ifndef HIGHMEM_CHECK_PKMAP_ORDER_H_
#define HIGHMEM_CHECK_PKMAP_ORDER_H_

#include <cstdint>

#include "highmem/check/ledger.h"
#include "highmem/check/report.h"
#include "highmem/kmap/introspect.h"

namespace highmem {

class PkmapOrderCheck {
 public:
  static constexpr History kHistory = History::finite;

  // Carves from the arena.
  void Begin(const Ledger* ledger, Reporter* reporter);

  // Wants op_begin, op_end, attempt, pkmap_cursor, pkmap_count, sweep_begin, sweep_end,
  // flush_cache_kmaps and tlb_global_begin.
  void OnEvent(const Event& event);

 private:
  // Of what an actor is in.
  struct Search {
    uint8_t swept;    // since the cursor moved, or in this call
    uint8_t moved;    // the cursor, in this attempt
    uint8_t at_zero;  // it came to 0, and nobody has swept for it
    uint8_t in_sweep;
    uint8_t hooks;
    uint8_t flushes;
  };

  // In a call that sweeps, wherever the cursor stands.
  bool Flushes(ContextId ctx) const;
  bool MayFlushAll(const Event& event) const;
  void OnCursor(const Event& event, Search* search);
  void OnCount(const Event& event, const Search& search);
  void OnSweepEnd(const Event& event, Search* search);
  void OnFlush(const Event& event, Search* search);

  const Ledger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
  const PkmapView* pool_ = nullptr;
  Search* searches_ = nullptr;  // [actor]
  uint16_t* parked_ = nullptr;  // slots with count 1
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_PKMAP_ORDER_H_
