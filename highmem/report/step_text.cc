#include "highmem/report/step_text.h"

#include "highmem/kernel/context.h"
#include "highmem/kernel/spinlock.h"
#include "highmem/kernel/task.h"
#include "highmem/kernel/wait.h"
#include "highmem/kmap/introspect.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page.h"
#include "highmem/machine/page_table.h"

namespace highmem {

std::string StepText::TaskName(const Executor& executor, uint32_t task) const {
  const ActorId actor = executor.ActorOf(static_cast<TaskId>(task));
  return actor == kNoActor ? "idle" : ActorName(t_, actor);
}

std::string StepText::Result(const Event& e) const {
  switch (static_cast<ResultKind>(e.old_value >> 8 & 0xff)) {
    case ResultKind::pkmap: return " = " + Slot(static_cast<uint32_t>(PKMAP_NR(e.new_value)));
    case ResultKind::fix: return " = " + Slot(static_cast<uint32_t>(VpnOf(e.new_value)));
    case ResultKind::low: return " = low";
    case ResultKind::null: return " = null";
    case ResultKind::byte: return " = " + std::to_string(e.new_value);
    case ResultKind::fault: return " faults";
    case ResultKind::page: return " = " + Page(e.new_value);
    case ResultKind::ok: break;
  }
  const bool check = static_cast<OpCode>(e.old_value & 0xff) == OpCode::check;
  return check ? (e.new_value != 0 ? " holds" : " is false") : " done";
}

// A check's name says nothing.
std::string StepText::Ended(const Event& op_end) const {
  const auto code = static_cast<OpCode>(op_end.old_value & 0xff);
  return code == OpCode::check ? PrintCall(t_, op_end.ctx, op_end.obj)
                               : std::string(Info(code).name);
}

std::string StepText::Of(const Executor& executor, const Event& e) const {
  switch (e.kind) {
    case EventKind::op_begin: return Who(e.ctx) + " " + CallText(t_, e);
    case EventKind::op_end: return Who(e.ctx) + " " + Ended(e) + Result(e);
    case EventKind::irq_enter: return e.ctx < t_.actors.size() ? Who(e.ctx) + " enters" : "";
    case EventKind::irq_exit: return e.ctx < t_.actors.size() ? Who(e.ctx) + " leaves" : "";
    case EventKind::task_switch:
      return e.new_value == IdleTask(e.cpu) ? "" : "switch to " + TaskName(executor, e.new_value);
    case EventKind::sleep: return TaskName(executor, e.obj) + " sleeps";
    case EventKind::task_state:
      return e.old_value == static_cast<uint32_t>(TaskState::kUninterruptible)
                 ? Who(e.ctx) + " wakes " + TaskName(executor, e.obj)
                 : "";
    case EventKind::ipi_send: return Who(e.ctx) + " sends IPI";
    case EventKind::tlb_flush_local: return Who(e.ctx) + " flushes TLB";
    case EventKind::tlb_flush_broadcast: return Who(e.ctx) + " flushes every TLB";
    case EventKind::tlb_global_begin: return Who(e.ctx) + " global flush";
    case EventKind::tlb_global_end: return Who(e.ctx) + " flush done";
    case EventKind::sweep_begin: return Who(e.ctx) + " sweep";
    case EventKind::sweep_end: return Who(e.ctx) + " swept " + std::to_string(e.obj);
    case EventKind::tlb_fill:
      return e.aux != 0 && watch_.Shows(static_cast<int>(e.obj)) ? "TLB takes " + Slot(e.obj) : "";
    case EventKind::tlb_evict:
      return watch_.Shows(static_cast<int>(e.obj)) ? "TLB drops " + Slot(e.obj) : "";
    case EventKind::line_writeback: return "line " + std::to_string(e.obj) + " written back";
    case EventKind::line_drop:
      return e.new_value != 0 ? Who(e.ctx) + " drops dirty line " + std::to_string(e.obj) : "";
    case EventKind::sched_out: return TaskName(executor, e.obj) + "'s maps leave";
    case EventKind::sched_in: return TaskName(executor, e.obj) + "'s maps come back";
    case EventKind::migrate:
      return TaskName(executor, e.obj) + " moves to CPU" + std::to_string(e.new_value);
    case EventKind::fork: return Who(e.ctx) + " forks " + TaskName(executor, e.obj);
    case EventKind::cpu_offline: return "CPU" + std::to_string(e.obj) + " is offline";
    case EventKind::bug:
      return Who(e.ctx) + " BUG " + std::string(SiteName(static_cast<Site>(e.obj)));
    case EventKind::warn:
      return Who(e.ctx) + " WARN " + std::string(SiteName(static_cast<Site>(e.obj)));
    case EventKind::splat:
      return Who(e.ctx) + " SPLAT " + std::string(SiteName(static_cast<Site>(e.obj)));
    case EventKind::contend:
      return spins_ ? Who(e.ctx) + " spins for " + std::string(LockName(static_cast<LockId>(e.obj)))
                    : "";
    case EventKind::take_wait:
      return Who(e.ctx) + " waits for " + ActorName(t_, static_cast<ActorId>(e.obj));
    default: return "";
  }
}

std::string StepText::OfChange(std::span<const Event> events) const {
  for (const Event& e : events) {
    const std::string who = Who(e.ctx) + " ";
    switch (e.kind) {
      case EventKind::pkmap_count:
        if (watch_.Shows(static_cast<int>(e.obj))) return who + "count of " + Slot(e.obj);
        break;
      case EventKind::pte_set:
        if (watch_.Shows(static_cast<int>(e.obj))) return who + "PTE of " + Slot(e.obj);
        break;
      case EventKind::tlb_fill:
        if (watch_.Shows(static_cast<int>(e.obj))) return who + "TLB takes " + Slot(e.obj);
        break;
      case EventKind::kmap_atomic_idx:
      case EventKind::kmap_idx: return who + "idx";
      case EventKind::pkmap_cursor: return who + "cursor" + OfColour(e.obj);
      case EventKind::wait_add: return who + "queues";
      case EventKind::wait_remove: return who + "leaves the queue";
      default: break;
    }
  }
  return "";
}

std::string StepText::OfPrimitive(const Standing& stood) const {
  const std::string who = Who(events.ctx());
  if (!stood.preempted && InPreemption(events.cpu())) return who + " is preempted";
  std::string text = who + " " + std::string(Info(stood.prim).name);
  switch (Info(stood.prim).resource) {
    case Resource::lock:
      return text + " " + std::string(LockName(static_cast<LockId>(stood.resource)));
    case Resource::slot:
    case Resource::vpn: return text + " " + Slot(stood.resource) + Found(stood);
    case Resource::page: return text + " " + Page(stood.resource) + Found(stood);
    case Resource::address:
      if (InPkmap(stood.resource) || InFixKmap(stood.resource))
        text += " " + Slot(static_cast<uint32_t>(VpnOf(stood.resource)));
      return text;
    case Resource::colour: return text + OfColour(stood.resource);
    default: return text + Found(stood);
  }
}

std::string StepText::OfColour(uint32_t colour) const {
  return t_.profile.colours > 1 ? " of colour " + std::to_string(colour) : "";
}

std::string StepText::Found(const Standing& stood) const {
  switch (stood.prim) {
    case PrimKind::pte_get:
      return " = " + PageLabel(t_, PteGet(static_cast<int>(stood.resource)).pfn());
    case PrimKind::hash_find: {
      if (page_address_view() == nullptr) return "";
      const int slot = page_address_view()->slot_of(pfn_to_page(static_cast<Pfn>(stood.resource)));
      return slot < 0 ? ": has no slot" : ": " + Slot(static_cast<uint32_t>(slot));
    }
    case PrimKind::queue_test:
      return waitqueue_active(static_cast<int>(stood.resource)) ? ": waiters" : ": no waiter";
    default: return "";
  }
}

bool StepText::IsMark(EventKind kind) {
  return kind == EventKind::sweep_begin || kind == EventKind::sweep_end ||
         kind == EventKind::tlb_global_begin || kind == EventKind::tlb_global_end ||
         kind == EventKind::sched_out || kind == EventKind::sched_in;
}

}  // namespace highmem
