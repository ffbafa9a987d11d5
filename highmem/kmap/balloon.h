// Swappable part (with kmap.h): frames that the kernel gives up. (drivers/xen/balloon.c)
#ifndef HIGHMEM_KMAP_BALLOON_H_
#define HIGHMEM_KMAP_BALLOON_H_

#include "highmem/kernel/co.h"

namespace highmem {

struct Page;

// Gives a high page's frame back to the hypervisor, for good. Nobody may have a map of it; one that
// nobody uses any more may still stand in the pool, and goes. Preemptible task context, interrupts
// on.
Co<> decrease_reservation(Page* page);

}  // namespace highmem

#endif  // HIGHMEM_KMAP_BALLOON_H_
