// Local maps: a stack per task, in the slots of whatever CPU the task is on.
//
// No lock: the slots of a CPU are used by what executes on it, one on top of the other. So only the
// order of the steps counts. A map raises the index first and fills the slot then, an unmap empties
// the slot first and lowers the index then: whatever interrupts in between takes slots above the
// index and finds them empty. Migration is off from the first map to the last unmap, so that the
// addresses stay good; preemption only within the two.

#include "highmem/kmap/kmap_local.h"

#include "highmem/kernel/migrate.h"
#include "highmem/kernel/preempt.h"
#include "highmem/kernel/primitive.h"
#include "highmem/kernel/warn.h"
#include "highmem/kmap/arch.h"
#include "highmem/kmap/introspect.h"
#include "highmem/kmap/kmap_ctrl.h"
#include "highmem/kmap/kmap_high_local.h"
#include "highmem/kmap/pks.h"
#include "highmem/kmap/set_pte.h"
#include "highmem/machine/page.h"

namespace highmem {
namespace {

// Quirk Q2: the index stops below KM_MAX_IDX, so the last slot is never used.
int PastLastIdx() { return KmMaxIdx() + (machine.profile.quirk(2) ? 0 : 1); }

// Returns the slot of the new map.
Co<int> kmap_local_idx_push() {
  if ((in_hardirq() || in_nmi()) && !irqs_disabled())
    co_await WarnOnce(Site::kmap_local_idx_push_hardirq);
  co_await Step(PrimKind::kmap_idx, CurrentTaskId());
  const int idx = kmap_ctrl_idx.add(CurrentTaskId(), static_cast<int16_t>(kmap_local_inc()));
  if (idx >= PastLastIdx()) co_await Bug(Site::kmap_local_idx_push_depth);
  co_return idx - 1;
}

Co<> kmap_local_idx_pop() {
  co_await Step(PrimKind::kmap_idx, CurrentTaskId());
  const int idx = kmap_ctrl_idx.add(CurrentTaskId(), static_cast<int16_t>(-kmap_local_inc()));
  if (idx < 0) co_await Bug(Site::kmap_local_idx_pop_depth);
}

Co<> set_pteval(int slot, Pte pte) {
  co_await Step(PrimKind::kmap_pteval, CurrentTaskId());
  kmap_ctrl_pteval.set(PtevalOf(CurrentTaskId(), slot), pte.value);
}

Co<Vaddr> __kmap_local_pfn_prot(Pfn pfn) {
  co_await migrate_disable();
  co_await preempt_disable();
  const int slot = co_await kmap_local_idx_push();
  const int index = arch_kmap_local_map_idx(slot, pfn);
  const Vaddr vaddr = FixKmapAddr(index);
  const auto vpn = static_cast<uint32_t>(kmap_get_pte(vaddr, index));

  co_await Step(PrimKind::pte_get, vpn);
  const bool busy = !PteGet(static_cast<int>(vpn)).none();
  if (busy) co_await Bug(Site::kmap_local_pfn_prot_pte);
  if (!machine.profile.quirk(4)) co_await arch_kmap_local_pre_map();
  co_await arch_kmap_set_pte(vpn, pfn);
  co_await arch_kmap_local_post_map(vaddr);
  co_await set_pteval(slot, Pte::Of(pfn));
  co_await preempt_enable();
  co_return vaddr;
}

// Not the top slot's address: the mistake is reported, and the top slot goes all the same, while
// the flush hits the address that was passed. Where page-table entries are found by address, so
// does the clearing, and the top slot's entry stays behind.
Co<> kunmap_local_indexed(Vaddr vaddr) {
  const Vaddr addr = PageAlign(vaddr);
  if (!InFixKmap(addr)) {
    if (machine.profile.flush_on_kunmap != 0) co_await kunmap_flush_on_unmap(addr);
    if (pgmap_protects(virt_to_pfn(addr))) co_await pgmap_set_noaccess();
    if (machine.profile.forces_map()) {
      co_await WarnOnce(Site::kunmap_local_force_map);
      co_return;
    }
    const bool unpinned = co_await kmap_high_unmap_local(addr);
    const bool asks = machine.profile.has_highmem();
    if (asks && !unpinned && addr < kPageOffset)
      co_await WarnOnce(Site::kunmap_local_below_page_offset);
    co_return;
  }
  co_await preempt_disable();
  const int slot = kmap_ctrl_idx.get(CurrentTaskId()) - 1;
  const int index = arch_kmap_local_unmap_idx(slot, addr);
  if (addr != FixKmapAddr(index)) co_await WarnOnce(Site::kunmap_local_not_top);
  if (slot < 0) co_await Bug(Site::kmap_local_idx_pop_depth);

  // Quirk Q5: not the address of the slot that goes.
  const Vaddr flushed = machine.profile.quirk(5) ? addr : FixKmapAddr(index);
  co_await arch_kmap_local_pre_unmap(flushed);
  co_await Prim(PrimKind::pte_clear, static_cast<uint32_t>(kmap_get_pte(addr, index)));
  co_await arch_kmap_local_post_unmap(flushed);
  co_await set_pteval(slot, Pte{});
  co_await kmap_local_idx_pop();
  co_await preempt_enable();
  co_await migrate_enable();
}

bool UsesWindow(const Page* page) { return PageHighMem(page) || machine.profile.forces_map(); }

}  // namespace

Co<Vaddr> kmap_local_pfn(Pfn pfn) { return __kmap_local_pfn_prot(pfn); }

Co<Vaddr> kmap_local_page(Page* page) {
  if (pgmap_protects(page_to_pfn(page))) co_await pgmap_set_readwrite();
  if (!UsesWindow(page)) co_return lowmem_page_address(page);
  const Vaddr kmapped = co_await arch_kmap_local_high_get(page);
  if (kmapped != 0) co_return kmapped;
  co_return co_await __kmap_local_pfn_prot(page_to_pfn(page));
}

Co<> kunmap_local(Vaddr vaddr) { return kunmap_local_indexed(vaddr); }

Co<> kmap_assert_nomap() {
  const bool asks = machine.profile.generic_entry != 0 || !machine.profile.quirk(11);
  if (asks && kmap_ctrl_idx.get(CurrentTaskId()) != 0) co_await WarnOnce(Site::kmap_assert_nomap);
}

namespace {

constexpr KmapCtrlView kKmapCtrlView = {
    .idx = [](TaskId t) { return static_cast<int>(kmap_ctrl_idx.get(t)); },
    .pteval = [](TaskId t, int i) { return Pte{kmap_ctrl_pteval.get(PtevalOf(t, i))}; },
};

}  // namespace

const KmapCtrlView* kmap_ctrl_view() { return &kKmapCtrlView; }

}  // namespace highmem
