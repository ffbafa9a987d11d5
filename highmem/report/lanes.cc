#include "highmem/report/lanes.h"

#include <algorithm>
#include <utility>

#include "highmem/kernel/context.h"
#include "highmem/machine/layout.h"
#include "highmem/report/step_text.h"
#include "highmem/schedule/replay.h"

namespace highmem {
namespace {

bool IsLiveness(const Finding& finding) { return Info(finding.id).exit_code == 67; }

// An op of an actor.
struct Call {
  ActorId actor;
  uint16_t op;
};

// Stops the run at the finding's step; on the way, which slot its page had last, and which one of a
// window its CPU wrote last.
class FirstLook : public EventSink {
 public:
  explicit FirstLook(const Finding& finding) : finding_(finding) {}
  void Begin(const Executor& /*executor*/) override {}
  bool OnStep(const Executor& executor, std::span<const Event> events) override {
    for (const Event& e : events) {
      if (e.kind != EventKind::pte_set) continue;
      const bool pool = static_cast<int>(e.obj) < machine.profile.last_pkmap;
      if (pool && e.new_value == DisputedPage(finding_)) last_.slot = static_cast<int>(e.obj);
      if (!pool && e.cpu == finding_.cpu) last_.window = static_cast<int>(e.obj);
    }
    if (executor.steps() < finding_.step) return true;
    NoteOpen(executor);
    return false;
  }
  const Watch::Last& last() const { return last_; }
  const std::vector<Call>& told() const { return told_; }

 private:
  void NoteOpen(const Executor& executor) {
    if (finding_.op != OpCode::kCount) told_.push_back({finding_.actor, finding_.op_index});
    const TaskId current = machine.cpus[finding_.cpu].curr;
    for (ActorId a = 0; a < executor.trace().actors.size(); a++) {
      const bool is_task = executor.trace().actors[a].kind == ActorKind::task;
      const bool here = is_task && executor.TaskOf(a) == current;
      const bool open = actor_state(a).in_op != 0;
      if (open && (here || IsLiveness(finding_))) told_.push_back({a, actor_state(a).op});
    }
  }

  const Finding& finding_;
  Watch::Last last_;
  std::vector<Call> told_;
};

class RowSink : public EventSink {
 public:
  RowSink(const Trace& trace, const Finding& finding, const Watch& watch,
          const std::vector<Call>& told, uint64_t shown, Lanes* lanes)
      : t_(trace),
        f_(finding),
        watch_(watch),
        text_(trace, watch, IsLiveness(finding)),
        told_(told),
        shown_(shown),
        lanes_(*lanes) {}

  void Begin(const Executor& /*executor*/) override { open_.assign(t_.actors.size(), {}); }
  bool OnStep(const Executor& executor, std::span<const Event> events) override;

 private:
  bool IsSilent(std::span<const Event> step, const Standing& stood) const;
  bool IsTold(const Event& op_begin) const;
  bool IsTold(std::span<const Event> step, const Standing& stood) const;
  bool JoinsBegin(const Event& e);
  void AddRow(const Executor& executor, CpuId cpu, std::string text) {
    lanes_.rows.push_back({.step = executor.steps(), .cpu = cpu, .text = std::move(text)});
  }
  void NoteChanges(const std::vector<std::string>& now);
  void NoteHere(const Executor& executor, const Standing& stood,
                const std::vector<std::string>& now);

  const Trace& t_;
  const Finding& f_;
  const Watch& watch_;
  const StepText text_;
  const std::vector<Call>& told_;
  const uint64_t shown_;
  Lanes& lanes_;
  const Executor* executor_ = nullptr;
  std::vector<std::string> before_;
  struct Open {
    int row = -1;       // in which its op began, -1 if none
    bool told = false;  // step by step
  };
  std::vector<Open> open_;    // by actor
  Standing stood_[kMaxCpus];  // by CPU, before this step
  bool joined_ = false;       // this step ended an op, and the row above says so
};

// An op that began in the row above ends in it.
bool RowSink::JoinsBegin(const Event& e) {
  const int row = std::exchange(open_[e.ctx].row, -1);
  const bool shown = e.step >= f_.step || e.step == shown_;
  if (row < 0 || row + 1 != static_cast<int>(lanes_.rows.size()) || shown) return false;
  const std::string result = text_.Result(e);
  if (result != " done") lanes_.rows[static_cast<size_t>(row)].text += result;
  joined_ = true;
  return true;
}

// It did something, and only what comes behind it has rows.
bool RowSink::IsSilent(std::span<const Event> step, const Standing& stood) const {
  if (stood.behind || stood.prim == PrimKind::op || stood.prim == PrimKind::look) return false;
  const auto behind = [](const Event& e) {
    return StepText::IsMark(e.kind) || e.kind == EventKind::op_end;
  };
  return std::any_of(step.begin(), step.end(), behind) &&
         std::all_of(step.begin(), step.end(),
                     [&](const Event& e) { return behind(e) || text_.Of(*executor_, e).empty(); });
}

bool RowSink::IsTold(const Event& op_begin) const {
  return std::any_of(told_.begin(), told_.end(), [&](const Call& call) {
    return call.actor == op_begin.ctx && call.op == op_begin.obj;
  });
}

// A step of a call that is told step by step; of a failure outside of all calls, the last ones.
bool RowSink::IsTold(std::span<const Event> step, const Standing& stood) const {
  constexpr uint64_t kLast = 8;
  const ContextId ctx = events.ctx();
  if (ctx >= t_.actors.size() || (stood.ctx == ctx && stood.behind && step.empty())) return false;
  const bool last =
      f_.op == OpCode::kCount && ctx == f_.ctx && executor_->steps() + kLast > f_.step;
  return open_[ctx].told || last;
}

void RowSink::NoteChanges(const std::vector<std::string>& now) {
  Row& row = lanes_.rows.back();
  row.state.resize(now.size());
  for (size_t i = 0; i < now.size(); i++)
    if (now[i] != before_[i]) row.state[i] = before_[i] + ">" + now[i];
}

void RowSink::NoteHere(const Executor& executor, const Standing& stood,
                       const std::vector<std::string>& now) {
  Row& row = lanes_.rows.back();
  row.here = true;
  row.state.resize(now.size());
  for (size_t i = 0; i < now.size(); i++)
    if (row.state[i].empty()) row.state[i] = now[i];
  const bool stopped = executor.RunContext(events.cpu()).pending.kind == PrimKind::bug;
  lanes_.here = stopped ? StandingOf(executor, events.cpu()).stack : stood.stack;
}

bool RowSink::OnStep(const Executor& executor, std::span<const Event> step) {
  executor_ = &executor;
  joined_ = false;
  const Standing stood = stood_[events.cpu()];
  const size_t first_row = lanes_.rows.size();
  const bool told = executor.steps() != 0 && IsTold(step, stood);
  if (told && stood.ctx == events.ctx() && IsSilent(step, stood)) {
    std::string text = text_.OfChange(step);
    if (text.empty()) text = text_.OfPrimitive(stood);
    AddRow(executor, events.cpu(), std::move(text));
    lanes_.rows.back().place = stood.place;
    lanes_.rows.back().quiet = true;
  }
  for (const Event& e : step) {
    if (e.kind == EventKind::op_end) open_[e.ctx].told = false;
    std::string text = e.kind == EventKind::op_end && JoinsBegin(e) ? "" : text_.Of(executor, e);
    if (text.empty()) continue;
    if (e.kind == EventKind::op_begin)
      open_[e.ctx] = {static_cast<int>(lanes_.rows.size()), IsTold(e)};
    AddRow(executor, e.cpu, std::move(text));
    lanes_.rows.back().told = e.kind == EventKind::op_begin;
    if (stood.ctx == events.ctx() && !StepText::IsMark(e.kind))
      lanes_.rows.back().place = stood.place;
  }
  const std::vector<std::string> now = watch_.Values(executor);
  const bool changed = !before_.empty() && now != before_;
  const bool here = executor.steps() >= f_.step;
  const bool has_row =
      lanes_.rows.size() > first_row || (joined_ && lanes_.rows.back().state.empty());
  const bool shown = changed || here || (shown_ != 0 && executor.steps() == shown_);
  if (!has_row && (shown || told)) {
    std::string text = text_.OfChange(step);
    if (text.empty()) text = text_.OfPrimitive(stood);
    AddRow(executor, events.cpu(), std::move(text));
    lanes_.rows.back().quiet = !shown;
    if (stood.ctx == events.ctx()) lanes_.rows.back().place = stood.place;
  }
  for (size_t i = first_row; i < lanes_.rows.size(); i++) lanes_.rows[i].told |= told;
  if (changed) NoteChanges(now);
  if (here) NoteHere(executor, stood, now);
  before_ = now;
  for (int c = 0; c < machine.profile.cpus; c++)
    stood_[c] = StandingOf(executor, static_cast<CpuId>(c));
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
  watch.Choose(executor, finding, look.last());
  lanes.columns = watch.columns();
  RowSink sink(trace, finding, watch, look.told(), shown, &lanes);
  executor.Load(trace, &sink);
  executor.Run(replay);
  MarkDecisions(replay, &lanes.rows);
  return lanes;
}

}  // namespace highmem
