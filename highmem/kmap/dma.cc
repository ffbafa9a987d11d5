// Cache maintenance around DMA, for devices that do not look into the CPU's caches.
//
// It goes by address, line by line, and takes its time: others run in between. So the address has
// to stay the page's until the last line. A low page's is its own for ever. A high page may have
// one from kmap, used or not: kmap_high_get keeps it there. If it has none, what there is to do
// depends on the cache. One that is found by virtual address holds nothing of such a page, since
// every way by which an address is lost writes it back; one that is found by frame may, and the
// page gets an address for as long as this takes.
//
// An outer cache lies between those and memory, and is told by frame. What is on its way to memory
// goes through it last; what is to come from memory must not find it in the way, so it goes first.

#include "highmem/kmap/dma.h"

#include "highmem/kmap/cache_maint.h"
#include "highmem/kmap/kmap.h"
#include "highmem/kmap/kmap_atomic.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

Co<> dma_cache_maint_page(Page* page, PrimKind op) {
  if (!PageHighMem(page)) {
    co_await maint_page(lowmem_page_address(page), op);
    co_return;
  }
  if (!machine.profile.cache_is_vivt()) {
    const Vaddr vaddr = co_await kmap_atomic(page);
    co_await maint_page(vaddr, op);
    co_await kunmap_atomic(vaddr);
    co_return;
  }
  const Vaddr vaddr = co_await kmap_high_get(page);
  if (vaddr == 0) co_return;
  co_await maint_page(vaddr, op);
  co_await kunmap_high(page);
}

}  // namespace

Co<> dma_map_page(Page* page, DmaDirection direction) {
  if (machine.profile.coherent_dma != 0) co_return;
  const bool from = direction == DmaDirection::kFromDevice;
  co_await dma_cache_maint_page(page, from ? PrimKind::dcache_inv : PrimKind::dcache_clean);
  co_await maint_outer_page(page_to_pfn(page), from ? PrimKind::outer_inv : PrimKind::outer_clean);
}

Co<> dma_unmap_page(Page* page, DmaDirection direction) {
  if (machine.profile.coherent_dma != 0 || direction == DmaDirection::kToDevice) co_return;
  co_await maint_outer_page(page_to_pfn(page), PrimKind::outer_inv);
  co_await dma_cache_maint_page(page, PrimKind::dcache_inv);
}

}  // namespace highmem
