#include "highmem/kernel/task.h"

#include "highmem/machine/arena.h"

namespace highmem {
namespace internal {

Task* tasks = nullptr;
int tasks_count = 0;

}  // namespace internal

void TasksReset(int count, const CpuId* cpu_of) {
  internal::tasks_count = count;
  Task* const tasks = arena.Carve<Task>(static_cast<size_t>(count) + machine.profile.cpus);
  internal::tasks = tasks;
  // A new task is entered from a switch: interrupts off, preemption off until it has finished that.
  for (int t = 0; t < count; t++)
    tasks[t] = {kPreemptOffset, TaskState::kRunning, cpu_of[t], /*on_rq=*/1, /*is_idle=*/0};
  for (int c = 0; c < machine.profile.cpus; c++) {
    tasks[count + c] = {kPreemptOffset, TaskState::kRunning, static_cast<CpuId>(c), 0, 1};
    machine.cpus[c].curr = IdleTask(static_cast<CpuId>(c));
  }
}

}  // namespace highmem
