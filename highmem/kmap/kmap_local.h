// Swappable part: maps that belong to one task or to the interrupt on top of it, in the fixmap
// window of the CPU it runs on. (SPEC G; mm/highmem.c, include/linux/highmem-internal.h, era E3)
//
// They nest like a stack, and the stack is current's: whatever interrupts a task maps on top of
// what the task holds, and must leave it as it was. At most Profile::kmap_local_depth() maps of
// high pages are live at once (BUG kmap_local_idx_push_depth beyond).
#ifndef HIGHMEM_KMAP_KMAP_LOCAL_H_
#define HIGHMEM_KMAP_KMAP_LOCAL_H_

#include "highmem/kernel/co.h"
#include "highmem/machine/types.h"

namespace highmem {

struct Page;

// Maps a page for the caller alone and returns its address, in bytes, good until the matching
// kunmap_local and no good to anybody else. Cannot fail, never sleeps; any context, though in
// hardirq interrupts must be off (WARN kmap_local_idx_push_hardirq). The caller stays preemptible,
// may fault and sleep, and stays on its CPU. A low page returns its linear address and none of this
// happens, unless the profile forces every page through the window. Where the profile has
// kmap_high_get, a page that has a pkmap address is pinned there instead: no slot, no migration
// disabled, an address for every CPU; but no NMI then, for kmap_lock is taken. (SPEC G.2, D.3)
Co<Vaddr> kmap_local_page(Page* page);

// The same for a frame, low or not: always takes a slot. (SPEC G.3)
Co<Vaddr> kmap_local_pfn(Pfn pfn);

// Releases the newest local map, or the pin behind a pkmap address. Any address inside its page
// will do; one outside the window is taken for that of a low page and ignored (WARN
// kunmap_local_below_page_offset if it is no kernel address, kunmap_local_force_map where low pages
// are mapped too). WARN kunmap_local_not_top if it is not the newest map's; BUG
// kmap_local_idx_pop_depth if there is none. (SPEC G.4, G.5)
Co<> kunmap_local(Vaddr vaddr);
// SPEC X16: a page is not an address. What stops the call is this declaration.
Co<> kunmap_local(const Page* page) = delete;

// The frame behind a kernel address, kNoPfn if there is none. Meant for linear addresses; for a
// pkmap address it WARNs once (kmap_to_page_pkmap) and knows the page, for a local map of current
// likewise (kmap_to_page_local), but see quirk Q1. Before local maps it knows the pages of kmap and
// says nothing. (SPEC B.5)
Co<Pfn> kmap_to_page(Vaddr vaddr);

// Whether kmap has made the address: not so for local and atomic maps. Any context. (SPEC B.6;
// include/linux/highmem-internal.h)
bool is_kmap_addr(Vaddr vaddr);

// At the return to user mode: WARNs once (kmap_assert_nomap) if current still has local maps, on
// architectures with the generic entry code (quirk Q11). (SPEC G.8)
Co<> kmap_assert_nomap();

}  // namespace highmem

#endif  // HIGHMEM_KMAP_KMAP_LOCAL_H_
