#include "highmem/kmap/kmap_high_local.h"

#include "highmem/kernel/primitive.h"
#include "highmem/kmap/kmap.h"
#include "highmem/kmap/kmap_lock.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"

namespace highmem {

Co<Vaddr> arch_kmap_local_high_get(Page* page) {
  const bool window_anyway = machine.profile.debug_highmem != 0 && !machine.profile.cache_is_vivt();
  if (!ArchNeedsKmapHighGet() || window_anyway) co_return 0;
  co_return co_await kmap_high_get(page);
}

Co<bool> kmap_high_unmap_local(Vaddr vaddr) {
  if (!ArchNeedsKmapHighGet() || !InPkmap(vaddr)) co_return false;
  const auto vpn = static_cast<uint32_t>(VpnOf(vaddr));
  co_await Step(PrimKind::pte_get, vpn);
  const Pte pte = PteGet(static_cast<int>(vpn));
  if (!pte.none()) co_await kunmap_high(pfn_to_page(pte.pfn()));
  co_return true;
}

}  // namespace highmem
