// Which address a local map gets, and how many fit. (SPEC M I29, I40, I41; A.3, G.1)
//
//   I29  the k-th live map of a task has the k-th slot of the CPU it runs on       contract
//   I40  a local map is never a pkmap address, whether or not the page has one     contract
//   I41  a map that fits is made; one that does not fit is not                     contract
//   I37  era E1: an atomic map has the slot of its type, on the CPU it runs on     contract
//
// Where a handler interrupted a call about a slot, that slot may be held or not, and the handler's
// map may be one further up for each such call.
//
// What a Breach holds: I29, I37 window, expected and actual index (SPEC A.3; -1: no window
// address), I40 page, I41 task, how many fit and which one this was.
//
// Caught: slot-index-before-pinning (I29, another CPU's slot), extra-sixteenth-local-map (I41: the
// BUG comes early, or a map too many is made), a local map that consults pkmap (I40).
#ifndef HIGHMEM_CHECK_LOCAL_ADDRESS_H_
#define HIGHMEM_CHECK_LOCAL_ADDRESS_H_

#include "highmem/check/local_ledger.h"
#include "highmem/check/report.h"

namespace highmem {

class LocalAddressCheck {
 public:
  static constexpr History kHistory = History::stateless;  // the ledger remembers

  void Begin(const LocalLedger* ledger, Reporter* reporter);

  // A call that makes a map of a slot has ended; the ledger knows.
  void OnMapEnd(const Event& op_end, const LocalLedger::Call& call);
  // The same in the eras before local maps.
  void OnAtomicMapEnd(const Event& op_end, const LocalLedger::Call& call);
  // Somebody hit BUG.
  void OnBug(const Event& event);

 private:
  const LocalLedger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_LOCAL_ADDRESS_H_
