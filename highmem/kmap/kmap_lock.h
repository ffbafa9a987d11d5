// kmap_lock, which guards the pkmap pool. Where kmap_high_get exists it may be taken in an
// interrupt, so interrupts are off while it is held; elsewhere it is a plain lock of task context.
// (SPEC C.8; mm/highmem.c: lock_kmap, lock_kmap_any)
#ifndef HIGHMEM_KMAP_KMAP_LOCK_H_
#define HIGHMEM_KMAP_KMAP_LOCK_H_

#include "highmem/kernel/spinlock.h"
#include "highmem/machine/machine.h"

namespace highmem {

inline bool ArchNeedsKmapHighGet() { return machine.profile.high_get != 0; }

// Task context with interrupts on: unlock_kmap turns them on, whatever they were.
inline Co<> lock_kmap() {
  return ArchNeedsKmapHighGet() ? spin_lock_irq(LockId::kKmapLock) : spin_lock(LockId::kKmapLock);
}
inline Co<> unlock_kmap() {
  return ArchNeedsKmapHighGet() ? spin_unlock_irq(LockId::kKmapLock)
                                : spin_unlock(LockId::kKmapLock);
}

// Any context but NMI where kmap_high_get exists. Returns the flag to hand to the mirror.
Co<uint32_t> lock_kmap_any();
inline Co<> unlock_kmap_any(uint32_t flags) {
  return ArchNeedsKmapHighGet() ? spin_unlock_irqrestore(LockId::kKmapLock, flags)
                                : spin_unlock(LockId::kKmapLock);
}

}  // namespace highmem

#endif  // HIGHMEM_KMAP_KMAP_LOCK_H_
