// Swappable part: what an architecture does around a change of its kmap windows. (SPEC L)
#ifndef HIGHMEM_KMAP_ARCH_H_
#define HIGHMEM_KMAP_ARCH_H_

#include "highmem/kernel/co.h"

namespace highmem {

// Called by every sweep of the pkmap pool, first, while the PTEs still stand: writes back and drops
// whatever the data caches hold under PKMAP addresses. Emits flush_cache_kmaps on every machine.
Co<> flush_cache_kmaps();

}  // namespace highmem

#endif  // HIGHMEM_KMAP_ARCH_H_
