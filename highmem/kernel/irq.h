// Entering and leaving an interrupt: what the hardware and irq_enter/irq_exit do around a handler.
#ifndef HIGHMEM_KERNEL_IRQ_H_
#define HIGHMEM_KERNEL_IRQ_H_

#include "highmem/kernel/context.h"
#include "highmem/kernel/task.h"

namespace highmem {

// A hardirq may enter when interrupts are on and no hardirq or NMI runs there.
inline bool HardirqMayEnter(CpuId cpu) {
  const Cpu& hw = machine.cpus[cpu];
  return hw.irqs_on != 0 && hw.state != CpuState::kOffline &&
         (task(hw.curr).preempt_count & (kHardirqMask | kNmiMask)) == 0;
}

// Softirqs run at the end of a hardirq and where bottom halves are enabled again. There is always
// some hardirq (a timer's, which is not simulated), so one may enter wherever a hardirq may and
// bottom halves are on. They run with interrupts on.
inline bool SoftirqMayEnter(CpuId cpu) {
  return HardirqMayEnter(cpu) && (task(machine.cpus[cpu].curr).preempt_count & kSoftirqMask) == 0;
}

// An NMI whenever none runs, interrupts on or off.
inline bool NmiMayEnter(CpuId cpu) {
  const Cpu& hw = machine.cpus[cpu];
  return hw.state != CpuState::kOffline && (task(hw.curr).preempt_count & kNmiMask) == 0;
}

// A task, or the handler of its page fault, runs there with preemption and interrupts on: another
// one may take its place. (include/linux/preempt.h: preemptible)
inline bool Preemptible(CpuId cpu) {
  const Cpu& hw = machine.cpus[cpu];
  const ContextKind top = TopContext(hw.curr).kind;
  const bool in_task = top == ContextKind::kTask || top == ContextKind::kFault;
  return in_task && hw.irqs_on != 0 && task(hw.curr).preempt_count == 0;
}

// On the CPU of the current step: raises preempt_count by what the kind counts and sets the
// interrupt flag as its handlers find it. Returns the flag as it was, for irq_exit.
uint8_t irq_enter(ContextKind kind);
// The mirror, when the handler's root has ended.
void irq_exit(ContextKind kind, uint8_t irqs_were_on);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_IRQ_H_
