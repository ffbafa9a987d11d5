// A task's local maps leave the CPU's window with the task and come back with it, at the same
// addresses: the CPU is the same, since migration is off while there are any.

#include "highmem/kernel/kmap_hooks.h"
#include "highmem/kernel/primitive.h"
#include "highmem/kernel/warn.h"
#include "highmem/kmap/arch.h"
#include "highmem/kmap/kmap_ctrl.h"
#include "highmem/kmap/set_pte.h"

namespace highmem {
namespace {

// What stands in current's pteval[i]; none, with a report, where a map is missing or a guard is
// not empty.
Co<Pte> TakePteval(int i, Site guard, Site missing) {
  const Pte pte{kmap_ctrl_pteval.get(PtevalOf(CurrentTaskId(), i))};
  if (IsGuard(i)) {
    if (pte.value != 0) co_await WarnOnce(guard);
    co_return Pte{};
  }
  if (!pte_none(pte)) co_return pte;
  co_await WarnOnce(missing);
  co_return Pte{};
}

}  // namespace

Co<> kmap_local_sched_out() {
  const int idx = kmap_ctrl_idx.get(CurrentTaskId());
  if (idx == 0) co_return;
  Emit(EventKind::sched_out, CurrentTaskId(), 0, static_cast<uint32_t>(idx / kmap_local_inc()));
  for (int i = 0; i < idx; i++) {
    const Pte pte =
        co_await TakePteval(i, Site::kmap_local_sched_out_guard, Site::kmap_local_sched_out_none);
    if (pte.none()) continue;
    const int index = arch_kmap_local_map_idx(i, pte.pfn());
    const Vaddr addr = FixKmapAddr(index);
    co_await arch_kmap_local_pre_unmap(addr);
    co_await Prim(PrimKind::pte_clear, static_cast<uint32_t>(kmap_get_pte(addr, index)));
    co_await arch_kmap_local_post_unmap(addr);
  }
}

Co<> kmap_local_sched_in() {
  const int idx = kmap_ctrl_idx.get(CurrentTaskId());
  if (idx == 0) co_return;
  Emit(EventKind::sched_in, CurrentTaskId(), 0, static_cast<uint32_t>(idx / kmap_local_inc()));
  for (int i = 0; i < idx; i++) {
    const Pte pte =
        co_await TakePteval(i, Site::kmap_local_sched_in_guard, Site::kmap_local_sched_in_none);
    if (pte.none()) continue;
    const int index = arch_kmap_local_map_idx(i, pte.pfn());
    const Vaddr addr = FixKmapAddr(index);
    // Quirk Q6: the generic setter. What its hook maps lies above the index.
    if (UsesSetterHook() && machine.profile.quirk(6)) co_await __update_cache(pte.pfn());
    if (!machine.profile.quirk(4)) co_await arch_kmap_local_pre_map();
    co_await arch_kmap_set_pte(static_cast<uint32_t>(kmap_get_pte(addr, index)), pte.pfn());
    co_await arch_kmap_local_post_map(addr);
  }
}

Co<> kmap_local_fork(TaskId child) {
  if (kmap_ctrl_idx.get(child) != 0) co_await WarnOnce(Site::kmap_local_fork_idx);
  kmap_ctrl_idx.set(child, 0);
  for (int i = 0; i < KmMaxIdx(); i++) kmap_ctrl_pteval.set(PtevalOf(child, i), 0);
}

void kmap_ctrl_copy(TaskId parent, TaskId child) {
  kmap_ctrl_idx.set(child, kmap_ctrl_idx.get(parent));
  for (int i = 0; i < KmMaxIdx(); i++)
    kmap_ctrl_pteval.set(PtevalOf(child, i), kmap_ctrl_pteval.get(PtevalOf(parent, i)));
}

void kmap_ctrl_reset(int tasks) {
  kmap_ctrl_idx.Carve(tasks);
  kmap_ctrl_pteval.Carve(tasks * KmMaxIdx());
}

}  // namespace highmem
