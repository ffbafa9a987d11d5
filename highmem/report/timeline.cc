#include "highmem/report/timeline.h"

#include <cstdio>

#include "highmem/kernel/context.h"
#include "highmem/kernel/spinlock.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

std::string Number(int64_t n) { return std::to_string(n); }

std::string Hex(uint32_t value) {
  char text[16];
  std::snprintf(text, sizeof(text), "0x%02x", value);
  return text;
}

std::string LockText(uint32_t lock) { return std::string(LockName(static_cast<LockId>(lock))); }

}  // namespace

void Timeline::Begin(const Executor& /*executor*/) { rows_.clear(); }

std::string Timeline::Page(uint32_t pfn) const {
  for (size_t i = 0; i < trace_.pages.size(); i++)
    if (PfnOf(trace_, static_cast<int>(i)) == pfn) return PageName(trace_, static_cast<int>(i));
  return pfn == kNoPfn ? "none" : "filler " + Number(pfn);
}

std::string Timeline::Virtual(uint32_t vpn) const {
  const auto slots = static_cast<uint32_t>(machine.profile.last_pkmap);
  if (vpn < slots) return "pkmap:" + Number(vpn);
  if (WindowIndexOf(vpn) < 0) return "vmap:" + Number(vpn - static_cast<uint32_t>(VmapVpn(0)));
  return "fix:" + Number(vpn - slots);
}

std::string Timeline::Address(uint32_t address) const {
  const std::string offset = OffsetInPage(address) == 0 ? "" : "+" + Number(OffsetInPage(address));
  if (InLinearMap(address)) return Page((address - kPageOffset) >> machine.page_shift) + offset;
  const int vpn = VpnOf(address);
  return vpn < 0 ? Hex(address) : Virtual(static_cast<uint32_t>(vpn)) + offset;
}

std::string Timeline::Task(const Executor& executor, uint32_t task) const {
  const ActorId actor = executor.ActorOf(static_cast<TaskId>(task));
  return actor == kNoActor ? "idle" : ActorName(trace_, actor);
}

// "T1 kmap A", from the event op_begin.
std::string Timeline::OpText(const Event& event) const {
  const auto code = static_cast<OpCode>(event.old_value);
  std::string text = ActorName(trace_, event.ctx) + " " + std::string(Info(code).name);
  const bool on_address = code == OpCode::load || code == OpCode::store;
  if (on_address)
    text += " " + Address(event.aux);
  else if (event.new_value != kNoPfn)
    text += " " + Page(event.new_value);
  if (code == OpCode::store) {
    const Op& op = trace_.op(event.ctx, event.obj);
    text += " = " + Hex(static_cast<uint32_t>(op.value));
  }
  return text;
}

void Timeline::Row(const Event& event, const std::string& what) {
  rows_.push_back({event.step, event.cpu, event.ctx, false, what, ""});
}

// State changes stand beside the row of the step that made them; a step without one gets its own.
void Timeline::Change(const Event& event, const std::string& change) {
  if (rows_.empty() || rows_.back().cpu != event.cpu || rows_.back().ctx != event.ctx)
    Row(event, event.ctx < trace_.actors.size() ? ActorName(trace_, event.ctx) + " goes on" : "");
  std::string& text = rows_.back().change;
  text += (text.empty() ? "" : ", ") + change;
}

// Joins the result to the op's row if nothing came between; else it gets a row of its own.
void Timeline::OnOpEnd(const Event& event) {
  const auto code = static_cast<OpCode>(event.old_value & 0xff);
  const auto kind = static_cast<ResultKind>(event.old_value >> 8);
  std::string result;
  switch (kind) {
    case ResultKind::pkmap:
    case ResultKind::fix:
    case ResultKind::low: result = " -> " + Address(event.new_value); break;
    case ResultKind::null: result = " -> null"; break;
    case ResultKind::byte: result = " -> " + Hex(event.new_value); break;
    case ResultKind::fault: result = " -> FAULT"; break;
    case ResultKind::page: result = " -> page " + Page(event.new_value); break;
    case ResultKind::ok: break;
  }
  if (!rows_.empty() && rows_.back().open && rows_.back().ctx == event.ctx) {
    rows_.back().what += result;
    rows_.back().open = false;
    return;
  }
  for (TimelineRow& row : rows_)
    if (row.ctx == event.ctx) row.open = false;
  Row(event, ActorName(trace_, event.ctx) + " ." + std::string(Info(code).name) +
                 (result.empty() ? " done" : result));
}

void Timeline::OnEvent(const Executor& executor, const Event& e) {
  switch (e.kind) {
    case EventKind::op_begin:
      Row(e, OpText(e));
      rows_.back().open = true;
      break;
    case EventKind::op_end: OnOpEnd(e); break;
    case EventKind::pkmap_count:
      Change(e, "count[" + Number(e.obj) + "] " + Number(static_cast<int32_t>(e.old_value)) + ">" +
                    Number(static_cast<int32_t>(e.new_value)));
      break;
    case EventKind::pkmap_cursor: Change(e, "cursor " + Number(e.new_value)); break;
    case EventKind::kmap_idx:
      Change(e, "idx(" + Task(executor, e.obj) + ") " + Number(static_cast<int16_t>(e.old_value)) +
                    ">" + Number(static_cast<int16_t>(e.new_value)));
      break;
    case EventKind::kmap_atomic_idx:
      Change(e, "idx(CPU" + Number(e.obj) + ") " + Number(static_cast<int16_t>(e.old_value)) + ">" +
                    Number(static_cast<int16_t>(e.new_value)));
      break;
    case EventKind::migrate:
      Row(e, Task(executor, e.obj) + " moves to CPU" + Number(e.new_value));
      break;
    case EventKind::sched_out: Row(e, "local maps out of the window"); break;
    case EventKind::sched_in: Row(e, "local maps back into the window"); break;
    case EventKind::fork: Row(e, "forks " + Task(executor, e.obj)); break;
    case EventKind::cpu_online: Row(e, "CPU" + Number(e.obj) + " is online"); break;
    case EventKind::cpu_offline: Row(e, "CPU" + Number(e.obj) + " is offline"); break;
    case EventKind::pte_set: Change(e, "PTE " + Virtual(e.obj) + "=" + Page(e.new_value)); break;
    case EventKind::tlb_fill:
      if (e.aux != 0) Row(e, "(speculative fill)");
      Change(e, "TLB" + Number(e.cpu) + " +" + Virtual(e.obj) + "=" + Page(e.new_value));
      break;
    case EventKind::tlb_evict:
      Row(e, "(eviction)");
      Change(e, "TLB" + Number(e.cpu) + " -" + Virtual(e.obj));
      break;
    case EventKind::line_fill: Change(e, "line " + Number(e.obj) + "=" + Page(e.old_value)); break;
    case EventKind::line_writeback: Change(e, "line " + Number(e.obj) + " written back"); break;
    case EventKind::line_drop: Change(e, "line " + Number(e.obj) + " dropped"); break;
    case EventKind::tlb_flush_local:
      Change(e, "TLB" + Number(e.cpu) + (e.aux != 0 ? " emptied" : " -range"));
      break;
    case EventKind::tlb_flush_broadcast:
      Change(e, std::string("all TLBs") + (e.aux != 0 ? " emptied" : " -range"));
      break;
    case EventKind::irq_enter:
      Row(e, static_cast<ContextKind>(e.obj) == ContextKind::kIpi
                 ? "> IPI"
                 : "> irq " + ActorName(trace_, e.ctx));
      break;
    case EventKind::irq_exit: Row(e, "< back"); break;
    case EventKind::ipi_send: Row(e, "asks other CPUs to flush"); break;
    case EventKind::ipi_wait: Row(e, "waits for IPI answers"); break;
    case EventKind::contend:
      Row(e, "spins on " + LockText(e.obj) + ", held by " + Task(executor, e.old_value));
      break;
    case EventKind::task_switch:
      if (executor.ActorOf(static_cast<TaskId>(e.new_value)) != kNoActor)
        Row(e, "= switch to " + Task(executor, e.new_value));
      break;
    case EventKind::sleep: Row(e, Task(executor, e.obj) + " sleeps, no slot"); break;
    case EventKind::wake: Row(e, "wakes " + Number(e.new_value) + " sleeper(s)"); break;
    case EventKind::sweep_begin: Row(e, "sweep of unused slots"); break;
    case EventKind::fault: Change(e, "FAULT"); break;
    case EventKind::bug: Row(e, "BUG " + std::string(SiteName(static_cast<Site>(e.obj)))); break;
    case EventKind::warn: Row(e, "WARN " + std::string(SiteName(static_cast<Site>(e.obj)))); break;
    case EventKind::splat:
      Row(e, "SPLAT " + std::string(SiteName(static_cast<Site>(e.obj))));
      break;
    case EventKind::store:
      Change(e, "memory " + Page(e.aux) + " " + Hex(e.old_value) + ">" + Hex(e.new_value));
      break;
    default: break;
  }
}

bool Timeline::OnStep(const Executor& executor, std::span<const Event> events) {
  for (const Event& e : events) OnEvent(executor, e);
  return true;
}

}  // namespace highmem
