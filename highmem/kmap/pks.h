// Stray-write protection of persistent memory by a supervisor protection key, where there is no
// highmem. (SPEC J; the postings "PKS/PMEM: Add Stray Write Protection", 2021 and 2022)
#ifndef HIGHMEM_KMAP_PKS_H_
#define HIGHMEM_KMAP_PKS_H_

#include "highmem/kernel/co.h"
#include "highmem/machine/machine.h"
#include "highmem/machine/types.h"

namespace highmem {

// Whether the page, a low one, belongs to the device that the key protects. (SPEC J)
inline bool pgmap_protects(Pfn pfn) { return pfn < machine.profile.pks_pages; }

// Opens the key for current, and closes it when as many have been called of either. Task context
// and page faults only: what comes in between would close the key of whom it interrupts. (SPEC J)
Co<> pgmap_set_readwrite();
Co<> pgmap_set_noaccess();

// The fault that an access makes while the key is closed. With pks_strict BUG pks_key_fault; else
// WARNs once (pks_key_fault), opens the key for current, and the access is made again. Contexts as
// those of the access. (SPEC J; mm/memremap.c: pgmap_pks_fault)
Co<> pks_key_fault();

// Carves a count for each of the tasks, idle ones included, out of the just reset arena.
void pks_reset(int tasks);

}  // namespace highmem

#endif  // HIGHMEM_KMAP_PKS_H_
