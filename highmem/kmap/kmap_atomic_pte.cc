// A slot of the window, in the eras E1 and E2.
//
// Two habits. On x86 kunmap_atomic clears the entry and flushes it, so a map finds its slot empty
// and checks that. Elsewhere the entry stays until the next map in that slot replaces it, and that
// map flushes; with debugging on those architectures do both.

#include "highmem/kernel/primitive.h"
#include "highmem/kmap/arch.h"
#include "highmem/kmap/kmap_atomic_eras.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"

namespace highmem {

Co<Vaddr> kmap_atomic_pte_set(int index, Pfn pfn, bool check) {
  const auto vpn = static_cast<uint32_t>(FixKmapVpn(index));
  const Vaddr vaddr = FixKmapAddr(index);
  if (check && !machine.profile.leaves_pte()) {
    co_await Step(PrimKind::pte_get, vpn);
    const bool busy = !PteGet(static_cast<int>(vpn)).none();
    if (busy) co_await Bug(Site::kmap_atomic_pte);
  }
  co_await arch_kmap_local_pre_map();
  co_await Prim(PrimKind::pte_set, vpn, pfn);
  co_await arch_kmap_local_post_map(vaddr);
  co_return vaddr;
}

Co<> kmap_atomic_pte_clear(int index, Vaddr addr) {
  const bool leaves = machine.profile.leaves_pte();
  if (!leaves || machine.profile.local_flush_all == 0) co_await arch_kmap_local_pre_unmap(addr);
  if (leaves) co_return;
  co_await Prim(PrimKind::pte_clear, static_cast<uint32_t>(FixKmapVpn(index)));
  co_await arch_kmap_local_post_unmap(addr);
}

Co<> debug_kunmap_atomic_address(Vaddr addr) {
  if (!DebugHighmem() || machine.profile.keeps_pte != 0) co_return;
  if (addr < kPageOffset) co_await Bug(Site::kunmap_atomic_below_page_offset);
  if (addr >= kHighMemory) co_await Bug(Site::kunmap_atomic_above_high_memory);
}

}  // namespace highmem
