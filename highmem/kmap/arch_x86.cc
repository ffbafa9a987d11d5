// x86: caches are physically tagged, so the window has nothing to write back. A present entry that
// replaces a none one needs no flush, since none is never cached; what goes is flushed here only.

#include "highmem/kernel/primitive.h"
#include "highmem/kmap/arch.h"
#include "highmem/machine/event.h"
#include "highmem/machine/layout.h"

namespace highmem {

Co<> flush_cache_kmaps() {
  co_await Step(PrimKind::cache_hook);
  Emit(EventKind::flush_cache_kmaps);
}

Co<> arch_kmap_local_post_map(Vaddr vaddr) {
  if (machine.profile.local_flush_on_map == 0) co_return;
  const auto vpn = static_cast<uint32_t>(VpnOf(vaddr));
  co_await Prim(PrimKind::tlb_flush_local, vpn, vpn + 1);
}
Co<> arch_kmap_local_pre_unmap(Vaddr /*vaddr*/) { co_return; }

Co<> arch_kmap_local_post_unmap(Vaddr vaddr) {
  const auto vpn = static_cast<uint32_t>(VpnOf(vaddr));
  co_await Prim(PrimKind::tlb_flush_local, vpn, vpn + 1);
}

}  // namespace highmem
