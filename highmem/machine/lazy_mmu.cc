#include "highmem/machine/lazy_mmu.h"

#include "highmem/machine/event.h"
#include "highmem/machine/page_table.h"

namespace highmem {

void LazyMmuEnter(int cpu) {
  if (machine.lazy_mmu != nullptr) machine.lazy_mmu[cpu].on = 1;
}

void LazyMmuLeave(int cpu) {
  if (machine.lazy_mmu == nullptr) return;
  LazyMmuFlush(cpu);
  machine.lazy_mmu[cpu].on = 0;
}

void LazyMmuFlush(int cpu) {
  if (machine.lazy_mmu == nullptr) return;
  LazyMmu& lazy = machine.lazy_mmu[cpu];
  for (int i = 0; i < lazy.count; i++) PteSet(lazy.writes[i].vpn, lazy.writes[i].pte);
  const uint8_t on = lazy.on;
  lazy = {};
  lazy.on = on;
}

void LazyMmuQueue(int cpu, int vpn, Pte pte) {
  LazyMmu& lazy = machine.lazy_mmu[cpu];
  if (lazy.count == kLazyWrites) LazyMmuFlush(cpu);
  lazy.writes[lazy.count++] = {static_cast<uint16_t>(vpn), pte};
  Emit(EventKind::pte_queued, static_cast<uint32_t>(vpn), 0, pte.pfn());
}

}  // namespace highmem
