// Migration, and what forbids it. (kernel/sched/core.c: migrate_disable, migrate_enable,
// set_task_cpu; SPEC G.9)
#ifndef HIGHMEM_KERNEL_MIGRATE_H_
#define HIGHMEM_KERNEL_MIGRATE_H_

#include "highmem/kernel/co.h"
#include "highmem/kernel/primitive.h"
#include "highmem/kernel/task.h"

namespace highmem {

// Pins current to its CPU; nests. It can still be preempted, and sleep. Any context. No-op on UP.
Co<> migrate_disable();
// The mirror. WARNs once (migrate_enable_zero) if migration is not disabled.
Co<> migrate_enable();

// CPUs the task could be moved to now, as a mask: it is runnable, not running nor about to, and not
// pinned; the CPU is online and another one.
uint32_t Migratable(TaskId t);

// Moves it. Emits migrate.
void Migrate(TaskId t, CpuId to);

// balance_push(): runnable tasks that can go elsewhere do.
void PushTasksAway(CpuId cpu);

// Effects behind primitives; for kernel/perform.cc alone.
void MigrateDisable(TaskId t);
void MigrateEnable(TaskId t);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_MIGRATE_H_
