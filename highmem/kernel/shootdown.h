// Swappable part: TLB shoot-down. How a change of the kernel page table reaches every CPU.
#ifndef HIGHMEM_KERNEL_SHOOTDOWN_H_
#define HIGHMEM_KERNEL_SHOOTDOWN_H_

#include "highmem/kernel/co.h"
#include "highmem/machine/types.h"

namespace highmem {

// flush_tlb_kernel_range(): when it returns no CPU translates an address of [start, end) by an
// entry cached before the call. Addresses page-aligned, inside one PTE-mapped window. May be called
// with a spinlock held; interrupts on where the machine flushes by IPI (WARN smp_call_irqs_off);
// where the hardware broadcasts, in any context. (SPEC K, L; arch/x86/mm/tlb.c,
// arch/arm/kernel/smp_tlb.c)
Co<> flush_tlb_kernel_range(Vaddr start, Vaddr end);

// flush_tlb_all(): every entry of every CPU goes. Contexts as above. (arch/sparc/mm/srmmu.c)
Co<> flush_tlb_all();

// flush_tlb_one(): the same for one page of one of those windows; of any other address it asks the
// other CPUs all the same, and flushes nothing. Task context, interrupts on where the machine
// flushes by IPI. (arch/mips/kernel/smp.c)
Co<> flush_tlb_one(Vaddr vaddr);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_SHOOTDOWN_H_
