// Cross-CPU function calls by synchronous inter-processor interrupt. The one function anybody asks
// for is a TLB flush of a range. (kernel/smp.c: on_each_cpu)
#ifndef HIGHMEM_KERNEL_SMP_H_
#define HIGHMEM_KERNEL_SMP_H_

#include "highmem/kernel/co.h"
#include "highmem/machine/types.h"

namespace highmem {

// Flushes vpns [first, end), or everything if `all`, on every CPU and returns when all have done
// it. Any context with interrupts on; with interrupts off it WARNs (smp_call_irqs_off) and may
// hang: a CPU that spins with interrupts off for something we hold never answers.
Co<> flush_tlb_on_each_cpu(int first_vpn, int end_vpn, bool all);

// What the interrupt runs on the CPU that was asked.
Co<> ipi_handler(CpuId from);

// Effects behind primitives; for kernel/perform.cc alone.
void IpiSend(CpuId from);
void IpiAck(CpuId cpu, CpuId from);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_SMP_H_
