// Preemption and the interrupt flag, as primitives. (include/linux/preempt.h, irqflags.h)
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

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_PREEMPT_H_
