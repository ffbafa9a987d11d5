// The kernel page table: one for all CPUs, below the level that differs per address space. (SPEC
// 0.3)
#ifndef HIGHMEM_MACHINE_PAGE_TABLE_H_
#define HIGHMEM_MACHINE_PAGE_TABLE_H_

#include "highmem/machine/event.h"
#include "highmem/machine/machine.h"
#include "highmem/machine/shared.h"

namespace highmem {

// The entry of virtual page `vpn` (machine/layout.h).
inline Pte PteGet(int vpn) {
  touched.shared = true;
  return machine.page_table[vpn];
}

// Writes it. No TLB learns of it. Emits pte_set.
inline void PteSet(int vpn, Pte pte) {
  const Pte old = machine.page_table[vpn];
  machine.page_table[vpn] = pte;
  Emit(EventKind::pte_set, static_cast<uint32_t>(vpn), old.pfn(), pte.pfn());
}

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_PAGE_TABLE_H_
