// Taking a CPU offline. (kernel/cpu.c: _cpu_down; kernel/sched/core.c: balance_push,
// balance_hotplug_wait; SPEC G.9)
#ifndef HIGHMEM_KERNEL_HOTPLUG_H_
#define HIGHMEM_KERNEL_HOTPLUG_H_

#include "highmem/kernel/co.h"
#include "highmem/kernel/task.h"

namespace highmem {

// Preemptible task context, on another CPU. Blocks until no task is pinned to the CPU; those that
// are not leave it when they are not running.
Co<> cpu_down(CpuId cpu);

// No task is pinned there and none runs.
bool Drained(CpuId cpu);

// Some CPU waits for another one to come to rest.
bool SomeCpuIsDying();

// Effects behind primitives; for kernel/perform.cc alone.
void BeginDown(CpuId cpu);
void FinishDown(CpuId cpu);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_HOTPLUG_H_
