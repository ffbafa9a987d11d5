// One TLB per CPU: a set of copies of page-table entries. A CPU may copy a present entry at any
// time, asked for or not, and keeps the copy until a flush or a whim evicts it. Not-present entries
// are not cached. (SPEC 0.3)
#ifndef HIGHMEM_MACHINE_TLB_H_
#define HIGHMEM_MACHINE_TLB_H_

#include "highmem/machine/machine.h"

namespace highmem {

// The cached entry, none if not cached.
// Of an entry that holds two neighbouring pages the half whose page was not there when it was
// filled: cached all the same, until the entry is flushed.
inline constexpr Pte kTlbNotPresent = {0xffff};

inline Pte TlbGet(int cpu, int vpn) {
  const Pte pte = machine.tlb[cpu * machine.vpns + vpn];
  return pte == kTlbNotPresent ? Pte{} : pte;
}
// What it holds says that the page is not there.
inline bool TlbHoldsNotPresent(int cpu, int vpn) {
  return machine.tlb[cpu * machine.vpns + vpn] == kTlbNotPresent;
}
// With paired_tlb the page that shares its entry, -1 if it has none.
int TlbPairOf(int vpn);

// Copies the page-table entry, which must be present, and that of its pair, which need not be.
// Emits tlb_fill.
void TlbFill(int cpu, int vpn, bool speculative);

// Drops one cached entry, its pair too. Emits tlb_evict.
void TlbEvict(int cpu, int vpn);

// Drops everything in [first_vpn, end_vpn), with the pairs of its ends, or everything if `all`.
// Emits tlb_flush_local.
void TlbFlush(int cpu, int first_vpn, int end_vpn, bool all);

// The same on every CPU at once, as hardware that broadcasts does it. Emits tlb_flush_broadcast.
void TlbFlushBroadcast(int first_vpn, int end_vpn, bool all);

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_TLB_H_
