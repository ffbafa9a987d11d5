// A page that the kernel has written is not written back at once where it may get a new address
// first: it is marked, and whoever gives it one sees to it.

#include "highmem/kmap/dcache.h"

#include "highmem/kernel/primitive.h"
#include "highmem/kmap/cache_maint.h"
#include "highmem/kmap/kmap_atomic.h"
#include "highmem/machine/event.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/shared.h"

namespace highmem {
namespace {

Co<> set_page_dcache_dirty(Page* page, bool dirty) {
  co_await Step(PrimKind::page_flags, page_to_pfn(page));
  touched.shared = true;
  page->dcache_dirty = dirty;
}

}  // namespace

Co<> flush_dcache_page(Page* page) {
  Emit(EventKind::flush_dcache_page, page_to_pfn(page));
  if (machine.profile.setter_hook != 0) co_await set_page_dcache_dirty(page, true);
}

Co<> __update_cache(Pfn pfn) {
  Page* const page = pfn_to_page(pfn);
  co_await Step(PrimKind::page_flags, pfn);
  touched.shared = true;
  const bool dirty = page->dcache_dirty != 0;
  if (!dirty) co_return;
  const bool high = PageHighMem(page);
  const Vaddr vaddr = high ? co_await kmap_atomic(page) : lowmem_page_address(page);
  co_await maint_page(vaddr, PrimKind::dcache_clean_inv);
  if (high) co_await kunmap_atomic(vaddr);
  co_await set_page_dcache_dirty(page, false);
}

}  // namespace highmem
