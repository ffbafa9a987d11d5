// Entering and leaving an interrupt: what the hardware and irq_enter/irq_exit do around a handler.
#ifndef HIGHMEM_KERNEL_IRQ_H_
#define HIGHMEM_KERNEL_IRQ_H_

#include "highmem/kernel/context.h"
#include "highmem/kernel/task.h"

namespace highmem {

// A hardirq may enter when interrupts are on and no hardirq or NMI runs there.
inline bool HardirqMayEnter(CpuId cpu) {
  const Cpu& hw = machine.cpus[cpu];
  return hw.irqs_on != 0 && (task(hw.curr).preempt_count & (kHardirqMask | kNmiMask)) == 0;
}

// On the CPU of the current step: interrupts off, preempt_count raised by the context's offset.
void irq_enter(ContextKind kind);
// The mirror, when the handler's root has ended: interrupts on again.
void irq_exit(ContextKind kind);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_IRQ_H_
