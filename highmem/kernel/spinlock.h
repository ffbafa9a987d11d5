// Spinlocks. Spinning is being blocked on the lock, one state; test and take are one step;
// interrupts still enter while spinning if they are on; the lock goes to any of those who wait.
// (RULINGS 2)
#ifndef HIGHMEM_KERNEL_SPINLOCK_H_
#define HIGHMEM_KERNEL_SPINLOCK_H_

#include "highmem/kernel/co.h"
#include "highmem/kernel/primitive.h"
#include "highmem/machine/types.h"

namespace highmem {

enum class LockId : uint8_t {
  kKmapLock,   // mm/highmem.c: kmap_lock
  kScratch,    // for ops `lock` and `unlock` of a trace
  kVmapArea,   // mm/vmalloc.c: vmap_area_lock
  kVmapPurge,  // mm/vmalloc.c: vmap_purge_lock, there a mutex
  kCount
};

void SpinlocksReset();

// Free, or held by the task returned by LockOwner.
bool LockIsFree(LockId lock);
TaskId LockOwner(LockId lock);
std::string_view LockName(LockId lock);

// spin_lock(): preemption off, then take. Any context; never sleeps.
Co<> spin_lock(LockId lock);
Co<> spin_unlock(LockId lock);

// spin_lock_irq(): interrupts off, and on again by the mirror, whatever they were.
Co<> spin_lock_irq(LockId lock);
Co<> spin_unlock_irq(LockId lock);

// spin_lock_irqsave(): returns the flag to hand to the mirror.
Co<uint32_t> spin_lock_irqsave(LockId lock);
Co<> spin_unlock_irqrestore(LockId lock, uint32_t flags);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_SPINLOCK_H_
