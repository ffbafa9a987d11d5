// The pkmap pool: LAST_PKMAP virtual pages, shared by all CPUs, handed out round robin.
//
// A slot's count tells its state: 0 free, and no TLB knows its address; 1 mapped, nobody uses it,
// and some TLB may still know it; n > 1 mapped with n - 1 users. A count goes from 1 to 0 in one
// place only, flush_all_zero_pkmaps, together with a TLB flush on every CPU. That is the whole
// trick: one global flush per round of the pool instead of one per unmap.

#include "highmem/kernel/preempt.h"
#include "highmem/kernel/sched.h"
#include "highmem/kernel/shootdown.h"
#include "highmem/kernel/wait.h"
#include "highmem/kmap/arch.h"
#include "highmem/kmap/introspect.h"
#include "highmem/kmap/kmap.h"
#include "highmem/kmap/kmap_lock.h"
#include "highmem/kmap/page_address.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/shared.h"

namespace highmem {
namespace {

constexpr int kGuard = static_cast<int>(LockId::kKmapLock);
SharedArray<int32_t, EventKind::pkmap_count, kGuard> pkmap_count;
SharedArray<int16_t, EventKind::pkmap_cursor, kGuard> last_pkmap_nr;

constexpr int kPkmapMapWait = 0;  // wait queue of those who found every slot in use

int LastPkmap() { return machine.profile.last_pkmap; }

// The count is raised before the address leaves kmap_lock, and a slot with users survives every
// sweep.
Co<> flush_all_zero_pkmaps() {
  Emit(EventKind::sweep_begin);
  co_await flush_cache_kmaps();
  uint32_t reclaimed = 0;
  for (int nr = 0; nr < LastPkmap(); nr++) {
    if (pkmap_count.get(nr) != 1) continue;
    co_await Step(PrimKind::count, static_cast<uint32_t>(nr));
    pkmap_count.set(nr, 0);

    const Pte pte = PteGet(nr);
    if (pte.none()) co_await Bug(Site::flush_all_zero_pkmaps_pte);
    co_await Prim(PrimKind::pte_clear, static_cast<uint32_t>(nr));
    co_await set_page_address(pfn_to_page(pte.pfn()), 0);
    reclaimed++;
  }
  if (reclaimed != 0) co_await flush_tlb_kernel_range(PKMAP_ADDR(0), PKMAP_ADDR(LastPkmap()));
  Emit(EventKind::sweep_end, reclaimed);
}

// One pass over the pool, starting behind the slot handed out last: a free slot, or -1. Coming
// round to slot 0 sweeps, and what the sweep freed deserves a whole pass of its own.
Co<int> next_free_pkmap() {
  for (int budget = LastPkmap(); budget > 0; budget--) {
    co_await Step(PrimKind::cursor);
    const auto nr = static_cast<int16_t>((last_pkmap_nr.get(0) + 1) & (LastPkmap() - 1));
    last_pkmap_nr.set(0, nr);
    if (nr == 0) {
      co_await flush_all_zero_pkmaps();
      budget = LastPkmap();
    }
    if (pkmap_count.get(nr) == 0) co_return nr;
  }
  co_return -1;
}

// Sleeps until a kunmap leaves some slot unused. Queueing under kmap_lock, where kunmap_high looks
// at the queue, is what makes the wake-up sure.
Co<> wait_for_pkmap() {
  co_await set_current_state(TaskState::kUninterruptible);
  co_await add_wait_queue(kPkmapMapWait);
  co_await unlock_kmap();
  co_await schedule();
  co_await remove_wait_queue(kPkmapMapWait);
  co_await lock_kmap();
}

// Gives the page a slot, count 1. Drops kmap_lock while it sleeps, so it must look again
// afterwards: somebody else may have mapped the page meanwhile, and a page has one slot at most.
Co<Vaddr> map_new_virtual(Page* page) {
  const Pfn pfn = page_to_pfn(page);
  for (;;) {
    Emit(EventKind::attempt, pfn);
    const int nr = co_await next_free_pkmap();
    if (nr >= 0) {
      co_await Prim(PrimKind::pte_set, static_cast<uint32_t>(nr), pfn);
      co_await Step(PrimKind::count, static_cast<uint32_t>(nr));
      pkmap_count.set(nr, 1);
      co_await set_page_address(page, PKMAP_ADDR(nr));
      co_return PKMAP_ADDR(nr);
    }
    Emit(EventKind::attempt_sleep, pfn, kPkmapMapWait);
    co_await wait_for_pkmap();
    const Vaddr mapped_meanwhile = co_await page_address(page);
    if (mapped_meanwhile != 0) co_return mapped_meanwhile;
  }
}

Co<Vaddr> kmap_high(Page* page) {
  co_await lock_kmap();
  Vaddr vaddr = co_await page_address(page);
  if (vaddr == 0) vaddr = co_await map_new_virtual(page);

  const int nr = PKMAP_NR(vaddr);
  co_await Step(PrimKind::count, static_cast<uint32_t>(nr));
  const int count = pkmap_count.add(nr, 1);
  if (count < 2) co_await Bug(Site::kmap_high_count);
  co_await unlock_kmap();
  co_return vaddr;
}

}  // namespace

// Pins what is mapped, be it used by nobody; never maps, never sleeps.
Co<Vaddr> kmap_high_get(Page* page) {
  const uint32_t flags = co_await lock_kmap_any();
  const Vaddr vaddr = co_await page_address(page);
  if (vaddr != 0) {
    const int nr = PKMAP_NR(vaddr);
    if (pkmap_count.get(nr) < 1) co_await Bug(Site::kmap_high_get_count);
    co_await Step(PrimKind::count, static_cast<uint32_t>(nr));
    pkmap_count.add(nr, 1);
  }
  co_await unlock_kmap_any(flags);
  co_return vaddr;
}

Co<> kunmap_high(Page* page) {
  const uint32_t flags = co_await lock_kmap_any();
  const Vaddr vaddr = co_await page_address(page);
  if (vaddr == 0) co_await Bug(Site::kunmap_high_vaddr);

  const int nr = PKMAP_NR(vaddr);
  co_await Step(PrimKind::count, static_cast<uint32_t>(nr));
  const int count = pkmap_count.add(nr, -1);
  if (count == 0) co_await Bug(Site::kunmap_high_count);
  bool need_wakeup = false;
  if (count == 1) {
    co_await Step(PrimKind::queue_test, kPkmapMapWait);
    need_wakeup = waitqueue_active(kPkmapMapWait);
  }
  co_await unlock_kmap_any(flags);
  if (need_wakeup) co_await wake_up(kPkmapMapWait);
}

Co<Vaddr> kmap(Page* page) {
  if (!MaySleep()) co_await Splat(Site::kmap_might_sleep);
  if (!PageHighMem(page)) co_return lowmem_page_address(page);
  co_return co_await kmap_high(page);
}

// Quirk Q10: it never sleeps.
Co<> kunmap(Page* page) {
  if (!MaySleep() && machine.profile.quirk(10)) co_await Splat(Site::kunmap_might_sleep);
  if (!PageHighMem(page)) co_return;
  co_await kunmap_high(page);
}

Co<> kmap_flush_unused() {
  co_await lock_kmap();
  co_await flush_all_zero_pkmaps();
  co_await unlock_kmap();
}

void kmap_reset() {
  pkmap_count.Carve(LastPkmap());
  last_pkmap_nr.Carve(1);
  WaitQueuesReset(1);
  page_address_reset();
}

namespace {

constexpr PkmapView kPkmapView = {
    .count = [](int nr) { return static_cast<int>(pkmap_count.get(nr)); },
    .cursor = [](int colour) { return static_cast<int>(last_pkmap_nr.get(colour)); },
    .wait_queue = [](int) { return kPkmapMapWait; },
};

}  // namespace

const PkmapView* pkmap_view() { return &kPkmapView; }

}  // namespace highmem
