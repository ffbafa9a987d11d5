// What local maps do not touch. (SPEC M I24, I34; G.2, K)
//
//   I24  a low page that is not forced through the window gets its linear address;
//        map and release write no PTE, flush nothing, leave index and migration
//        alone, and do to preemption and page faults what kmap_atomic owes       contract
//   I34  a map, an unmap and a switch ask no other CPU to flush anything, but for
//        machines that know no other flush (local_flush_all)                     contract
//
// How many PTEs and local flushes a call costs is left to litmus files: one more does no harm.
//
// What a Breach holds: I24 of the address byte, of counters none (LocalBalanceCheck::Counter), else
// page; I34 page.
//
// Caught: lowmem-unmap-hits-slot, double-enable-on-lowmem (I24), a local flush made global (I34).
#ifndef HIGHMEM_CHECK_LOCAL_COST_H_
#define HIGHMEM_CHECK_LOCAL_COST_H_

#include "highmem/check/local_ledger.h"
#include "highmem/check/report.h"

namespace highmem {

class LocalCostCheck {
 public:
  static constexpr History kHistory = History::stateless;  // the ledger remembers

  void Begin(const LocalLedger* ledger, Reporter* reporter);

  // Wants pte_set, tlb_flush_local, tlb_global_begin, ipi_send, kmap_idx, kmap_pteval and
  // migration_disabled.
  void OnEvent(const Event& event);
  // A call about a low page has ended.
  void OnLowEnd(const Event& op_end, const LocalLedger::Call& call);

 private:
  const LocalLedger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_LOCAL_COST_H_
