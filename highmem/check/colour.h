// Where the data cache has colours, a page's kernel addresses have the page's own. (SPEC M I18,
// I44; A.3, C.10)
//
//   I18  a page goes into a pkmap slot of its colour, and kunmap wakes those who wait for
//        that colour, nobody else                                        contract, mechanism
//   I44  a page goes into a slot of a CPU's window of its colour         contract
//
// What a Breach holds: I18 slot or queue, I44 window; the page's colour and the other one; the
// page.
//
// Caught: colour-ignored (I18), extra-wakes-another-colour (I18), extra-window-ignores-colour
// (I44).
#ifndef HIGHMEM_CHECK_COLOUR_H_
#define HIGHMEM_CHECK_COLOUR_H_

#include "highmem/check/ledger.h"
#include "highmem/check/report.h"
#include "highmem/kmap/introspect.h"

namespace highmem {

class ColourCheck {
 public:
  static constexpr History kHistory = History::stateless;

  void Begin(const Ledger* ledger, Reporter* reporter);

  // Wants pte_set and wake.
  void OnEvent(const Event& event);

 private:
  void OnPteSet(const Event& event);
  void OnWake(const Event& event);

  const Ledger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
  const PkmapView* pool_ = nullptr;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_COLOUR_H_
