// Taking a CPU offline, and back. (kernel/cpu.c: _cpu_down, _cpu_up; kernel/sched/core.c:
// balance_push, balance_hotplug_wait; SPEC G.9)
#ifndef HIGHMEM_KERNEL_HOTPLUG_H_
#define HIGHMEM_KERNEL_HOTPLUG_H_

#include "highmem/kernel/co.h"
#include "highmem/kernel/primitive.h"
#include "highmem/kernel/task.h"

namespace highmem {

// Both in preemptible task context, on any CPU, and one after the other: while a CPU is on its way
// out, others wait, as for cpus_write_lock().

// Blocks until no task is pinned to the CPU and none runs there; those that are not pinned, the
// caller too, leave it as soon as they can be preempted. Nothing happens if it is offline, or the
// last one that is online (-EBUSY).
Co<> cpu_down(CpuId cpu);

// Brings an offline CPU back, with nothing in its TLB; nothing happens if it is online. Tasks come
// to it when they are moved there.
inline Prim cpu_up(CpuId cpu) { return Prim(PrimKind::cpu_up, cpu); }

// No task is pinned there and none runs.
bool Drained(CpuId cpu);

// Some CPU waits for another one to come to rest.
bool SomeCpuIsDying();

// Who runs there is about to be pushed off by the stopper thread: the CPU is dying, and the task
// can be preempted and is not pinned.
bool MustLeave(CpuId cpu);

// Effects behind primitives; for kernel/perform.cc alone. False if there is nothing to wait for.
bool BeginDown(CpuId cpu);
void FinishDown(CpuId cpu);
void FinishUp(CpuId cpu);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_HOTPLUG_H_
