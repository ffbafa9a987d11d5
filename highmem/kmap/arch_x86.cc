// x86: caches are physically tagged, so the window has nothing to write back.

#include "highmem/kernel/primitive.h"
#include "highmem/kmap/arch.h"
#include "highmem/machine/event.h"

namespace highmem {

Co<> flush_cache_kmaps() {
  co_await Step(PrimKind::cache_hook);
  Emit(EventKind::flush_cache_kmaps);
}

}  // namespace highmem
