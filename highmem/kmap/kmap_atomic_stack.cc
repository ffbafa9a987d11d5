// kmap_atomic from 2.6.37 to 5.10: a stack of slots per CPU.
//
// With preemption off whatever runs on a CPU is nested in what it interrupted, so the slots of a
// CPU can be handed out like the floors of a stack, and nobody has to say which. A map raises the
// index before it fills the slot, a release empties the slot before it lowers the index: whoever
// interrupts in between maps above, in slots that are empty, and leaves them so.
//
// The stack is the CPU's, not the task's: a task that sleeps with a map live would come back to
// somebody else's stack.

#include "highmem/kernel/preempt.h"
#include "highmem/kernel/primitive.h"
#include "highmem/kernel/warn.h"
#include "highmem/kmap/introspect.h"
#include "highmem/kmap/kmap_atomic_eras.h"
#include "highmem/kmap/kmap_atomic_idx.h"
#include "highmem/kmap/kmap_high_local.h"
#include "highmem/machine/page.h"

namespace highmem {
namespace {

// KM_TYPE_NR; quirk Q8, up to 2014: the check comes one map late.
int KmTypeNr() { return machine.profile.km_max_idx + (machine.profile.quirk(8) ? 0 : 1); }

// The window's index of this CPU's slot. Beyond its slots lie the next CPU's; the last CPU's next
// one is the first.
int IndexOfSlot(int slot) {
  const int slots = FixKmapSlots();
  return ((FixKmapIndexOf(slot, ThisCpu()) % slots) + slots) % slots;
}

// Up to 4.1 (E2a) preempt_count refused page faults as well, and was all there was.
Co<> enter_atomic() {
  co_await preempt_disable();
  if (machine.profile.counts_pagefaults()) co_await pagefault_disable();
}

// Returns the slot of the new map.
Co<int> kmap_atomic_idx_push() {
  co_await Step(PrimKind::kmap_atomic_idx, ThisCpu());
  const int slot = kmap_atomic_idx.add(ThisCpu(), 1) - 1;
  if (!DebugHighmem()) co_return slot;
  if (in_hardirq() && !irqs_disabled()) co_await WarnOnce(Site::kmap_atomic_idx_push_hardirq);
  if (slot >= KmTypeNr()) co_await Bug(Site::kmap_atomic_idx_push_depth);
  co_return slot;
}

Co<> kmap_atomic_idx_pop() {
  co_await Step(PrimKind::kmap_atomic_idx, ThisCpu());
  const int idx = kmap_atomic_idx.add(ThisCpu(), -1);
  if (DebugHighmem() && idx < 0) co_await Bug(Site::kmap_atomic_idx_pop_depth);
}

}  // namespace

Co<Vaddr> kmap_atomic_stack(Page* page) {
  co_await enter_atomic();
  if (!PageHighMem(page)) co_return lowmem_page_address(page);
  const Vaddr kmapped = co_await arch_kmap_local_high_get(page);
  if (kmapped != 0) co_return kmapped;

  const int slot = co_await kmap_atomic_idx_push();
  co_return co_await kmap_atomic_pte_set(IndexOfSlot(slot), page_to_pfn(page), /*check=*/true);
}

Co<Vaddr> kmap_atomic_stack_pfn(Pfn pfn) {
  co_await enter_atomic();
  const int slot = co_await kmap_atomic_idx_push();
  const bool check = machine.profile.keeps_pte != 0;
  co_return co_await kmap_atomic_pte_set(IndexOfSlot(slot), pfn, check);
}

// The slot is the newest map's, whatever the address says; only the flush goes by the address.
Co<> kunmap_atomic_stack(Vaddr vaddr) {
  const Vaddr addr = PageAlign(vaddr);
  if (InFixKmap(addr)) {
    const int index = IndexOfSlot(kmap_atomic_idx.get(ThisCpu()) - 1);
    if (DebugHighmem() && addr != FixKmapAddr(index)) {
      if (machine.profile.keeps_pte != 0) co_await Bug(Site::kunmap_atomic_mismatch);
      co_await WarnOnce(Site::kunmap_atomic_not_top);
    }
    co_await kmap_atomic_pte_clear(index, addr);
    co_await kmap_atomic_idx_pop();
  } else if (!co_await kmap_high_unmap_local(addr)) {
    co_await debug_kunmap_atomic_address(addr);
  }
  if (machine.profile.counts_pagefaults()) co_await pagefault_enable();
  co_await preempt_enable();
}

namespace {

constexpr KmapAtomicView kKmapAtomicView = {
    .idx = [](CpuId cpu) { return static_cast<int>(kmap_atomic_idx.get(cpu)); },
};

}  // namespace

const KmapAtomicView* kmap_atomic_view() {
  return machine.profile.is_era(Era::kE2Stack) ? &kKmapAtomicView : nullptr;
}

}  // namespace highmem
