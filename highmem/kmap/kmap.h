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
// while every slot of the page's colour is in use. With kmap_flush_tlb its page is flushed from
// every TLB on the way out, since local maps a low one's too (quirk Q3). On sparc in era E1 the
// rule is another one: BUG kmap_in_interrupt, bottom halves off included, and no SPLAT. (SPEC 0.4,
// C.2, C.10)
Co<Vaddr> kmap(Page* page);

// Releases one kmap of the page. Takes the page, not the address. Never blocks, yet preemptible
// task context only (SPLAT kunmap_might_sleep); before local maps any but interrupts, bottom halves
// off included (BUG kunmap_in_interrupt); without highmem anywhere. BUG if the page is not mapped.
// A low page is left alone, but written back with flush_on_kunmap. (SPEC 0.4, C.7, I)
Co<> kunmap(Page* page);

// Only where the profile has kmap_high_get. Pins a high page that has a pkmap address and returns
// the address, or 0 and no pin if it has none. Never maps, never sleeps; any context but NMI. BUG
// kmap_high_get_count if the page has an address and its slot no count. (SPEC D.2)
Co<Vaddr> kmap_high_get(Page* page);

// Releases such a pin, or a kmap, of a high page: kunmap without its rule about context. Any
// context but NMI where kmap_high_get exists, else task context. Wakes whoever waits for a slot.
// BUG kunmap_high_vaddr, kunmap_high_count as kunmap. (SPEC C.7)
Co<> kunmap_high(Page* page);

// Makes every slot that is mapped but unused free again, with the TLB flush that takes. Interrupts
// on, and with kmap_high_get they are on afterwards in any case; may be called with preemption off.
// Without highmem there is nothing to do. (SPEC 0.4, C.5, C.8)
Co<> kmap_flush_unused();

}  // namespace highmem

#endif  // HIGHMEM_KMAP_KMAP_H_
