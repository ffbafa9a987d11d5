// Swappable part (with arch.h): what the kernel does about the data cache when it has written a
// page that a process may see, and when such a page gets an address. (SPEC I, G.7;
// arch/mips/mm/cache.c)
#ifndef HIGHMEM_KMAP_DCACHE_H_
#define HIGHMEM_KMAP_DCACHE_H_

#include "highmem/kernel/co.h"
#include "highmem/machine/types.h"

namespace highmem {

struct Page;

// The page has been written through a kernel address. Where the generic PTE setter maintains the
// cache (setter_hook) this is put off until then: the page is marked. Elsewhere the hardware or the
// page's colour sees to it. Any context. Emits flush_dcache_page.
Co<> flush_dcache_page(Page* page);

// What the generic PTE setter does before it writes an entry of a marked page: maps it, writes it
// back line by line, and removes the mark. Takes a slot of the window meanwhile. Any context.
// (arch/mips/mm/cache.c: __update_cache)
Co<> __update_cache(Pfn pfn);

}  // namespace highmem

#endif  // HIGHMEM_KMAP_DCACHE_H_
