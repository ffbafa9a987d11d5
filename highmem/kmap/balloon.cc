// A slot of the pool outlives its users: it would still show the frame when that is somebody
// else's.

#include "highmem/kmap/balloon.h"

#include "highmem/kernel/primitive.h"
#include "highmem/kmap/kmap.h"
#include "highmem/kmap/vmap.h"
#include "highmem/machine/page.h"

namespace highmem {

Co<> decrease_reservation(Page* page) {
  co_await kmap_flush_unused();
  if (machine.profile.vmap_pages != 0) co_await vm_unmap_aliases();
  co_await Prim(PrimKind::frame_release, page_to_pfn(page));
}

}  // namespace highmem
