// Page to address: the hash, or field of struct page, that remembers where each mapped high page
// is. (SPEC B; mm/highmem.c: page_address, set_page_address; include/linux/mm.h: WANT_PAGE_VIRTUAL)
#ifndef HIGHMEM_KMAP_PAGE_ADDRESS_H_
#define HIGHMEM_KMAP_PAGE_ADDRESS_H_

#include "highmem/kernel/co.h"
#include "highmem/machine/types.h"

namespace highmem {

struct Page;

void page_address_reset();

// The page's address, 0 if it has none: linear for a low page, a PKMAP address for a high one.
// Takes no pin: for a high page the answer may be stale as soon as it is given. Any context but
// NMI. (SPEC B.3)
Co<Vaddr> page_address(Page* page);

// Publishes a high page's address, or drops it if vaddr is 0. Duplicates are not looked for;
// dropping what is not there does nothing. Callers hold kmap_lock. BUG for a low page. (SPEC B.4)
Co<> set_page_address(Page* page, Vaddr vaddr);

}  // namespace highmem

#endif  // HIGHMEM_KMAP_PAGE_ADDRESS_H_
