// What must cost nothing costs nothing. (SPEC M I12, I13; K)
//
//   I12  a kmap that, when it first gets kmap_lock, finds its page in a slot gets that
//        slot's address, and writes no PTE, sweeps nothing, leaves the cursor alone    mechanism
//   I13  within kunmap, but for a switch that preempts it: no PTE write, no TLB
//        operation, no cache hook                                                      contract
//
// Caught: zero-count-without-flush (I13 on the PTE), a kmap that always takes a fresh slot (I12).
#ifndef HIGHMEM_CHECK_PKMAP_COST_H_
#define HIGHMEM_CHECK_PKMAP_COST_H_

#include <cstdint>

#include "highmem/check/ledger.h"
#include "highmem/check/report.h"
#include "highmem/kmap/introspect.h"

namespace highmem {

class PkmapCostCheck {
 public:
  static constexpr History kHistory = History::finite;

  // Carves from the arena.
  void Begin(const Ledger* ledger, Reporter* reporter);

  // Wants op_begin, op_end, lock, pte_set, tlb_flush_local, tlb_global_begin, flush_cache_kmaps,
  // sweep_begin and pkmap_cursor. Must see op_end before the ledger does.
  void OnEvent(const Event& event);

 private:
  static constexpr int16_t kNotLooked = 0;
  static constexpr int16_t kMiss = -1;

  void OnLock(const Event& event);
  void OnEnd(const Event& event);
  void SpentInKunmap(const Event& event);
  void SpentInHit(const Event& event);

  const Ledger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
  const PkmapView* pool_ = nullptr;
  const PageAddressView* records_ = nullptr;
  int16_t* hit_ = nullptr;  // [actor] what its kmap found: kNotLooked yet, kMiss, or slot + 1
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_PKMAP_COST_H_
