// Page-table writes of a guest whose hypervisor makes them: in lazy MMU mode a CPU collects them,
// and nothing that walks the table sees them until the batch is flushed. A full batch flushes
// itself. (arch/x86/kernel/paravirt.c, arch/x86/xen/multicalls.c)
#ifndef HIGHMEM_MACHINE_LAZY_MMU_H_
#define HIGHMEM_MACHINE_LAZY_MMU_H_

#include "highmem/machine/machine.h"

namespace highmem {

inline constexpr int kLazyWrites = 4;

struct LazyWrite {
  uint16_t vpn;
  Pte pte;
};
struct LazyMmu {
  uint8_t on;
  uint8_t count;
  LazyWrite writes[kLazyWrites];  // oldest first
};

// Without paravirt never.
inline bool LazyMmuIsOn(int cpu) {
  return machine.lazy_mmu != nullptr && machine.lazy_mmu[cpu].on != 0;
}
void LazyMmuEnter(int cpu);
// Flushes.
void LazyMmuLeave(int cpu);
// Makes the writes collected so far, in order. Emits pte_set for each.
void LazyMmuFlush(int cpu);
// Collects a write. Emits pte_queued.
void LazyMmuQueue(int cpu, int vpn, Pte pte);

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_LAZY_MMU_H_
