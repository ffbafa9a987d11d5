// fork(): the child is a copy of the parent's task struct, then every subsystem puts its part of
// the copy right. (kernel/fork.c: dup_task_struct, copy_process; SPEC G.8)
#ifndef HIGHMEM_KERNEL_FORK_H_
#define HIGHMEM_KERNEL_FORK_H_

#include "highmem/kernel/co.h"
#include "highmem/kernel/task.h"

namespace highmem {

// Preemptible task context. The child must be unborn (TasksReset); it becomes runnable on its own
// CPU. Not put right, as in the kernel: migration_disabled is copied, so the child of a pinned task
// can never migrate (SPEC X17).
Co<> copy_process(TaskId child);

// Effect behind primitive `fork`; for kernel/perform.cc alone.
void WakeUpNewTask(TaskId parent, TaskId child);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_FORK_H_
