#include "highmem/kmap/kmap_lock.h"

namespace highmem {

Co<uint32_t> lock_kmap_any() {
  if (ArchNeedsKmapHighGet()) co_return co_await spin_lock_irqsave(LockId::kKmapLock);
  co_await spin_lock(LockId::kKmapLock);
  co_return 0;
}

}  // namespace highmem
