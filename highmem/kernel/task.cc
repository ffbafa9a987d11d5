#include "highmem/kernel/task.h"

#include "highmem/machine/arena.h"

namespace highmem {
namespace internal {

Task* tasks = nullptr;
int tasks_count = 0;

}  // namespace internal

void TasksReset(int count, const CpuId* cpu_of, uint32_t unborn) {
  internal::tasks_count = count;
  Task* const tasks = arena.Carve<Task>(static_cast<size_t>(count) + machine.profile.cpus);
  internal::tasks = tasks;
  // A new task is entered from a switch: interrupts off, preemption off until it has finished that.
  for (int t = 0; t < count; t++) {
    const bool born = (unborn >> t & 1) == 0;
    tasks[t] = {.preempt_count = kPreemptOffset,
                .state = born ? TaskState::kRunning : TaskState::kNew,
                .cpu = cpu_of[t],
                .on_rq = born,
                .is_idle = 0,
                .migration_disabled = 0,
                .pagefault_disabled = 0,
                .pkey_open = 0,
                .unused = 0};
  }
  for (int c = 0; c < machine.profile.cpus; c++) {
    tasks[count + c] = {.preempt_count = kPreemptOffset,
                        .state = TaskState::kRunning,
                        .cpu = static_cast<CpuId>(c),
                        .on_rq = 0,
                        .is_idle = 1,
                        .migration_disabled = 0,
                        .pagefault_disabled = 0,
                        .pkey_open = 0,
                        .unused = 0};
    machine.cpus[c].curr = IdleTask(static_cast<CpuId>(c));
  }
}

}  // namespace highmem
