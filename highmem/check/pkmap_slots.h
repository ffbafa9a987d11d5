// The books of the pkmap pool agree with each other. (SPEC M I1, I2, I6; C.1)
//
//   I1  count 0 <=> no PTE <=> no page_address record                       mechanism
//   I2  a PTE names a high page that no other slot names, and page_address
//       knows the slot; a record names the page of its slot's PTE           contract: first half
//   I6  a count goes n <-> n+1; 1 to 0 only inside a sweep, never in kunmap mechanism
//
// What a Breach holds: I1 signs expected and found, I2 slots of the page, I6 count before and
// after.
//
// Caught: a sweep that forgets PTE or record (page-address-left-behind: I1), an unmap that frees
// the slot itself (zero-count-without-flush: I6), a second slot for a mapped page
// (no-recheck-after-sleep: I2).
#ifndef HIGHMEM_CHECK_PKMAP_SLOTS_H_
#define HIGHMEM_CHECK_PKMAP_SLOTS_H_

#include <cstdint>

#include "highmem/check/ledger.h"
#include "highmem/check/report.h"
#include "highmem/kmap/introspect.h"

namespace highmem {

class PkmapSlotsCheck {
 public:
  static constexpr History kHistory = History::finite;

  // I1 reports, as a sum, what speaks for the slot's being taken.
  static constexpr int kCounted = 1;
  static constexpr int kMapped = 2;
  static constexpr int kRecorded = 4;

  // Carves from the arena.
  void Begin(const Ledger* ledger, Reporter* reporter);

  // Wants pkmap_count, pte_set, sweep_begin and sweep_end.
  void OnEvent(const Event& event);

  // Judges one slot (I1, I2). kmap_lock is free, or a sweep has just ended; `event` says which.
  // That a page gets a second slot is reported before, at the pte_set: nothing excuses it for a
  // moment.
  void Inspect(int slot, const Event& event);

 private:
  static constexpr uint8_t kNobody = 0xff;

  void OnCount(const Event& event);
  void OnPteSet(const Event& event);

  const Ledger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
  const PkmapView* pool_ = nullptr;
  const PageAddressView* records_ = nullptr;
  uint8_t* slots_of_page_ = nullptr;  // [pfn] pkmap PTEs that name it
  ContextId* sweeper_ = nullptr;      // who is inside a sweep, kNobody
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_PKMAP_SLOTS_H_
