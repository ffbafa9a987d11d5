// Swappable part (with kmap.h): maps of several pages at addresses in a row, for long; seen by
// every CPU. (SPEC H; mm/vmalloc.c)
//
// The trick is that of the pkmap pool once more: an unmap clears entries and flushes nothing. Its
// range is parked on the lazy list until one flush on every CPU covers all that is parked, and only
// then given out again. Until then a TLB may know the dead range, and who uses it may get away with
// it.
//
// All of these sleep, or may: preemptible task context only (SPLAT vmap_might_sleep).
#ifndef HIGHMEM_KMAP_VMAP_H_
#define HIGHMEM_KMAP_VMAP_H_

#include "highmem/kernel/co.h"
#include "highmem/machine/types.h"

namespace highmem {

struct Page;

// Carves the allocator's state out of the just reset arena: no area.
void vmap_reset();

// Maps the page `count` times in a row, and leaves a page unmapped behind; returns the first
// address, or 0 if there is no such range even after a purge. (SPEC H.1)
Co<Vaddr> vmap(Page* page, int count);

// Takes an area of vmap's down. The range is parked, the page behind it included; if more pages
// than fls(online CPUs) * 32 MiB are parked, or the profile's number, drain_vmap_area_work is asked
// for. 0 does nothing; WARN vunmap_bad_address for what vmap has not returned; BUG
// vunmap_in_interrupt. (SPEC H.2, H.3)
Co<> vunmap(Vaddr vaddr);

// The worker that vunmap asks for: purges if it has been asked. (SPEC H.3)
Co<> drain_vmap_area_work();

// Flushes what is parked, blocks of vm_map_ram included, and gives the ranges free: afterwards no
// TLB knows an address that was unmapped before. One global flush at most. (SPEC H.4)
Co<> vm_unmap_aliases();

// The same for at most a block of pages, cheaper: cut out of a block that the CPU keeps, without a
// page behind. Rounded up to a power of two; more than a block is an area as vmap's. `count` must
// be handed to vm_unmap_ram again. (SPEC H.5)
Co<Vaddr> vm_map_ram(Page* page, int count);

// BUG vm_unmap_ram_bad_address if it is no page's first address in the region. A block's range is
// parked when all of it has been given back. (SPEC H.5)
Co<> vm_unmap_ram(Vaddr vaddr, int count);

}  // namespace highmem

#endif  // HIGHMEM_KMAP_VMAP_H_
