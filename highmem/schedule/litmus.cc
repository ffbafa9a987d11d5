#include "highmem/schedule/litmus.h"

#include <algorithm>
#include <memory>

#include "highmem/schedule/explore.h"
#include "highmem/schedule/order.h"
#include "highmem/schedule/random.h"
#include "highmem/schedule/replay.h"

namespace highmem {
namespace {

// What one run, or a whole exploration, showed of each verdict line.
struct Seen {
  bool held = false;    // in some run
  bool failed = false;  // in some run
};

// Passes the events on to the judge and remembers which diagnoses were made.
class DiagnosisSink : public EventSink {
 public:
  explicit DiagnosisSink(Judge& judge) : judge_(judge) {}
  void Begin(const Executor& executor) override {
    made_.clear();
    judge_.Begin(executor);
  }
  bool OnStep(const Executor& executor, std::span<const Event> events) override {
    for (const Event& e : events) {
      if (e.kind == EventKind::bug) made_.push_back({ExpectKind::bug, static_cast<Site>(e.obj)});
      if (e.kind == EventKind::warn) made_.push_back({ExpectKind::warn, static_cast<Site>(e.obj)});
      if (e.kind == EventKind::splat)
        made_.push_back({ExpectKind::splat, static_cast<Site>(e.obj)});
    }
    return judge_.OnStep(executor, events);
  }
  bool Made(const Diagnosis& wanted) const {
    for (const Diagnosis& d : made_)
      if (d == wanted) return true;
    return false;
  }

 private:
  Judge& judge_;
  std::vector<Diagnosis> made_;
};

bool IsHang(const Finding& finding, RunStatus status) {
  return finding.id == FindingId::L1 || finding.id == FindingId::L3 ||
         finding.id == FindingId::I16 || status == RunStatus::stuck;
}

// Does this verdict line hold for one finished run?
bool HoldsInRun(const VerdictDecl& v, const Executor& executor, const Finding& finding,
                const DiagnosisSink& sink) {
  switch (v.kind) {
    case VerdictKind::expect_pass: return !finding;
    case VerdictKind::expect_id:
    case VerdictKind::allow_id:
    case VerdictKind::forbid_id: return finding.id == v.id;
    case VerdictKind::expect_diagnosis: return sink.Made(v.diagnosis);
    case VerdictKind::expect_hang: return IsHang(finding, executor.status());
    case VerdictKind::forbid_cond:
    case VerdictKind::allow_cond:
    case VerdictKind::final_cond: return executor.Holds(v.cond);
  }
  return false;
}

// In a run that ended in a hang, what an op that never ended expects: HANG, or that it blocked.
// "" if every such op is as expected, else the first that is not.
std::string UnmetByHang(const Executor& executor) {
  const Trace& trace = executor.trace();
  for (size_t a = 0; a < trace.actors.size(); a++) {
    const auto actor = static_cast<ActorId>(a);
    const ActorState& state = actor_state(actor);
    if (state.in_op == 0 || state.op >= trace.actors[a].op_count) continue;
    const bool task_actor = trace.actors[a].kind == ActorKind::task;
    const bool asleep = task_actor && task(executor.TaskOf(actor)).on_rq == 0;
    const Op& op = trace.op(actor, state.op);
    bool met = true;
    for (uint32_t i = op.expect_first; i < op.expect_first + op.expect_count; i++) {
      const Expect& e = trace.expects[i];
      const bool holds = e.kind == ExpectKind::hang || (e.kind == ExpectKind::blocks && asleep);
      met = e.alternative ? met || holds : met && holds;
    }
    if (!met) return ActorName(trace, actor) + "." + std::to_string(state.op + 1) + " hangs";
  }
  return "";
}

class Litmus {
 public:
  Litmus(Executor& executor, const Trace& trace, const LitmusOptions& options)
      : executor_(executor), trace_(trace), options_(options), verdicts_(trace.verdicts) {
    if (verdicts_.empty() || !options.expectations) verdicts_ = {VerdictDecl{}};
    seen_.resize(verdicts_.size());
  }

  LitmusOutcome Run();

 private:
  void RunOnce(Chooser& chooser);
  void ExploreAll();
  void NoteUnasked(const Finding& finding, RunStatus status);
  void Conclude();
  bool Asked(const Finding& finding, RunStatus status) const;

  Executor& executor_;
  const Trace& trace_;
  const LitmusOptions options_;
  std::vector<VerdictDecl> verdicts_;
  std::vector<Seen> seen_;
  std::string unmet_;  // by an op that hangs
  Finding unasked_;    // the first that no verdict line speaks of
  LitmusOutcome out_;
};

// True if some verdict line speaks of this finding; any other one breaks the file.
bool Litmus::Asked(const Finding& finding, RunStatus status) const {
  for (const VerdictDecl& v : verdicts_) {
    const bool names_id = v.kind == VerdictKind::expect_id || v.kind == VerdictKind::allow_id ||
                          v.kind == VerdictKind::forbid_id;
    if (names_id && v.id == finding.id) return true;
    if (v.kind == VerdictKind::expect_hang && IsHang(finding, status)) return true;
  }
  return false;
}

void Litmus::NoteUnasked(const Finding& finding, RunStatus status) {
  if (finding && !unasked_ && !Asked(finding, status)) unasked_ = finding;
}

void Litmus::RunOnce(Chooser& chooser) {
  Judge judge({.only = options_.only, .expectations = options_.expectations});
  DiagnosisSink sink(judge);
  executor_.Load(trace_, &sink);
  executor_.Run(chooser);
  judge.Finish(executor_);
  out_.runs++;
  out_.steps += executor_.steps();
  const bool first = !out_.finding;
  if (first) {
    out_.finding = judge.finding();
    out_.status = executor_.status();
  }
  for (size_t i = 0; i < verdicts_.size(); i++) {
    const bool holds = HoldsInRun(verdicts_[i], executor_, judge.finding(), sink);
    (holds ? seen_[i].held : seen_[i].failed) = true;
  }
  NoteUnasked(judge.finding(), executor_.status());
  if (options_.expectations && unmet_.empty() && IsHang(judge.finding(), executor_.status()))
    unmet_ = UnmetByHang(executor_);
}

void Litmus::ExploreAll() {
  Judge judge({.only = options_.only, .expectations = options_.expectations});
  // One finding breaks `expect pass`; the other verdicts want to know them all.
  const bool all = std::ranges::none_of(
      verdicts_, [](const VerdictDecl& v) { return v.kind == VerdictKind::expect_pass; });
  const ExploreResult r =
      Explore(executor_, judge, trace_, {.max_states = options_.max_states, .keep_going = all});
  out_.states = r.states;
  out_.complete = r.complete;
  out_.finding = r.finding;
  out_.runs = r.ends;
  for (size_t i = 0; i < verdicts_.size(); i++) {
    const VerdictDecl& v = verdicts_[i];
    bool found = false;
    for (const Finding& f : r.findings) found |= f.id == v.id;
    switch (v.kind) {
      case VerdictKind::expect_pass: (r.finding ? seen_[i].failed : seen_[i].held) = true; break;
      case VerdictKind::expect_id:
      case VerdictKind::allow_id:
      case VerdictKind::forbid_id: (found ? seen_[i].held : seen_[i].failed) = true; break;
      case VerdictKind::expect_hang:
        (IsHang(r.finding, RunStatus::running) ? seen_[i].held : seen_[i].failed) = true;
        break;
      case VerdictKind::expect_diagnosis: seen_[i].failed = true; break;
      case VerdictKind::forbid_cond:
      case VerdictKind::allow_cond:
      case VerdictKind::final_cond:
        seen_[i].held = r.cond_seen[i] != 0;
        seen_[i].failed = r.cond_missed[i] != 0;
        break;
    }
  }
  for (const Finding& f : r.findings) NoteUnasked(f, RunStatus::running);
}

void Litmus::Conclude() {
  out_.holds = true;
  auto breaks = [&](const std::string& why) {
    if (out_.holds) out_.why = why;
    out_.holds = false;
  };
  // First: the finding that breaks it has ended an exploration before the rest could be seen.
  for (size_t i = 0; i < verdicts_.size(); i++)
    if (verdicts_[i].kind == VerdictKind::expect_pass && seen_[i].failed) breaks("expected pass");
  for (size_t i = 0; i < verdicts_.size(); i++) {
    const std::string which = "verdict " + std::to_string(i + 1) + " ";
    switch (verdicts_[i].kind) {
      case VerdictKind::expect_pass: break;
      case VerdictKind::expect_id:
        if (seen_[i].failed)
          breaks("expected " + std::string(Info(verdicts_[i].id).name) + ", found " +
                 std::string(Info(out_.finding.id).name));
        break;
      case VerdictKind::expect_diagnosis:
        if (seen_[i].failed) breaks("expected diagnosis was not made");
        break;
      case VerdictKind::expect_hang:
        if (seen_[i].failed) breaks("expected a hang");
        break;
      case VerdictKind::final_cond:
        if (seen_[i].failed) breaks(which + "(final) is false");
        break;
      case VerdictKind::forbid_id:
      case VerdictKind::forbid_cond:
        if (seen_[i].held) breaks(which + "(forbid) happened");
        break;
      case VerdictKind::allow_id:
      case VerdictKind::allow_cond:
        if (!seen_[i].held) breaks(which + "(allow) never happened");
        break;
    }
  }
  if (!unmet_.empty()) breaks(unmet_ + ", which it does not expect");
  if (unasked_) breaks("a rule was broken: " + Sentence(unasked_, trace_));
  if (out_.holds && trace_.schedule.kind == ScheduleKind::all && !out_.complete)
    breaks("not every schedule was explored: more than " + std::to_string(options_.max_states) +
           " states");
}

LitmusOutcome Litmus::Run() {
  switch (trace_.schedule.kind) {
    case ScheduleKind::decisions: {
      ReplayChooser replay;
      RunOnce(replay);
      out_.decisions_dropped = replay.dropped();
      out_.divergence = replay.first_divergence();
      break;
    }
    case ScheduleKind::order: {
      OrderChooser order;
      RunOnce(order);
      break;
    }
    case ScheduleKind::any: {
      ReplayChooser replay;
      RunOnce(replay);
      RandomChooser random(1);
      for (int i = 0; i < options_.runs_of_any; i++) RunOnce(random);
      break;
    }
    case ScheduleKind::random: {
      RandomChooser random(trace_.schedule.seed);
      for (uint32_t i = 0; i < trace_.schedule.runs; i++) RunOnce(random);
      break;
    }
    case ScheduleKind::all: ExploreAll(); break;
  }
  Conclude();
  return out_;
}

}  // namespace

LitmusOutcome RunLitmus(Executor& executor, const Trace& trace, const LitmusOptions& options) {
  return Litmus(executor, trace, options).Run();
}

int ExitCode(const LitmusOutcome& outcome) {
  if (outcome.holds) return 0;
  if (outcome.finding) return Info(outcome.finding.id).exit_code;
  return 69;
}

}  // namespace highmem
