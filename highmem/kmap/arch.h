// Swappable part: what an architecture does around a change of its kmap windows. (SPEC L)
#ifndef HIGHMEM_KMAP_ARCH_H_
#define HIGHMEM_KMAP_ARCH_H_

#include "highmem/kernel/co.h"
#include "highmem/machine/types.h"

namespace highmem {

// Called by every sweep of the pkmap pool, first, while the PTEs still stand: writes back and drops
// whatever the data caches hold under PKMAP addresses. Emits flush_cache_kmaps on every machine.
Co<> flush_cache_kmaps();

// Before a slot is filled, up to 5.10: on sparc writes the whole cache back and drops it, elsewhere
// nothing. Since then nobody calls it: quirk Q4. Any context. (SPEC E.3, G.11;
// arch/sparc/include/asm/highmem.h)
Co<> arch_kmap_local_pre_map();

// Around every change of a local map's PTE, also at a switch: behind its installation, and before
// and behind its removal. `vaddr` is the page's first address. (SPEC L: local post_map, pre_unmap,
// post_unmap; include/linux/highmem-internal.h)
Co<> arch_kmap_local_post_map(Vaddr vaddr);
Co<> arch_kmap_local_pre_unmap(Vaddr vaddr);
Co<> arch_kmap_local_post_unmap(Vaddr vaddr);

// Where there is no highmem, but flush_on_kunmap: behind the last use of a page by kmap, kmap_local
// or kmap_atomic. Writes back and drops every line of the page at `vaddr`, its first address.
// (SPEC I; arch/parisc/include/asm/cacheflush.h: kunmap_flush_on_unmap)
Co<> kunmap_flush_on_unmap(Vaddr vaddr);

}  // namespace highmem

#endif  // HIGHMEM_KMAP_ARCH_H_
