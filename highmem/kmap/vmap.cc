#include "highmem/kmap/vmap.h"

#include <algorithm>
#include <bit>

#include "highmem/kernel/preempt.h"
#include "highmem/kernel/sched.h"
#include "highmem/kernel/shootdown.h"
#include "highmem/kernel/spinlock.h"
#include "highmem/kernel/task.h"
#include "highmem/kernel/warn.h"
#include "highmem/kmap/introspect.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page.h"
#include "highmem/machine/shared.h"

namespace highmem {
namespace {

constexpr int kAreaGuard = static_cast<int>(LockId::kVmapArea);

enum class Area : uint8_t {
  kUnused,   // the record is
  kBusy,     // of vmap
  kBlock,    // of vm_map_ram
  kLazy,     // unmapped, some TLB may know it
  kPurging,  // a flush of it is on its way
};

// An area is a range of pages of the region; free is what no record covers.
SharedArray<uint8_t, EventKind::vmap_area, kAreaGuard> area_state;
SharedArray<uint16_t, EventKind::vmap_area, kAreaGuard> area_start;
SharedArray<uint16_t, EventKind::vmap_area, kAreaGuard> area_pages;
SharedArray<uint16_t, EventKind::vmap_area, kAreaGuard> area_used;   // blocks: cut off so far
SharedArray<uint16_t, EventKind::vmap_area, kAreaGuard> area_dirty;  // blocks: given back so far
SharedArray<uint8_t, EventKind::vmap_area, kAreaGuard>
    area_unflushed;  // blocks: some of it not flushed
SharedArray<int32_t, EventKind::vmap_lazy, kAreaGuard> vmap_lazy_nr;
SharedArray<uint8_t, EventKind::vmap_lazy, kAreaGuard> drain_wanted;

Area StateOf(int area) { return static_cast<Area>(area_state.get(area)); }
void SetState(int area, Area state) { area_state.set(area, static_cast<uint8_t>(state)); }
int EndOf(int area) { return area_start.get(area) + area_pages.get(area); }
bool Covers(int area, int page) {
  return StateOf(area) != Area::kUnused && area_start.get(area) <= page && page < EndOf(area);
}

int lazy_max_pages() {
  if (machine.profile.vmap_lazy_max != 0) return machine.profile.vmap_lazy_max;
  const int online = machine.profile.cpus;
  const int per_cpu = (32 << 20) / machine.profile.page_size;
  return std::bit_width(static_cast<unsigned>(online)) * per_cpu;
}

// The lowest range of so many free pages, -1 if there is none.
int FreeRange(int pages) {
  int start = 0;
  for (bool moved = true; moved;) {
    moved = false;
    for (int a = 0; a < area_state.size(); a++) {
      if (StateOf(a) == Area::kUnused || EndOf(a) <= start || area_start.get(a) >= start + pages)
        continue;
      start = EndOf(a);
      moved = true;
    }
  }
  return start + pages <= machine.profile.vmap_pages ? start : -1;
}

int UnusedRecord() {
  for (int a = 0; a < area_state.size(); a++)
    if (StateOf(a) == Area::kUnused) return a;
  return -1;
}

void ForgetArea(int area) {
  area_start.set(area, 0);
  area_pages.set(area, 0);
  area_used.set(area, 0);
  area_dirty.set(area, 0);
  area_unflushed.set(area, 0);
  SetState(area, Area::kUnused);
}

// The first page of a new area, of which a block's first `used` pages are taken; -1 if there is no
// room.
Co<int> alloc_vmap_area(int pages, Area state, int used) {
  co_await spin_lock(LockId::kVmapArea);
  co_await Step(PrimKind::vmap_area);
  const int start = FreeRange(pages);
  const int area = start < 0 ? -1 : UnusedRecord();
  if (area >= 0) {
    area_start.set(area, static_cast<uint16_t>(start));
    area_pages.set(area, static_cast<uint16_t>(pages));
    area_used.set(area, static_cast<uint16_t>(used));
    SetState(area, state);
  }
  co_await spin_unlock(LockId::kVmapArea);
  co_return area < 0 ? -1 : start;
}

// Everything parked goes free, behind one flush that covers it all; and, if asked, what has been
// given back of blocks.
Co<> purge_vmap_area_lazy(bool blocks) {
  co_await spin_lock(LockId::kVmapPurge);
  co_await spin_lock(LockId::kVmapArea);
  co_await Step(PrimKind::vmap_area);
  int start = machine.profile.vmap_pages, end = 0;
  for (int a = 0; a < area_state.size(); a++) {
    const bool block = blocks && StateOf(a) == Area::kBlock && area_unflushed.get(a) != 0;
    if (StateOf(a) != Area::kLazy && !block) continue;
    start = std::min<int>(start, area_start.get(a));
    end = std::max(end, EndOf(a));
    if (block)
      area_unflushed.set(a, 0);
    else
      SetState(a, Area::kPurging);
  }
  drain_wanted.set(0, 0);
  co_await spin_unlock(LockId::kVmapArea);

  if (start < end) co_await flush_tlb_kernel_range(VMAP_ADDR(start), VMAP_ADDR(end));

  co_await spin_lock(LockId::kVmapArea);
  co_await Step(PrimKind::vmap_area);
  for (int a = 0; a < area_state.size(); a++) {
    if (StateOf(a) != Area::kPurging) continue;
    vmap_lazy_nr.add(0, -area_pages.get(a));
    ForgetArea(a);
  }
  co_await spin_unlock(LockId::kVmapArea);
  co_await spin_unlock(LockId::kVmapPurge);
}

Co<int> alloc_or_purge(int pages, Area state, int used) {
  int start = co_await alloc_vmap_area(pages, state, used);
  if (start >= 0) co_return start;
  co_await purge_vmap_area_lazy(/*blocks=*/true);
  start = co_await alloc_vmap_area(pages, state, used);
  co_return start;
}

Co<> map_range(int start, int count, Pfn pfn) {
  for (int i = 0; i < count; i++)
    co_await Prim(PrimKind::pte_set, static_cast<uint32_t>(VmapVpn(start + i)), pfn);
}

Co<> unmap_range(int start, int count) {
  for (int i = 0; i < count; i++)
    co_await Prim(PrimKind::pte_clear, static_cast<uint32_t>(VmapVpn(start + i)));
}

// Under vmap_area_lock: the range waits for a flush.
void free_vmap_area_noflush(int area) {
  SetState(area, Area::kLazy);
  const int lazy = vmap_lazy_nr.add(0, area_pages.get(area));
  if (lazy > lazy_max_pages()) drain_wanted.set(0, 1);
}

// The area of vmap that begins there, -1 if there is none.
int find_vm_area(Vaddr vaddr) {
  for (int a = 0; a < area_state.size(); a++)
    if (StateOf(a) == Area::kBusy && VMAP_ADDR(area_start.get(a)) == vaddr) return a;
  return -1;
}

Co<> might_sleep() {
  if (!MaySleep()) co_await Splat(Site::vmap_might_sleep);
}

}  // namespace

Co<Vaddr> vmap(Page* page, int count) {
  co_await might_sleep();
  if (count > machine.profile.pages()) co_return 0;
  const int start = co_await alloc_or_purge(count + 1, Area::kBusy, 0);
  if (start < 0) co_return 0;
  co_await map_range(start, count, page_to_pfn(page));
  co_return VMAP_ADDR(start);
}

Co<> vunmap(Vaddr vaddr) {
  if (in_interrupt()) co_await Bug(Site::vunmap_in_interrupt);
  co_await might_sleep();
  if (vaddr == 0) co_return;
  co_await spin_lock(LockId::kVmapArea);
  co_await Step(PrimKind::vmap_area);
  const int area = find_vm_area(vaddr);
  const int pages = area < 0 ? 0 : area_pages.get(area) - 1;
  co_await spin_unlock(LockId::kVmapArea);
  if (area < 0) {
    co_await Warn(Site::vunmap_bad_address);
    co_return;
  }
  co_await unmap_range(VMAP_NR(vaddr), pages);

  co_await spin_lock(LockId::kVmapArea);
  co_await Step(PrimKind::vmap_area);
  free_vmap_area_noflush(area);
  co_await spin_unlock(LockId::kVmapArea);
}

Co<> drain_vmap_area_work() {
  co_await spin_lock(LockId::kVmapArea);
  co_await Step(PrimKind::vmap_area);
  const bool wanted = drain_wanted.get(0) != 0;
  co_await spin_unlock(LockId::kVmapArea);
  if (wanted) co_await purge_vmap_area_lazy(/*blocks=*/false);
}

Co<> vm_unmap_aliases() {
  co_await might_sleep();
  co_await purge_vmap_area_lazy(/*blocks=*/true);
}

namespace {

int RoundedUp(int count) { return static_cast<int>(std::bit_ceil(static_cast<unsigned>(count))); }

// Under vmap_area_lock: so many pages of some block, its first page, or -1.
int vb_alloc(int pages) {
  for (int a = 0; a < area_state.size(); a++) {
    if (StateOf(a) != Area::kBlock || area_used.get(a) + pages > area_pages.get(a)) continue;
    const int start = area_start.get(a) + area_used.get(a);
    area_used.set(a, static_cast<uint16_t>(area_used.get(a) + pages));
    return start;
  }
  return -1;
}

// Under vmap_area_lock: a part of a block is back. Only a whole one is parked.
void vb_free(int start, int pages) {
  for (int a = 0; a < area_state.size(); a++) {
    if (StateOf(a) != Area::kBlock || !Covers(a, start)) continue;
    area_dirty.set(a, static_cast<uint16_t>(area_dirty.get(a) + pages));
    area_unflushed.set(a, 1);
    if (area_dirty.get(a) == area_pages.get(a)) free_vmap_area_noflush(a);
    return;
  }
}

Co<int> vb_alloc_locked(int pages) {
  co_await spin_lock(LockId::kVmapArea);
  co_await Step(PrimKind::vmap_area);
  const int start = vb_alloc(pages);
  co_await spin_unlock(LockId::kVmapArea);
  co_return start;
}

}  // namespace

Co<Vaddr> vm_map_ram(Page* page, int count) {
  co_await might_sleep();
  if (count > machine.profile.vmap_block) co_return co_await vmap(page, count);
  int start = co_await vb_alloc_locked(RoundedUp(count));
  if (start < 0)
    start = co_await alloc_or_purge(machine.profile.vmap_block, Area::kBlock, RoundedUp(count));
  if (start < 0) co_return 0;
  co_await map_range(start, count, page_to_pfn(page));
  co_return VMAP_ADDR(start);
}

Co<> vm_unmap_ram(Vaddr vaddr, int count) {
  if (!InVmap(vaddr) || OffsetInPage(vaddr) != 0) co_await Bug(Site::vm_unmap_ram_bad_address);
  co_await might_sleep();
  if (count > machine.profile.vmap_block) {
    co_await vunmap(vaddr);
    co_return;
  }
  const int start = VMAP_NR(vaddr);
  co_await unmap_range(start, count);
  co_await spin_lock(LockId::kVmapArea);
  co_await Step(PrimKind::vmap_area);
  vb_free(start, RoundedUp(count));
  co_await spin_unlock(LockId::kVmapArea);
}

void vmap_reset() {
  constexpr int kMostAreas = 64;
  const int areas = std::min(kMostAreas, machine.profile.vmap_pages);
  area_state.Carve(areas);
  area_start.Carve(areas);
  area_pages.Carve(areas);
  area_used.Carve(areas);
  area_dirty.Carve(areas);
  area_unflushed.Carve(areas);
  vmap_lazy_nr.Carve(areas == 0 ? 0 : 1);
  drain_wanted.Carve(areas == 0 ? 0 : 1);
}

namespace {

constexpr VmapView kVmapView = {
    .lazy = [] { return static_cast<int>(vmap_lazy_nr.get(0)); },
};

}  // namespace

const VmapView* vmap_view() { return machine.profile.vmap_pages == 0 ? nullptr : &kVmapView; }

}  // namespace highmem
