// The effects behind primitives `lock` and `unlock`; for kernel/perform.cc alone.
#ifndef HIGHMEM_KERNEL_SPINLOCK_STATE_H_
#define HIGHMEM_KERNEL_SPINLOCK_STATE_H_

#include "highmem/kernel/spinlock.h"

namespace highmem {

void LockTake(LockId lock, TaskId owner);
void LockRelease(LockId lock);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_SPINLOCK_STATE_H_
