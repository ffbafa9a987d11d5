// kmap_atomic on top of local maps, since 5.11; and the choice of the era.
//
// A local map keeps its task on the CPU, so what is left to do is to keep others off it, and to
// refuse page faults. PREEMPT_RT does not keep others off: it pins the task once more instead, for
// low pages as well.

#include "highmem/kmap/kmap_atomic.h"

#include "highmem/kernel/migrate.h"
#include "highmem/kernel/preempt.h"
#include "highmem/kmap/kmap_atomic_eras.h"
#include "highmem/kmap/kmap_atomic_idx.h"
#include "highmem/kmap/kmap_local.h"

namespace highmem {
namespace {

bool PreemptRt() { return machine.profile.preempt_rt != 0; }

Co<Vaddr> kmap_atomic_local(Page* page) {
  if (PreemptRt())
    co_await migrate_disable();
  else
    co_await preempt_disable();
  co_await pagefault_disable();
  co_return co_await kmap_local_page(page);
}

Co<Vaddr> kmap_atomic_local_pfn(Pfn pfn) {
  if (PreemptRt())
    co_await migrate_disable();
  else
    co_await preempt_disable();
  co_await pagefault_disable();
  co_return co_await kmap_local_pfn(pfn);
}

Co<> kunmap_atomic_local(Vaddr vaddr) {
  co_await kunmap_local(vaddr);
  co_await pagefault_enable();
  if (PreemptRt())
    co_await migrate_enable();
  else
    co_await preempt_enable();
}

Era ThisEra() { return static_cast<Era>(machine.profile.era); }

}  // namespace

Co<Vaddr> kmap_atomic(Page* page, KmType type) {
  switch (ThisEra()) {
    case Era::kE1Slots: return kmap_atomic_slots(page, type);
    case Era::kE2Stack: return kmap_atomic_stack(page);
    case Era::kE3Local: break;
  }
  return kmap_atomic_local(page);
}

Co<Vaddr> kmap_atomic_pfn(Pfn pfn, KmType type) {
  switch (ThisEra()) {
    case Era::kE1Slots: return kmap_atomic_slots_pfn(pfn, type);
    case Era::kE2Stack: return kmap_atomic_stack_pfn(pfn);
    case Era::kE3Local: break;
  }
  return kmap_atomic_local_pfn(pfn);
}

Co<> kunmap_atomic(Vaddr vaddr, KmType type) {
  switch (ThisEra()) {
    case Era::kE1Slots: return kunmap_atomic_slots(vaddr, type);
    case Era::kE2Stack: return kunmap_atomic_stack(vaddr);
    case Era::kE3Local: break;
  }
  return kunmap_atomic_local(vaddr);
}

void kmap_atomic_reset() {
  if (ThisEra() == Era::kE2Stack) kmap_atomic_idx.Carve(machine.profile.cpus);
  if (ThisEra() == Era::kE1Slots) kmap_atomic_reports.Carve(1);
}

}  // namespace highmem
