// Maintenance of the data caches, a page at a time: of the inner one by address, of the outer one
// by frame. (arch/arm/mm: cache-v7.S, proc-arm926.S, cache-l2x0.c)
#ifndef HIGHMEM_KMAP_CACHE_MAINT_H_
#define HIGHMEM_KMAP_CACHE_MAINT_H_

#include "highmem/kernel/primitive.h"
#include "highmem/machine/machine.h"

namespace highmem {

// `op` (dcache_clean, dcache_inv, dcache_clean_inv) for every line of the page at `vaddr`, its
// first address, in order. Each line is a step of its own: whatever the caller lets in may come
// between.
inline Co<> maint_page(Vaddr vaddr, PrimKind op) {
  const auto line = static_cast<uint32_t>(machine.profile.line_size);
  const auto size = static_cast<uint32_t>(machine.profile.page_size);
  for (uint32_t offset = 0; offset < size; offset += line) co_await Prim(op, vaddr + offset);
}

// `op` (outer_clean, outer_inv) likewise; nothing to do where there is no outer cache.
inline Co<> maint_outer_page(Pfn pfn, PrimKind op) {
  if (machine.profile.outer_cache == 0) co_return;
  const auto line = static_cast<uint32_t>(machine.profile.line_size);
  const auto size = static_cast<uint32_t>(machine.profile.page_size);
  for (uint32_t offset = 0; offset < size; offset += line) co_await Prim(op, pfn, offset);
}

}  // namespace highmem

#endif  // HIGHMEM_KMAP_CACHE_MAINT_H_
