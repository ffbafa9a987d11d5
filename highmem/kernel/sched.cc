#include "highmem/kernel/sched.h"

#include <bit>

#include "highmem/kernel/kmap_hooks.h"
#include "highmem/kernel/migrate.h"
#include "highmem/kernel/preempt.h"
#include "highmem/kernel/primitive.h"

namespace highmem {
namespace {

// The steps of a switch that the task which has just become current takes. A task that holds local
// maps must not be preempted before it has them back: preemption is off until then.
Co<> finish_task_switch() {
  co_await irq_restore(1);
  co_await kmap_local_sched_in();
}

// Runs on prev's stack up to the switch and goes on here when prev is current again. Preemption is
// off from before the pick until the switch has been finished.
Co<> __schedule(bool preempted, uint32_t wanted) {
  co_await irq_save();
  if (!preempted) co_await Prim(PrimKind::deactivate);
  const uint32_t next = co_await Prim(PrimKind::pick, 0, wanted);
  if (next == CurrentTaskId()) {
    co_await irq_restore(1);
    co_return;
  }
  co_await kmap_local_sched_out();
  co_await Prim(PrimKind::switch_to, 0, next);
  co_await finish_task_switch();
}

}  // namespace

void LeaveOfflineCpu(TaskId t) {
  if (machine.cpus[task(t).cpu].state == CpuState::kOnline) return;
  const uint32_t where = Migratable(t);
  if (where != 0) Migrate(t, static_cast<CpuId>(std::countr_zero(where)));
}

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
  co_await finish_task_switch();
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
  LeaveOfflineCpu(t);
  return true;
}

uint32_t RunnableMask(CpuId cpu) {
  uint32_t mask = 0;
  const bool dying = machine.cpus[cpu].state == CpuState::kDying;
  for (int t = 0; t < task_count(); t++) {
    const Task& candidate = task(static_cast<TaskId>(t));
    if (candidate.on_rq == 0 || candidate.cpu != cpu) continue;
    if (!dying || candidate.migration_disabled != 0) mask |= 1u << t;
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

TaskId Pick(CpuId cpu, TaskId next) {
  if (machine.cpus[cpu].curr != next)
    machine.cpus[cpu].next_plus_1 = static_cast<uint8_t>(next + 1);
  return next;
}

void SwitchTo(CpuId cpu, TaskId next) {
  machine.cpus[cpu].next_plus_1 = 0;
  Emit(EventKind::task_switch, machine.cpus[cpu].curr, 0, next);
  machine.cpus[cpu].curr = next;
  if (machine.cpus[cpu].state == CpuState::kDying) PushTasksAway(cpu);
}

}  // namespace highmem
