// Taking a CPU offline, and back. (kernel/cpu.c: _cpu_down, _cpu_up; kernel/sched/core.c:
// balance_push, balance_hotplug_wait; SPEC G.9)
#ifndef HIGHMEM_KERNEL_HOTPLUG_H_
#define HIGHMEM_KERNEL_HOTPLUG_H_

#include "highmem/kernel/co.h"
#include "highmem/kernel/primitive.h"
#include "highmem/kernel/task.h"

namespace highmem {

// Preemptible task context, on another CPU. Blocks until no task is pinned to the CPU; those that
// are not leave it when they are not running.
Co<> cpu_down(CpuId cpu);

// Brings an offline CPU back, with nothing in its TLB; nothing happens if it is online. Tasks come
// to it when they are moved there. Any task context.
inline Prim cpu_up(CpuId cpu) { return Prim(PrimKind::cpu_up, cpu); }

// No task is pinned there and none runs.
bool Drained(CpuId cpu);

// Some CPU waits for another one to come to rest.
bool SomeCpuIsDying();

// Effects behind primitives; for kernel/perform.cc alone.
void BeginDown(CpuId cpu);
void FinishDown(CpuId cpu);
void FinishUp(CpuId cpu);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_HOTPLUG_H_
