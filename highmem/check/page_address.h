// What page_address may answer. (SPEC M I23; B.3)
//
//   I23  of a high page null or a pkmap address, never one of the window; of a low page the linear
//        one, for ever                                                                  contract
//
// What a Breach holds: byte, the address.
//
// Caught: extra-low-page-elsewhere (I23).
#ifndef HIGHMEM_CHECK_PAGE_ADDRESS_H_
#define HIGHMEM_CHECK_PAGE_ADDRESS_H_

#include "highmem/check/ledger.h"
#include "highmem/check/report.h"

namespace highmem {

class PageAddressCheck {
 public:
  static constexpr History kHistory = History::stateless;

  void Begin(const Ledger* ledger, Reporter* reporter);

  // Wants op_end, before the ledger sees it.
  void OnEvent(const Event& event);

 private:
  const Ledger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_PAGE_ADDRESS_H_
