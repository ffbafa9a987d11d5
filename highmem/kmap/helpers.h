// Swappable part (with kmap.h): what most callers use instead of mapping a page themselves.
// (SPEC I; include/linux/highmem.h, mm/highmem.c: zero_user_segments)
//
// Each maps what it needs for as long as it needs it: by kmap_local_page, in the eras before by
// kmap_atomic, in the first one in the slots KM_USER0 and KM_USER1. So each may be called wherever
// that may, and leaves nothing behind. Offsets and lengths in bytes. What lies behind a page's end
// is a BUG with debug_vm (memcpy_page_bounds), and else whatever happens to be mapped there.
//
// Those that write for user space call flush_dcache_page; memcpy_page and memset_page do not,
// though they write as well (quirk Q9).
#ifndef HIGHMEM_KMAP_HELPERS_H_
#define HIGHMEM_KMAP_HELPERS_H_

#include "highmem/kernel/co.h"
#include "highmem/machine/types.h"

namespace highmem {

struct Page;

Co<> clear_highpage(Page* page);
Co<> copy_highpage(Page* to, Page* from);
Co<> memcpy_page(Page* to, uint32_t to_offset, Page* from, uint32_t from_offset, uint32_t len);
Co<> memset_page(Page* page, uint32_t offset, uint8_t value, uint32_t len);
// From the page to a buffer of the caller's, which this simulation has none of.
Co<> memcpy_from_page(Page* page, uint32_t offset, uint32_t len);
// From a buffer that holds `value` throughout.
Co<> memcpy_to_page(Page* page, uint32_t offset, uint8_t value, uint32_t len);
Co<> memzero_page(Page* page, uint32_t offset, uint32_t len);

// Clears [start1, end1) and [start2, end2) of a compound page of `pages` pages, of which `page` is
// the first. A segment whose end is not behind its start is empty, and legal. BUG if one ends
// behind the compound page (zero_user_segments_end), or if anything is left to clear at the end
// (zero_user_segments_residue). The eras before know single pages alone.
Co<> zero_user_segments(Page* page, int pages, uint32_t start1, uint32_t end1, uint32_t start2,
                        uint32_t end2);

}  // namespace highmem

#endif  // HIGHMEM_KMAP_HELPERS_H_
