// The way back, from an address to its page. Linear addresses need arithmetic only; the two kmap
// windows are looked up, and complained about: who asks should have known the page. Before local
// maps nobody complained, and nobody knew the pages of kmap_atomic.

#include "highmem/kernel/primitive.h"
#include "highmem/kernel/warn.h"
#include "highmem/kmap/kmap_ctrl.h"
#include "highmem/kmap/kmap_local.h"
#include "highmem/machine/page.h"

namespace highmem {
namespace {

bool KnowsLocalMaps() { return machine.profile.is_era(Era::kE3Local); }

// Quirk Q1: strict at the top, so slot 0 of CPU 0 is not recognised.
bool InWindow(Vaddr addr) {
  return KnowsLocalMaps() && InFixKmap(addr) &&
         (addr < machine.fix_kmap_begin || !machine.profile.quirk(1));
}

// The page of current's local map at this address, kNoPfn if it has none there.
Pfn LocalMapAt(Vaddr addr) {
  const int idx = kmap_ctrl_idx.get(CurrentTaskId());
  for (int i = 0; i < idx; i++) {
    const Pte pte{kmap_ctrl_pteval.get(PtevalOf(CurrentTaskId(), i))};
    if (!pte.none() && FixKmapAddr(arch_kmap_local_map_idx(i, pte.pfn())) == addr) return pte.pfn();
  }
  return kNoPfn;
}

}  // namespace

Co<Pfn> kmap_to_page(Vaddr vaddr) {
  const Vaddr addr = PageAlign(vaddr);
  if (InPkmap(addr)) {
    if (KnowsLocalMaps()) co_await WarnOnce(Site::kmap_to_page_pkmap);
    const auto nr = static_cast<uint32_t>(PKMAP_NR(addr));
    co_await Step(PrimKind::pte_get, nr);
    co_return PteGet(static_cast<int>(nr)).pfn();
  }
  if (InWindow(addr)) {
    co_await WarnOnce(Site::kmap_to_page_local);
    const Pfn pfn = LocalMapAt(addr);
    if (pfn != kNoPfn) co_return pfn;
  }
  co_return virt_to_pfn(addr);
}

bool is_kmap_addr(Vaddr vaddr) { return InPkmap(vaddr); }

}  // namespace highmem
