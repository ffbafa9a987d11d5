#include "highmem/kernel/fork.h"

#include "highmem/kernel/kmap_hooks.h"
#include "highmem/kernel/primitive.h"
#include "highmem/kernel/sched.h"

namespace highmem {

Co<> copy_process(TaskId child) {
  kmap_ctrl_copy(CurrentTaskId(), child);
  co_await kmap_local_fork(child);
  co_await Prim(PrimKind::fork, child);
}

void WakeUpNewTask(TaskId parent, TaskId child) {
  Task& copy = task(child);
  SetTaskState(child, TaskState::kRunning);
  copy.on_rq = 1;
  LeaveOfflineCpu(child);
  copy.migration_disabled = task(parent).migration_disabled;
  if (copy.migration_disabled != 0) machine.cpus[copy.cpu].nr_pinned++;
  Emit(EventKind::fork, child);
}

}  // namespace highmem
