// What architectures do around a change of their kmap windows, by what the profile says of them.
//
// A cache that is found by virtual address must not keep a line whose address is about to mean
// another page, or nobody will ever find it again: it is written back and dropped while the page
// still stands there. One that is found by frame has nothing to do. Of the TLB what goes is
// flushed, on this CPU alone; a new entry that replaces none needs no flush, for none is never
// cached, but some architectures do it all the same. sparc keeps to one rule for all: before a map
// comes or goes the caches are written back, and behind it every CPU's TLB is emptied.

#include "highmem/kmap/arch.h"

#include "highmem/kernel/lazy_mmu.h"
#include "highmem/kernel/primitive.h"
#include "highmem/kernel/shootdown.h"
#include "highmem/kmap/cache_maint.h"
#include "highmem/machine/event.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

Prim local_flush_tlb_kernel_page(Vaddr vaddr) {
  const auto vpn = static_cast<uint32_t>(VpnOf(vaddr));
  return Prim(PrimKind::tlb_flush_local, vpn, vpn + 1);
}

bool FlushesAll() { return machine.profile.local_flush_all != 0; }

}  // namespace

Co<> flush_cache_kmaps() {
  co_await Step(PrimKind::cache_hook);
  Emit(EventKind::flush_cache_kmaps);
  const bool by_address = machine.profile.cache_is_vivt() || machine.profile.cache_aliases();
  if (by_address) co_await Prim(PrimKind::dcache_flush_all);
}

Co<> kunmap_flush_on_unmap(Vaddr vaddr) { return maint_page(vaddr, PrimKind::dcache_clean_inv); }

Co<> arch_kmap_local_pre_map() {
  if (FlushesAll()) co_await Prim(PrimKind::dcache_flush_all);
}

Co<> arch_kmap_local_post_map(Vaddr vaddr) {
  if (FlushesAll()) co_return co_await flush_tlb_all();
  if (machine.profile.paravirt != 0) co_await arch_flush_lazy_mmu_mode();
  if (machine.profile.local_flush_on_map != 0) co_await local_flush_tlb_kernel_page(vaddr);
}

Co<> arch_kmap_local_pre_unmap(Vaddr vaddr) {
  if (FlushesAll()) co_return co_await arch_kmap_local_pre_map();
  if (machine.profile.cache_is_vivt()) co_await maint_page(vaddr, PrimKind::dcache_clean_inv);
}

Co<> arch_kmap_local_post_unmap(Vaddr vaddr) {
  if (FlushesAll()) co_return co_await flush_tlb_all();
  if (machine.profile.paravirt != 0) co_await arch_flush_lazy_mmu_mode();
  co_await local_flush_tlb_kernel_page(vaddr);
}

}  // namespace highmem
