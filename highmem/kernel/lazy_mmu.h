// Lazy MMU mode, where a hypervisor makes the page table's writes; elsewhere nothing happens.
// Between enter and leave preemption is off. Interrupt handlers write at once.
// (include/linux/pgtable.h; arch/x86/include/asm/paravirt.h)
#ifndef HIGHMEM_KERNEL_LAZY_MMU_H_
#define HIGHMEM_KERNEL_LAZY_MMU_H_

#include "highmem/kernel/primitive.h"

namespace highmem {

inline Prim arch_enter_lazy_mmu_mode() { return Prim(PrimKind::lazy_mmu_enter); }
inline Prim arch_leave_lazy_mmu_mode() { return Prim(PrimKind::lazy_mmu_leave); }
// What has been written so far takes effect; the mode stays.
inline Prim arch_flush_lazy_mmu_mode() { return Prim(PrimKind::lazy_mmu_flush); }

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_LAZY_MMU_H_
