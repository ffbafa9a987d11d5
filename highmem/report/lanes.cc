#include "highmem/report/lanes.h"

#include <utility>

#include "highmem/kernel/spinlock.h"
#include "highmem/machine/layout.h"
#include "highmem/report/names.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

bool IsLiveness(const Finding& finding) { return Info(finding.id).exit_code == 67; }

// Stops the run at the finding's step; on the way, which slot its page had last.
class FirstLook : public EventSink {
 public:
  explicit FirstLook(const Finding& finding) : finding_(finding) {}
  void Begin(const Executor& /*executor*/) override {}
  bool OnStep(const Executor& executor, std::span<const Event> events) override {
    for (const Event& e : events)
      if (e.kind == EventKind::pte_set && e.new_value == DisputedPage(finding_) &&
          static_cast<int>(e.obj) < machine.profile.last_pkmap)
        last_slot_ = static_cast<int>(e.obj);
    return executor.steps() < finding_.step;
  }
  int last_slot() const { return last_slot_; }

 private:
  const Finding& finding_;
  int last_slot_ = -1;
};

class RowSink : public EventSink {
 public:
  RowSink(const Trace& trace, const Finding& finding, const Watch& watch, uint64_t shown,
          Lanes* lanes)
      : t_(trace), f_(finding), watch_(watch), shown_(shown), lanes_(*lanes) {}

  void Begin(const Executor& /*executor*/) override { open_.assign(t_.actors.size(), -1); }
  bool OnStep(const Executor& executor, std::span<const Event> events) override;

 private:
  std::string Text(const Event& e);
  std::string OpEnd(const Event& e) const;
  std::string Change(std::span<const Event> events) const;
  std::string Plainly(std::span<const Event> step) const;
  std::string Who(ContextId ctx) const { return ContextName(t_, ctx); }
  std::string TaskName(const Executor& executor, uint32_t task) const;
  std::string Page(uint32_t pfn) const { return PageLabel(t_, static_cast<Pfn>(pfn)); }
  std::string Slot(uint32_t vpn) const { return PrintSlot(t_.profile, vpn); }
  bool JoinsBegin(const Event& e, std::string* text);
  void AddRow(const Executor& executor, CpuId cpu, std::string text) {
    lanes_.rows.push_back({executor.steps(), cpu, std::move(text), {}, false, false});
  }
  void NoteChanges(const std::vector<std::string>& now);

  const Trace& t_;
  const Finding& f_;
  const Watch& watch_;
  const uint64_t shown_;
  Lanes& lanes_;
  const Executor* executor_ = nullptr;
  std::vector<std::string> before_;
  std::vector<int> open_;         // by actor: row in which its op began
  PrimKind next_[kMaxCpus] = {};  // by CPU: the primitive that it was about to perform
  bool joined_ = false;           // this step ended an op, and the row above says so
};

std::string RowSink::TaskName(const Executor& executor, uint32_t task) const {
  const ActorId actor = executor.ActorOf(static_cast<TaskId>(task));
  return actor == kNoActor ? "idle" : ActorName(t_, actor);
}

std::string RowSink::OpEnd(const Event& e) const {
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

// An op that began in the row above ends in it.
bool RowSink::JoinsBegin(const Event& e, std::string* text) {
  const int row = open_[e.ctx];
  open_[e.ctx] = -1;
  const std::string end = OpEnd(e);
  if (row >= 0 && row + 1 == static_cast<int>(lanes_.rows.size())) {
    if (end != " done") lanes_.rows[static_cast<size_t>(row)].text += end;
    joined_ = true;
    return true;
  }
  *text = Who(e.ctx) + " " + std::string(Info(static_cast<OpCode>(e.old_value & 0xff)).name) + end;
  return false;
}

// Empty for what no reader misses.
std::string RowSink::Text(const Event& e) {
  std::string text;
  switch (e.kind) {
    case EventKind::op_begin: return Who(e.ctx) + " " + CallText(t_, e);
    case EventKind::op_end: return JoinsBegin(e, &text) ? "" : text;
    case EventKind::irq_enter: return e.ctx < t_.actors.size() ? Who(e.ctx) + " enters" : "";
    case EventKind::irq_exit: return e.ctx < t_.actors.size() ? Who(e.ctx) + " leaves" : "";
    case EventKind::task_switch:
      return e.new_value == IdleTask(e.cpu) ? "" : "switch to " + TaskName(*executor_, e.new_value);
    case EventKind::sleep: return TaskName(*executor_, e.obj) + " sleeps";
    case EventKind::task_state:
      return e.old_value == static_cast<uint32_t>(TaskState::kUninterruptible)
                 ? Who(e.ctx) + " wakes " + TaskName(*executor_, e.obj)
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
      return e.new_value != 0 ? "dirty line " + std::to_string(e.obj) + " dropped" : "";
    case EventKind::sched_out: return TaskName(*executor_, e.obj) + "'s maps leave";
    case EventKind::sched_in: return TaskName(*executor_, e.obj) + "'s maps come back";
    case EventKind::migrate:
      return TaskName(*executor_, e.obj) + " moves to CPU" + std::to_string(e.new_value);
    case EventKind::fork: return Who(e.ctx) + " forks " + TaskName(*executor_, e.obj);
    case EventKind::cpu_offline: return "CPU" + std::to_string(e.obj) + " is offline";
    case EventKind::bug:
      return Who(e.ctx) + " BUG " + std::string(SiteName(static_cast<Site>(e.obj)));
    case EventKind::warn:
      return Who(e.ctx) + " WARN " + std::string(SiteName(static_cast<Site>(e.obj)));
    case EventKind::splat:
      return Who(e.ctx) + " SPLAT " + std::string(SiteName(static_cast<Site>(e.obj)));
    case EventKind::contend:
      return IsLiveness(f_)
                 ? Who(e.ctx) + " spins for " + std::string(LockName(static_cast<LockId>(e.obj)))
                 : "";
    case EventKind::take_wait:
      return Who(e.ctx) + " waits for " + ActorName(t_, static_cast<ActorId>(e.obj));
    default: return "";
  }
}

// What a step did that shows in a column only.
std::string RowSink::Change(std::span<const Event> events) const {
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
      case EventKind::pkmap_cursor: return who + "cursor";
      case EventKind::wait_add: return who + "queues";
      case EventKind::wait_remove: return who + "leaves the queue";
      default: break;
    }
  }
  return "";
}

// By the names of its events, or by the primitive that made none.
std::string RowSink::Plainly(std::span<const Event> step) const {
  std::string text = Who(events.ctx());
  for (const Event& e : step) text += " " + std::string(EventName(e.kind));
  const PrimKind prim = next_[events.cpu()];
  return step.empty() && prim != PrimKind::none ? text + " " + std::string(Info(prim).name) : text;
}

void RowSink::NoteChanges(const std::vector<std::string>& now) {
  Row& row = lanes_.rows.back();
  row.state.resize(now.size());
  for (size_t i = 0; i < now.size(); i++)
    if (now[i] != before_[i]) row.state[i] = before_[i] + ">" + now[i];
}

bool RowSink::OnStep(const Executor& executor, std::span<const Event> events) {
  executor_ = &executor;
  joined_ = false;
  const size_t first_row = lanes_.rows.size();
  for (const Event& e : events) {
    std::string text = Text(e);
    if (text.empty()) continue;
    if (e.kind == EventKind::op_begin) open_[e.ctx] = static_cast<int>(lanes_.rows.size());
    AddRow(executor, e.cpu, std::move(text));
  }
  const std::vector<std::string> now = watch_.Values(executor);
  const bool changed = !before_.empty() && now != before_;
  const bool here = executor.steps() >= f_.step;
  const bool has_row =
      lanes_.rows.size() > first_row || (joined_ && lanes_.rows.back().state.empty());
  if (!has_row && (changed || here || (shown_ != 0 && executor.steps() == shown_))) {
    std::string text = Change(events);
    if (text.empty()) text = Plainly(events);
    AddRow(executor, highmem::events.cpu(), std::move(text));
  }
  if (changed) NoteChanges(now);
  if (here) lanes_.rows.back().here = true;
  before_ = now;
  for (int c = 0; c < machine.profile.cpus; c++)
    next_[c] = executor.RunContext(static_cast<CpuId>(c)).pending.kind;
  lanes_.steps = executor.steps();
  lanes_.found |= here;
  return !here;
}

// Marks the rows at which, or right behind which, decisions fired.
void MarkDecisions(const ReplayChooser& replay, std::vector<Row>* rows) {
  for (const int64_t fired : replay.fired_at()) {
    if (fired == ReplayChooser::kNotFired) continue;
    for (Row& row : *rows) {
      if (static_cast<int64_t>(row.step) <= fired) continue;
      row.decided = true;
      break;
    }
  }
}

}  // namespace

Lanes MakeLanes(Executor& executor, const Trace& trace, const Finding& finding, uint64_t shown) {
  Lanes lanes;
  ReplayChooser replay;
  FirstLook look(finding);
  executor.Load(trace, &look);
  executor.Run(replay);

  Watch watch;
  watch.Choose(executor, finding, look.last_slot());
  lanes.columns = watch.columns();
  RowSink sink(trace, finding, watch, shown, &lanes);
  executor.Load(trace, &sink);
  executor.Run(replay);
  MarkDecisions(replay, &lanes.rows);
  return lanes;
}

}  // namespace highmem
