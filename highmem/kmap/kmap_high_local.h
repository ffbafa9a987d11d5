// Local and atomic maps of a page that kmap has mapped, where there is kmap_high_get: the page is
// pinned where it is, and needs no slot. (SPEC D.3, G.2, G.4; arch/arm/include/asm/highmem.h:
// arch_kmap_local_high_get; mm/highmem.c: kmap_high_unmap_local; in the eras before
// arch/arm/mm/highmem.c)
#ifndef HIGHMEM_KMAP_KMAP_HIGH_LOCAL_H_
#define HIGHMEM_KMAP_KMAP_HIGH_LOCAL_H_

#include "highmem/kernel/co.h"
#include "highmem/machine/types.h"

namespace highmem {

struct Page;

// The page's pkmap address, pinned; 0 if it has none, or the profile no kmap_high_get. With
// debug_highmem 0 as well, so that the window gets used, unless the cache is found by virtual
// address: a second address would then be a second copy. Any context but NMI.
Co<Vaddr> arch_kmap_local_high_get(Page* page);

// Releases such a pin. False, and nothing done, if the address is none of the pool's.
Co<bool> kmap_high_unmap_local(Vaddr vaddr);

}  // namespace highmem

#endif  // HIGHMEM_KMAP_KMAP_HIGH_LOCAL_H_
