// Swappable part: what the scheduler calls around a switch, and fork, for the sake of local maps.
// The kernel floor declares and calls these; highmem/kmap has the reference. (SPEC G.7, G.8;
// kernel/sched/core.c: prepare_task_switch, finish_task_switch; mm/highmem.c)
#ifndef HIGHMEM_KERNEL_KMAP_HOOKS_H_
#define HIGHMEM_KERNEL_KMAP_HOOKS_H_

#include "highmem/kernel/co.h"
#include "highmem/machine/types.h"

namespace highmem {

// Carves what the hooks and the local maps share, for `tasks` tasks, idle ones included.
void kmap_ctrl_reset(int tasks);

// On prev, interrupts off, the next task picked: takes current's local maps out of the CPU's
// window, and remembers them.
Co<> kmap_local_sched_out();

// On the task that has just become current, interrupts on, preemption still off: puts them back.
Co<> kmap_local_sched_in();

// On the parent: the child, a copy of it, starts without local maps. WARNs once
// (kmap_local_fork_idx) if the parent has any.
Co<> kmap_local_fork(TaskId child);

// The copy itself: what fork does before it calls the hook. Plain code, no suspension.
void kmap_ctrl_copy(TaskId parent, TaskId child);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_KMAP_HOOKS_H_
