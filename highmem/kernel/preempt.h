// Preemption, softirqs, page faults and the interrupt flag, as primitives.
// (include/linux/preempt.h, bottom_half.h, uaccess.h, irqflags.h)
#ifndef HIGHMEM_KERNEL_PREEMPT_H_
#define HIGHMEM_KERNEL_PREEMPT_H_

#include "highmem/kernel/primitive.h"

namespace highmem {

inline Prim preempt_disable() { return Prim(PrimKind::preempt_disable); }
inline Prim preempt_enable() { return Prim(PrimKind::preempt_enable); }

// Interrupts off; the result says whether they were on.
inline Prim irq_save() { return Prim(PrimKind::irq_save); }
// Interrupts on if flags is non-zero, else left as they are (off).
inline Prim irq_restore(uint32_t flags) { return Prim(PrimKind::irq_restore, 0, flags); }

// Interrupts on or off, whatever they were. A handler that turns them on lets others in.
inline Prim local_irq_enable() { return Prim(PrimKind::irq_enable); }
inline Prim local_irq_disable() { return Prim(PrimKind::irq_disable); }

// Softirqs off and on: preempt_count, one softirq deep, so in_interrupt() is true in between.
inline Prim local_bh_disable() { return Prim(PrimKind::bh_disable); }
inline Prim local_bh_enable() { return Prim(PrimKind::bh_enable); }

// From here on a fault on user memory is not served: the access fails instead. (mm/maccess.c,
// include/linux/uaccess.h)
inline Prim pagefault_disable() { return Prim(PrimKind::pagefault_disable); }
inline Prim pagefault_enable() { return Prim(PrimKind::pagefault_enable); }
// Touches user memory that is not there. Result: 0 if the fault is not served and the access fails.
inline Prim user_access() { return Prim(PrimKind::user_access); }

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_PREEMPT_H_
