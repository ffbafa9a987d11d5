#include "highmem/report/waits.h"

#include "highmem/kernel/perform.h"
#include "highmem/kernel/spinlock.h"
#include "highmem/kernel/task.h"

namespace highmem {
namespace {

std::string NameOf(const Executor& executor, TaskId t) {
  const ActorId actor = executor.ActorOf(t);
  return actor == kNoActor ? "idle" : ActorName(executor.trace(), actor);
}

// "CPU1 T2", or "CPU1 T2's hardirq" for what stands on top of a task.
std::string OnCpu(const Executor& executor, CpuId cpu) {
  const TaskId t = machine.cpus[cpu].curr;
  const std::string who = "CPU" + std::to_string(cpu) + " " + NameOf(executor, t);
  switch (TopContext(t).kind) {
    case ContextKind::kHardirq: return who + "'s hardirq";
    case ContextKind::kSoftirq: return who + "'s softirq";
    case ContextKind::kNmi: return who + "'s NMI";
    case ContextKind::kIpi: return who + "'s IPI handler";
    case ContextKind::kFault: return who + "'s page fault";
    case ContextKind::kPreempt:
    case ContextKind::kTask: break;
  }
  return who;
}

std::string Cpus(uint32_t mask) {
  std::string text;
  for (int c = 0; c < machine.profile.cpus; c++)
    if ((mask >> c & 1) != 0) text += (text.empty() ? "CPU" : ", CPU") + std::to_string(c);
  return text;
}

// What the pending step of a blocked CPU waits for, or "".
std::string Reason(const Executor& executor, CpuId cpu, const Pending& pending) {
  switch (pending.kind) {
    case PrimKind::lock: {
      const auto lock = static_cast<LockId>(pending.resource);
      const TaskId owner = LockOwner(lock);
      return "spins for " + std::string(LockName(lock)) + ", which CPU" +
             std::to_string(task(owner).cpu) + " " + NameOf(executor, owner) + " holds";
    }
    case PrimKind::ipi_wait:
      return "waits for " + Cpus(machine.cpus[cpu].ipi_unacked) + " to answer its IPI";
    case PrimKind::take: {
      const auto from = static_cast<ActorId>(pending.resource);
      return "waits for " + ActorName(executor.trace(), from) + " to post";
    }
    case PrimKind::cpu_down:
    case PrimKind::cpu_up: return "waits until no CPU is going offline";
    case PrimKind::cpu_drained:
      return "waits for the tasks pinned to CPU" + std::to_string(pending.resource);
    default: return "";
  }
}

}  // namespace

std::vector<std::string> Waits(const Executor& executor) {
  std::vector<std::string> lines;
  for (int c = 0; c < machine.profile.cpus; c++) {
    const auto cpu = static_cast<CpuId>(c);
    const Context& top = TopContext(machine.cpus[c].curr);
    if (Enabled(top, cpu)) continue;
    const std::string reason = Reason(executor, cpu, top.pending);
    if (reason.empty()) continue;
    lines.push_back(OnCpu(executor, cpu) + " " + reason +
                    (machine.cpus[c].irqs_on != 0 ? "" : ", interrupts off"));
  }
  for (int t = 0; t < task_count(); t++) {
    const auto id = static_cast<TaskId>(t);
    if (task(id).on_rq == 0 && task(id).state == TaskState::kUninterruptible)
      lines.push_back(NameOf(executor, id) + " sleeps until a pkmap slot is not in use");
  }
  return lines;
}

}  // namespace highmem
