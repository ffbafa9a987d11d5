#include "highmem/kernel/shootdown.h"

#include "highmem/kernel/primitive.h"
#include "highmem/kernel/smp.h"
#include "highmem/machine/event.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

Co<> FlushEverywhere(int first, int pages, bool all) {
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

}  // namespace

Co<> flush_tlb_kernel_range(Vaddr start, Vaddr end) {
  const int pages = static_cast<int>((end - start) >> machine.page_shift);
  const int threshold = machine.profile.flush_threshold;
  // sparc knows no other flush than that of everything.
  const bool all =
      (threshold != kNoThreshold && pages > threshold) || machine.profile.local_flush_all != 0;
  return FlushEverywhere(VpnOf(start), pages, all);
}

Co<> flush_tlb_all() { return FlushEverywhere(0, 0, /*all=*/true); }

Co<> flush_tlb_one(Vaddr vaddr) {
  const int vpn = VpnOf(vaddr);
  return FlushEverywhere(vpn < 0 ? 0 : vpn, vpn < 0 ? 0 : 1, /*all=*/false);
}

}  // namespace highmem
