// The pkmap pool: LAST_PKMAP virtual pages, shared by all CPUs, handed out round robin.
//
// A slot's count tells its state: 0 free, and no TLB knows its address; 1 mapped, nobody uses it,
// and some TLB may still know it; n > 1 mapped with n - 1 users. A count goes from 1 to 0 in one
// place only, flush_all_zero_pkmaps, together with a TLB flush on every CPU. That is the whole
// trick: one global flush per round of the pool instead of one per unmap.
//
// A cache with colours wants a page's address to be of the page's colour. Each colour then has
// every NC-th slot, with a cursor and a wait queue of its own; without colours, NC is 1. (SPEC
// C.10)

#include "highmem/kernel/preempt.h"
#include "highmem/kernel/sched.h"
#include "highmem/kernel/shootdown.h"
#include "highmem/kernel/wait.h"
#include "highmem/kmap/arch.h"
#include "highmem/kmap/introspect.h"
#include "highmem/kmap/kmap.h"
#include "highmem/kmap/kmap_lock.h"
#include "highmem/kmap/page_address.h"
#include "highmem/kmap/set_pte.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/shared.h"

namespace highmem {
namespace {

constexpr int kGuard = static_cast<int>(LockId::kKmapLock);
SharedArray<int32_t, EventKind::pkmap_count, kGuard> pkmap_count;
SharedArray<int16_t, EventKind::pkmap_cursor, kGuard> last_pkmap_nr;

int LastPkmap() { return machine.profile.last_pkmap; }
bool IsLocalEra() { return machine.profile.is_era(Era::kE3Local); }

int get_pkmap_color(Pfn pfn) { return PageColour(pfn); }
int get_pkmap_entries_count() { return LastPkmap() / machine.profile.colours; }
// Of those who found every slot of the colour in use.
int get_pkmap_wait_queue_head(int color) { return color; }

// A cursor holds the colour's slot less the colour.
int get_next_pkmap_nr(int color) {
  const int cursor = (last_pkmap_nr.get(color) + machine.profile.colours) & (LastPkmap() - 1);
  last_pkmap_nr.set(color, static_cast<int16_t>(cursor));
  return cursor + color;
}
bool no_more_pkmaps(int nr) { return nr < machine.profile.colours; }

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

// One pass over the colour's slots, starting behind the one handed out last: a free slot, or -1.
// Coming round to the first one sweeps, and what the sweep freed deserves a whole pass of its own.
Co<int> next_free_pkmap(int color) {
  for (int budget = get_pkmap_entries_count(); budget > 0; budget--) {
    co_await Step(PrimKind::cursor, static_cast<uint32_t>(color));
    const int nr = get_next_pkmap_nr(color);
    if (no_more_pkmaps(nr)) {
      co_await flush_all_zero_pkmaps();
      budget = get_pkmap_entries_count();
    }
    if (pkmap_count.get(nr) == 0) co_return nr;
  }
  co_return -1;
}

// Sleeps until a kunmap leaves some slot of the colour unused. Queueing under kmap_lock, where
// kunmap_high looks at the queue, is what makes the wake-up sure.
Co<> wait_for_pkmap(int color) {
  co_await set_current_state(TaskState::kUninterruptible);
  co_await add_wait_queue(get_pkmap_wait_queue_head(color));
  co_await unlock_kmap();
  co_await schedule();
  co_await remove_wait_queue(get_pkmap_wait_queue_head(color));
  co_await lock_kmap();
}

// Gives the page a slot, count 1. Drops kmap_lock while it sleeps, so it must look again
// afterwards: somebody else may have mapped the page meanwhile, and a page has one slot at most.
Co<Vaddr> map_new_virtual(Page* page) {
  const Pfn pfn = page_to_pfn(page);
  for (;;) {
    Emit(EventKind::attempt, pfn);
    const int nr = co_await next_free_pkmap(get_pkmap_color(pfn));
    if (nr >= 0) {
      if (UsesSetterHook()) co_await __update_cache(pfn);
      co_await arch_kmap_set_pte(static_cast<uint32_t>(nr), pfn);
      co_await Step(PrimKind::count, static_cast<uint32_t>(nr));
      pkmap_count.set(nr, 1);
      co_await set_page_address(page, PKMAP_ADDR(nr));
      co_return PKMAP_ADDR(nr);
    }
    const int color = get_pkmap_color(pfn);
    Emit(EventKind::attempt_sleep, pfn, static_cast<uint32_t>(get_pkmap_wait_queue_head(color)));
    co_await wait_for_pkmap(color);
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
  const int queue = get_pkmap_wait_queue_head(get_pkmap_color(page_to_pfn(page)));
  bool need_wakeup = false;
  if (count == 1) {
    co_await Step(PrimKind::queue_test, static_cast<uint32_t>(queue));
    need_wakeup = waitqueue_active(queue);
  }
  co_await unlock_kmap_any(flags);
  if (need_wakeup) co_await wake_up(queue);
}

namespace {

// Both ask whether they may sleep, kunmap though it never does (quirk Q10). Up to 5.10 kunmap
// refused interrupts instead, and at first kmap did so on sparc. (SPEC 0.4)
bool KmapIsMisplaced() {
  return machine.profile.kmap_refuses_interrupts() ? in_interrupt() : !MaySleep();
}
bool KunmapIsMisplaced() {
  if (!machine.profile.has_highmem()) return false;
  return IsLocalEra() ? !MaySleep() && machine.profile.quirk(10) : in_interrupt();
}

Co<> complain_of_kmap() {
  if (machine.profile.kmap_refuses_interrupts()) co_await Bug(Site::kmap_in_interrupt);
  co_await Splat(Site::kmap_might_sleep);
}
Co<> complain_of_kunmap() {
  if (!IsLocalEra()) co_await Bug(Site::kunmap_in_interrupt);
  co_await Splat(Site::kunmap_might_sleep);
}

}  // namespace

Co<Vaddr> kmap(Page* page) {
  if (KmapIsMisplaced()) co_await complain_of_kmap();
  const bool high = PageHighMem(page);
  const Vaddr vaddr = high ? co_await kmap_high(page) : lowmem_page_address(page);
  // Some TLB may know that the slot was empty. Quirk Q3: of a low page's address none does, and up
  // to 5.10 nobody thought so.
  const bool low_too = IsLocalEra() && machine.profile.quirk(3);
  const bool flushes = machine.profile.kmap_flush_tlb != 0 && (high || low_too);
  if (flushes) co_await flush_tlb_one(vaddr);
  co_return vaddr;
}

Co<> kunmap(Page* page) {
  if (KunmapIsMisplaced()) co_await complain_of_kunmap();
  if (!PageHighMem(page)) {
    if (machine.profile.flush_on_kunmap != 0)
      co_await kunmap_flush_on_unmap(lowmem_page_address(page));
    co_return;
  }
  co_await kunmap_high(page);
}

Co<> kmap_flush_unused() {
  if (!machine.profile.has_highmem()) co_return;
  co_await lock_kmap();
  co_await flush_all_zero_pkmaps();
  co_await unlock_kmap();
}

void kmap_reset() {
  pkmap_count.Carve(LastPkmap());
  last_pkmap_nr.Carve(machine.profile.colours);
  WaitQueuesReset(machine.profile.colours);
  page_address_reset();
}

namespace {

constexpr PkmapView kPkmapView = {
    .count = [](int nr) { return static_cast<int>(pkmap_count.get(nr)); },
    .cursor = [](int colour) { return static_cast<int>(last_pkmap_nr.get(colour)); },
    .wait_queue = get_pkmap_wait_queue_head,
};

}  // namespace

const PkmapView* pkmap_view() { return &kPkmapView; }

}  // namespace highmem
