// The scheduler: schedule(), preemption, the idle loop, a task's first and last steps.
// (kernel/sched/core.c: __schedule, finish_task_switch, try_to_wake_up; SPEC G.7)
#ifndef HIGHMEM_KERNEL_SCHED_H_
#define HIGHMEM_KERNEL_SCHED_H_

#include "highmem/kernel/co.h"
#include "highmem/kernel/primitive.h"
#include "highmem/kernel/task.h"

namespace highmem {

inline constexpr uint32_t kAnyTask = 0xffff;

inline Prim set_current_state(TaskState state) {
  return Prim(PrimKind::set_state, 0, static_cast<uint32_t>(state));
}

// Gives up the CPU. If the task's state is not kRunning it leaves the run queue, unless it was
// woken meanwhile. Task context, preemption on (else BUG scheduling_while_atomic). Returns when the
// task is current again.
Co<> schedule();

// What a preemption pushes: switches to `next` without deactivating the current task.
Co<> preempt_schedule(TaskId next);

// The idle task's life: wait for a runnable task, switch to it.
Co<> idle_loop();

// A new task's first steps, entered from the switch that starts it.
Co<> finish_new_task();

// A task's last steps; never returns.
Co<> do_exit();

// Makes a task runnable. False if it already was.
bool TryToWakeUp(TaskId t);

// select_task_rq(): a runnable task that is not pinned leaves a CPU that is not online.
void LeaveOfflineCpu(TaskId t);

// Mask of tasks (bit t) of this CPU that could be picked now, idle excluded; of a dying CPU those
// that are pinned.
uint32_t RunnableMask(CpuId cpu);

// Effects behind primitives; for kernel/perform.cc alone.
void SetTaskState(TaskId t, TaskState state);
void Deactivate(TaskId t);
TaskId Pick(CpuId cpu, TaskId next);
void SwitchTo(CpuId cpu, TaskId next);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_SCHED_H_
