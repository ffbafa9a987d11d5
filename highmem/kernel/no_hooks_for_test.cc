// The scheduler's hooks of a kernel without local maps.

#include "highmem/kernel/kmap_hooks.h"

namespace highmem {

void kmap_ctrl_reset(int /*tasks*/) {}
void kmap_ctrl_copy(TaskId /*parent*/, TaskId /*child*/) {}
Co<> kmap_local_sched_out() { co_return; }
Co<> kmap_local_sched_in() { co_return; }
Co<> kmap_local_fork(TaskId /*child*/) { co_return; }

}  // namespace highmem
