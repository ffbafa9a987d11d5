// Swappable part: the persistent maps, kmap and kunmap. (SPEC C; mm/highmem.c,
// include/linux/highmem-internal.h)
#ifndef HIGHMEM_KMAP_KMAP_H_
#define HIGHMEM_KMAP_KMAP_H_

#include "highmem/kernel/co.h"
#include "highmem/machine/types.h"

namespace highmem {

struct Page;

// Carves the pool's state out of the just reset arena: every slot free, the cursor at 0.
void kmap_reset();

// Maps a page and returns its address, in bytes, valid on every CPU until the matching kunmap and
// good to be handed to other contexts. Maps of one page nest and share the address. A low page
// returns its linear address. Preemptible task context only (else SPLAT kmap_might_sleep); sleeps
// while every slot is in use. (SPEC C.2)
Co<Vaddr> kmap(Page* page);

// Releases one kmap of the page. Takes the page, not the address. Never blocks, yet task context
// only (SPLAT kunmap_might_sleep). BUG if the page is not mapped. (SPEC C.7)
Co<> kunmap(Page* page);

// Makes every slot that is mapped but unused free again, with the TLB flush that takes. Interrupts
// on; may be called with preemption off. (SPEC C.5)
Co<> kmap_flush_unused();

}  // namespace highmem

#endif  // HIGHMEM_KMAP_KMAP_H_
