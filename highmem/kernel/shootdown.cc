#include "highmem/kernel/shootdown.h"

#include "highmem/kernel/primitive.h"
#include "highmem/kernel/smp.h"
#include "highmem/machine/event.h"
#include "highmem/machine/layout.h"

namespace highmem {

Co<> flush_tlb_kernel_range(Vaddr start, Vaddr end) {
  const int first = VpnOf(start);
  const int pages = static_cast<int>((end - start) >> machine.page_shift);
  const int threshold = machine.profile.flush_threshold;
  const bool all = threshold != kNoThreshold && pages > threshold;

  Emit(EventKind::tlb_global_begin, static_cast<uint32_t>(first),
       static_cast<uint32_t>(first + pages), 0, all);
  if (machine.profile.shootdown == static_cast<int>(Shootdown::kBroadcast))
    co_await Prim(PrimKind::tlb_flush_broadcast, static_cast<uint32_t>(first),
                  static_cast<uint32_t>(first + pages), all);
  else
    co_await flush_tlb_on_each_cpu(first, first + pages, all);
  Emit(EventKind::tlb_global_end, static_cast<uint32_t>(first),
       static_cast<uint32_t>(first + pages), 0, all);
}

}  // namespace highmem
