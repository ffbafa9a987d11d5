// kmap_high_get pins what is there and does nothing else. (SPEC M I20, I39; D.2, D.3)
//
//   I20  a kmap_high_get writes no PTE of the pool, no record, no TLB and not the cursor; it
//   answers
//        null exactly if the page had no record when it got kmap_lock                   mechanism
//   I39  a local map of a page that has a record when the call gets kmap_lock is that record's
//        address, and takes no slot; of a page without one it takes a slot              mechanism
//
// Nothing to do where the profile has no kmap_high_get.
//
// Caught: highget-creates-mapping (I20), a local map that goes to the window all the same (I39).
#ifndef HIGHMEM_CHECK_HIGH_GET_H_
#define HIGHMEM_CHECK_HIGH_GET_H_

#include <cstdint>

#include "highmem/check/ledger.h"
#include "highmem/check/report.h"
#include "highmem/kmap/introspect.h"

namespace highmem {

class HighGetCheck {
 public:
  static constexpr History kHistory = History::finite;

  // Carves from the arena.
  void Begin(const Ledger* ledger, Reporter* reporter);

  // Wants op_begin, op_end, lock, pte_set, page_address_map, pkmap_cursor, tlb_flush_local,
  // tlb_flush_broadcast and tlb_global_begin. Must see op_end before the ledger does.
  void OnEvent(const Event& event);

 private:
  static constexpr int16_t kNotLooked = 0;
  static constexpr int16_t kNone = -1;

  void OnLock(const Event& event);
  void OnEnd(const Event& event);
  void Changed(const Event& event);

  const Ledger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
  const PageAddressView* records_ = nullptr;
  int16_t* found_ = nullptr;  // [actor] record of the page under the lock: kNone, or slot + 1
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_HIGH_GET_H_
