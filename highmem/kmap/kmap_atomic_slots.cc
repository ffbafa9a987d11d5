// kmap_atomic up to 2.6.36: fixed slots.
//
// Every CPU has one slot for each kind of use, and the caller names the kind. Nothing hands slots
// out: preemption is off, so nobody else maps on this CPU but what interrupts the caller, and it is
// meant to use other kinds. Whoever gets that wrong takes the slot away from under somebody, and
// finds out late, if at all. debug_kmap_atomic knows which kind belongs where and says so, a dozen
// times and not again.

#include "highmem/kernel/preempt.h"
#include "highmem/kernel/primitive.h"
#include "highmem/kmap/kmap_atomic_eras.h"
#include "highmem/kmap/kmap_atomic_idx.h"
#include "highmem/kmap/kmap_high_local.h"
#include "highmem/machine/page.h"

namespace highmem {
namespace {

constexpr int kEnoughReports = 10;

// type + KM_TYPE_NR * CPU, in the kernel's words.
int kmap_atomic_index(KmType type) { return FixKmapIndexOf(KmTypeSlot(type), ThisCpu()); }

Co<> report(Site site) {
  co_await Warn(site);
  co_await Step(PrimKind::kmap_atomic_reports);
  kmap_atomic_reports.add(0, 1);
}

// Both tests may report.
Co<> debug_kmap_atomic(KmType type) {
  if (!DebugHighmem()) co_return;
  co_await Step(PrimKind::kmap_atomic_reports);
  if (kmap_atomic_reports.get(0) > kEnoughReports) co_return;
  const KmContext now = {in_nmi(), in_hardirq(), in_interrupt(), !irqs_disabled()};
  if (!KmTypeFitsContext(type, now)) co_await report(Site::debug_kmap_atomic_context);
  if (!KmTypeIsAlone(type, now)) co_await report(Site::debug_kmap_atomic_irqs);
}

}  // namespace

// In this era pagefault_disable() is preempt_disable(): a fault inside in_atomic() is refused.
Co<Vaddr> kmap_atomic_slots(Page* page, KmType type) {
  co_await preempt_disable();
  if (!PageHighMem(page)) co_return lowmem_page_address(page);
  co_await debug_kmap_atomic(type);
  const Vaddr kmapped = co_await arch_kmap_local_high_get(page);
  if (kmapped != 0) co_return kmapped;
  co_return co_await kmap_atomic_pte_set(kmap_atomic_index(type), page_to_pfn(page),
                                         /*check=*/true);
}

Co<Vaddr> kmap_atomic_slots_pfn(Pfn pfn, KmType type) {
  co_await preempt_disable();
  co_await debug_kmap_atomic(type);
  const bool check = machine.profile.keeps_pte != 0;
  co_return co_await kmap_atomic_pte_set(kmap_atomic_index(type), pfn, check);
}

// The slot is the type's, whatever the address says. An address that is not the slot's leaves the
// slot alone: without debugging nobody hears of it until the next use of that slot.
Co<> kunmap_atomic_slots(Vaddr vaddr, KmType type) {
  const Vaddr addr = PageAlign(vaddr);
  const int index = kmap_atomic_index(type);
  const bool own = addr == FixKmapAddr(index);
  const bool any = machine.profile.keeps_pte != 0 && InFixKmap(addr);
  if (any && !own && DebugHighmem()) co_await Bug(Site::kunmap_atomic_mismatch);
  if (own || any) {
    co_await kmap_atomic_pte_clear(index, addr);
  } else if (!co_await kmap_high_unmap_local(addr)) {
    co_await debug_kunmap_atomic_address(addr);
  }
  co_await preempt_enable();
}

}  // namespace highmem
