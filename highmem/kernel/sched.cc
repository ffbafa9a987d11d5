#include "highmem/kernel/sched.h"

#include "highmem/kernel/preempt.h"
#include "highmem/kernel/primitive.h"

namespace highmem {
namespace {

// Runs on prev's stack up to the pick and goes on here when prev is picked again. Preemption is off
// from before the pick until the switch has been finished.
Co<> __schedule(bool preempted, uint32_t next) {
  co_await irq_save();
  if (!preempted) co_await Prim(PrimKind::deactivate);
  co_await Prim(PrimKind::switch_to, 0, next);
  co_await irq_restore(1);
}

}  // namespace

Co<> schedule() {
  if (in_atomic()) co_await Bug(Site::scheduling_while_atomic);
  co_await preempt_disable();
  co_await __schedule(/*preempted=*/false, kAnyTask);
  co_await preempt_enable();
}

Co<> preempt_schedule(TaskId next) {
  co_await preempt_disable();
  co_await __schedule(/*preempted=*/true, next);
  co_await preempt_enable();
}

Co<> idle_loop() {
  for (;;) {
    co_await Prim(PrimKind::idle);
    co_await __schedule(/*preempted=*/true, kAnyTask);
  }
}

Co<> finish_new_task() {
  co_await irq_restore(1);
  co_await preempt_enable();
}

Co<> do_exit() {
  co_await preempt_disable();
  co_await set_current_state(TaskState::kDead);
  co_await __schedule(/*preempted=*/false, kAnyTask);
}

bool TryToWakeUp(TaskId t) {
  if (task(t).state != TaskState::kUninterruptible) return false;
  SetTaskState(t, TaskState::kRunning);
  task(t).on_rq = 1;
  return true;
}

uint32_t RunnableMask(CpuId cpu) {
  uint32_t mask = 0;
  for (int t = 0; t < task_count(); t++) {
    const Task& candidate = task(static_cast<TaskId>(t));
    if (candidate.on_rq != 0 && candidate.cpu == cpu) mask |= 1u << t;
  }
  return mask;
}

void SetTaskState(TaskId t, TaskState state) {
  Emit(EventKind::task_state, t, static_cast<uint32_t>(task(t).state),
       static_cast<uint32_t>(state));
  task(t).state = state;
}

void Deactivate(TaskId t) {
  Task& self = task(t);
  if (self.state == TaskState::kRunning) return;
  self.on_rq = 0;
  if (self.state == TaskState::kUninterruptible)
    Emit(EventKind::sleep, t);
  else
    Emit(EventKind::task_exit, t, self.preempt_count);
}

void SwitchTo(CpuId cpu, TaskId next) {
  Emit(EventKind::task_switch, machine.cpus[cpu].curr, 0, next);
  machine.cpus[cpu].curr = next;
}

}  // namespace highmem
