// An implementation that does nothing but show its cells; stands in for all of kmap/ in tests of
// checkers.

#include "highmem/check/bench_for_test.h"
#include "highmem/kernel/kmap_hooks.h"
#include "highmem/kernel/wait.h"
#include "highmem/kmap/balloon.h"
#include "highmem/kmap/dcache.h"
#include "highmem/kmap/dma.h"
#include "highmem/kmap/helpers.h"
#include "highmem/kmap/introspect.h"
#include "highmem/kmap/kmap.h"
#include "highmem/kmap/kmap_atomic.h"
#include "highmem/kmap/kmap_local.h"
#include "highmem/kmap/page_address.h"
#include "highmem/kmap/pks.h"
#include "highmem/kmap/vmap.h"
#include "highmem/machine/page.h"

namespace highmem {

FakePool fake_pool;

void kmap_reset() {
  fake_pool.count.Carve(machine.profile.last_pkmap);
  fake_pool.cursor.Carve(1);
  fake_pool.record.Carve(machine.profile.last_pkmap);
  WaitQueuesReset(1);
}

Co<Vaddr> kmap(Page* /*page*/) { co_return 0; }
Co<> kunmap(Page* /*page*/) { co_return; }
Co<Vaddr> kmap_high_get(Page* /*page*/) { co_return 0; }
Co<> kunmap_high(Page* /*page*/) { co_return; }
Co<> dma_map_page(Page* /*page*/, DmaDirection /*direction*/) { co_return; }
Co<> dma_unmap_page(Page* /*page*/, DmaDirection /*direction*/) { co_return; }
Co<> kmap_flush_unused() { co_return; }
Co<Vaddr> vmap(Page* /*page*/, int) { co_return 0; }
Co<> vunmap(Vaddr /*vaddr*/) { co_return; }
Co<Vaddr> vm_map_ram(Page* /*page*/, int) { co_return 0; }
Co<> vm_unmap_ram(Vaddr /*vaddr*/, int) { co_return; }
Co<> vm_unmap_aliases() { co_return; }
Co<> drain_vmap_area_work() { co_return; }
void vmap_reset() {}
const VmapView* vmap_view() { return nullptr; }
Co<> flush_dcache_page(Page* /*page*/) { co_return; }
Co<> decrease_reservation(Page* /*page*/) { co_return; }
Co<> clear_highpage(Page* /*page*/) { co_return; }
Co<> copy_highpage(Page* /*to*/, Page* /*from*/) { co_return; }
Co<> memcpy_page(Page* /*to*/, uint32_t, Page* /*from*/, uint32_t, uint32_t) { co_return; }
Co<> memset_page(Page* /*page*/, uint32_t, uint8_t, uint32_t) { co_return; }
Co<> memcpy_from_page(Page* /*page*/, uint32_t, uint32_t) { co_return; }
Co<> memcpy_to_page(Page* /*page*/, uint32_t, uint8_t, uint32_t) { co_return; }
Co<> memzero_page(Page* /*page*/, uint32_t, uint32_t) { co_return; }
Co<> zero_user_segments(Page* /*page*/, int, uint32_t, uint32_t, uint32_t, uint32_t) { co_return; }
Co<Vaddr> page_address(Page* /*page*/) { co_return 0; }

Co<Vaddr> kmap_local_page(Page* /*page*/) { co_return 0; }
Co<Vaddr> kmap_local_pfn(Pfn /*pfn*/) { co_return 0; }
Co<> kunmap_local(Vaddr /*vaddr*/) { co_return; }
void kmap_atomic_reset() {}
Co<Vaddr> kmap_atomic(Page* /*page*/, KmType /*type*/) { co_return 0; }
Co<Vaddr> kmap_atomic_pfn(Pfn /*pfn*/, KmType /*type*/) { co_return 0; }
Co<> kunmap_atomic(Vaddr /*vaddr*/, KmType /*type*/) { co_return; }
Co<Pfn> kmap_to_page(Vaddr /*vaddr*/) { co_return kNoPfn; }
bool is_kmap_addr(Vaddr /*vaddr*/) { return false; }
void pks_reset(int /*tasks*/) {}
Co<> pks_key_fault() { co_return; }
Co<> kmap_assert_nomap() { co_return; }
Co<> set_page_address(Page* /*page*/, Vaddr /*vaddr*/) { co_return; }

void kmap_ctrl_reset(int tasks) {
  fake_pool.idx.Carve(tasks);
  fake_pool.pteval.Carve(tasks * machine.profile.km_max_idx);
}
void kmap_ctrl_copy(TaskId /*parent*/, TaskId /*child*/) {}
Co<> kmap_local_sched_out() { co_return; }
Co<> kmap_local_sched_in() { co_return; }
Co<> kmap_local_fork(TaskId /*child*/) { co_return; }

namespace {

int SlotOf(const Page* page) {
  for (int r = 0; r < fake_pool.record.size(); r++)
    if (fake_pool.record.get(r) == page_to_pfn(page) + 1) return r;
  return -1;
}

Pfn PageOf(int slot) { return static_cast<Pfn>(fake_pool.record.get(slot) - 1); }

constexpr PkmapView kPool = {
    .count = [](int slot) { return static_cast<int>(fake_pool.count.get(slot)); },
    .cursor = [](int) { return static_cast<int>(fake_pool.cursor.get(0)); },
    .wait_queue = [](int) { return 0; },
};
constexpr PageAddressView kRecords = {.slot_of = SlotOf, .page_of = PageOf};

constexpr KmapCtrlView kCtrl = {
    .idx = [](TaskId t) { return static_cast<int>(fake_pool.idx.get(t)); },
    .pteval = [](TaskId t,
                 int i) { return Pte{fake_pool.pteval.get(t * machine.profile.km_max_idx + i)}; },
};

}  // namespace

const KmapCtrlView* kmap_ctrl_view() { return fake_pool.exported ? &kCtrl : nullptr; }
const KmapAtomicView* kmap_atomic_view() { return nullptr; }
const PkmapView* pkmap_view() { return fake_pool.exported ? &kPool : nullptr; }
const PageAddressView* page_address_view() { return fake_pool.exported ? &kRecords : nullptr; }

}  // namespace highmem
