#include "highmem/check/deadlock.h"

#include <bit>

#include "highmem/kernel/hotplug.h"
#include "highmem/kernel/irq.h"
#include "highmem/kernel/mailbox.h"
#include "highmem/kernel/perform.h"
#include "highmem/kernel/spinlock.h"
#include "highmem/kernel/task.h"

namespace highmem {
namespace {

// Has begun, or may begin without anybody's help, and has not ended.
bool Live(TaskId t) {
  return task(t).state != TaskState::kDead && task(t).state != TaskState::kNew;
}

bool InterruptOnTop(TaskId t) {
  switch (TopContext(t).kind) {
    case ContextKind::kSoftirq:
    case ContextKind::kHardirq:
    case ContextKind::kIpi:
    case ContextKind::kNmi: return true;
    case ContextKind::kTask:
    case ContextKind::kPreempt:
    case ContextKind::kFault: return false;
  }
  return false;
}

}  // namespace

void DeadlockCheck::Begin(const Executor& executor, const Ledger* ledger,
                          const WaitersCheck* waiters, Reporter* reporter) {
  executor_ = &executor;
  ledger_ = ledger;
  waiters_ = waiters;
  reporter_ = reporter;
}

bool DeadlockCheck::Hope::ForTask(TaskId t) const {
  return task(t).is_idle != 0 ? ForCpu(task(t).cpu) : (tasks >> t & 1) != 0;
}

uint32_t DeadlockCheck::Doomed() const {
  Hope hope;
  for (bool grown = true; grown;) {
    grown = false;
    for (int c = 0; c < machine.profile.cpus; c++) {
      const auto cpu = static_cast<CpuId>(c);
      if (hope.ForCpu(cpu) || !CpuGoesOn(cpu, hope)) continue;
      hope.cpus |= 1u << c;
      grown = true;
    }
    for (int i = 0; i < task_count(); i++) {
      const auto t = static_cast<TaskId>(i);
      if (hope.ForTask(t) || !TaskCanGoOn(t, hope)) continue;
      hope.tasks |= 1u << i;
      grown = true;
    }
  }
  uint32_t doomed = 0;
  for (int t = 0; t < task_count(); t++)
    if (Live(static_cast<TaskId>(t)) && !hope.ForTask(static_cast<TaskId>(t))) doomed |= 1u << t;
  return doomed;
}

bool DeadlockCheck::CpuGoesOn(CpuId cpu, const Hope& hope) const {
  const Context& top = TopContext(machine.cpus[cpu].curr);
  if (Enabled(top, cpu) || MustLeave(cpu)) return true;
  switch (top.pending.kind) {
    case PrimKind::lock: return OwnerGoesOn(static_cast<LockId>(top.pending.resource), hope);
    case PrimKind::ipi_wait:
      for (uint32_t asked = machine.cpus[cpu].ipi_unacked; asked != 0; asked &= asked - 1) {
        const auto other = static_cast<CpuId>(std::countr_zero(asked));
        if (!HardirqMayEnter(other) && !hope.ForCpu(other)) return false;
      }
      return true;
    case PrimKind::take: return WillPost(static_cast<ActorId>(top.pending.resource), hope);
    case PrimKind::cpu_drained: return WillDrain(static_cast<CpuId>(top.pending.resource), hope);
    case PrimKind::cpu_down:
    case PrimKind::cpu_up: return DyingCpuWillGo(hope);
    default: return false;
  }
}

// A handler may hold the lock on top of a task that has ended.
bool DeadlockCheck::OwnerGoesOn(LockId lock, const Hope& hope) const {
  const TaskId owner = LockOwner(lock);
  const CpuId cpu = task(owner).cpu;
  return hope.ForTask(owner) || (machine.cpus[cpu].curr == owner && hope.ForCpu(cpu));
}

// Whoever is pinned there can go on, hence may release. The pin of a dead task stays for ever; on
// top of one, or of the idle task, it may be a handler's.
bool DeadlockCheck::WillDrain(CpuId cpu, const Hope& hope) const {
  int pinned = machine.cpus[cpu].nr_pinned;
  const TaskId curr = machine.cpus[cpu].curr;
  const bool of_handler = InterruptOnTop(curr) && (task(curr).is_idle != 0 || !Live(curr));
  if (of_handler && task(curr).migration_disabled != 0 && hope.ForCpu(cpu)) pinned--;
  for (int i = 0; i < task_count(); i++) {
    const auto t = static_cast<TaskId>(i);
    if (task(t).cpu != cpu || task(t).migration_disabled == 0 || !Live(t)) continue;
    if (!hope.ForTask(t)) return false;
    pinned--;
  }
  return pinned <= 0;
}

bool DeadlockCheck::DyingCpuWillGo(const Hope& hope) const {
  for (int c = 0; c < machine.profile.cpus; c++)
    if (machine.cpus[c].state == CpuState::kDying)
      return hope.ForTask(machine.cpus[c].down_by) && WillDrain(static_cast<CpuId>(c), hope);
  return true;
}

bool DeadlockCheck::TaskCanGoOn(TaskId t, const Hope& hope) const {
  const Task& self = task(t);
  if (!Live(t)) return false;
  if (self.on_rq == 0) return SleeperCanGoOn(t, hope);
  if (hope.ForCpu(self.cpu)) return true;
  return machine.cpus[self.cpu].curr != t && Preemptible(self.cpu);
}

// Nothing but a kmap sleeps.
bool DeadlockCheck::SleeperCanGoOn(TaskId t, const Hope& hope) const {
  if (waiters_->SlotLeftFor(t)) return true;
  const uint32_t others = hope.tasks & ~(1u << t);
  if (ledger_->in_the_post() > 0 && others != 0) return true;
  for (uint32_t rest = others; rest != 0; rest &= rest - 1) {
    const ActorId helper = executor_->ActorOf(static_cast<TaskId>(std::countr_zero(rest)));
    if (ledger_->actor(helper).owed > 0) return true;
  }
  return HandlerWillUnpin(hope);
}

// A handler that holds a pin is on some CPU, or was when it ended and kept it for its next run.
bool DeadlockCheck::HandlerWillUnpin(const Hope& hope) const {
  const Trace& trace = executor_->trace();
  for (size_t a = 0; a < trace.actors.size(); a++) {
    const Actor& actor = trace.actors[a];
    if (actor.kind != ActorKind::task && ledger_->actor(static_cast<ContextId>(a)).owed > 0 &&
        hope.ForCpu(actor.cpu))
      return true;
  }
  return false;
}

bool DeadlockCheck::WillPost(ActorId from, const Hope& hope) const {
  const Trace& trace = executor_->trace();
  const Actor& source = trace.actors[from];
  const bool loops =
      source.op_count > 0 && trace.op(from, source.op_count - 1).code == OpCode::loop;
  bool will_post = false;
  for (uint32_t i = loops ? 0 : actor_state(from).op; i < source.op_count; i++)
    will_post |= trace.op(from, i).code == OpCode::post;
  if (!will_post) return false;
  if (source.kind != ActorKind::task) return true;
  return hope.ForTask(executor_->TaskOf(from));
}

void DeadlockCheck::Look(const Event& event) {
  const uint32_t doomed = Doomed();
  if (doomed != 0) Report(event, static_cast<TaskId>(std::countr_zero(doomed)));
}

void DeadlockCheck::Stuck(const Event& last) {
  uint32_t doomed = Doomed();
  for (int t = 0; doomed == 0 && t < task_count(); t++)
    if (Live(static_cast<TaskId>(t))) doomed = 1u << t;
  Report(last, static_cast<TaskId>(doomed == 0 ? 0 : std::countr_zero(doomed)));
}

void DeadlockCheck::Report(const Event& event, TaskId t) {
  const ActorId actor = executor_->ActorOf(t);
  reporter_->Report(event, {FindingId::L1, Role::actor, actor, 0, 0, ledger_->actor(actor).page});
}

}  // namespace highmem
