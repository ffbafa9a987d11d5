// A slot's count is its users plus one. (SPEC M I3; RULINGS 8)
//
// At every end of a kmap or kunmap, and whenever kmap_lock becomes free, the users of each slot
// that changed lie between the bounds the callers' calls allow; they equal the books once all calls
// ended.
//
// Caught: remap-without-count (at the end of the second kmap), a release that counts twice, a slot
// that keeps users nobody is (no-recheck-after-sleep, at the next quiet moment).
#ifndef HIGHMEM_CHECK_PINS_H_
#define HIGHMEM_CHECK_PINS_H_

#include "highmem/check/ledger.h"
#include "highmem/check/report.h"
#include "highmem/kmap/introspect.h"

namespace highmem {

class PinsCheck {
 public:
  static constexpr History kHistory = History::stateless;  // the ledger remembers

  void Begin(const Ledger* ledger, Reporter* reporter);

  // A kmap or kunmap of this high page has ended; the ledger knows. No lock needed: a count is one
  // cell.
  void InspectPage(Pfn page, const Event& event);
  // Judges one slot against the page its PTE names.
  void InspectSlot(int slot, const Event& event);

 private:
  void Compare(int slot, Pfn page, const Event& event);

  const Ledger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
  const PkmapView* pool_ = nullptr;
  const PageAddressView* records_ = nullptr;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_PINS_H_
