#include "highmem/schedule/record.h"

#include <bit>
#include <utility>

#include "highmem/kernel/perform.h"
#include "highmem/schedule/order.h"
#include "highmem/schedule/random.h"
#include "highmem/schedule/replay.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

bool IsRunOf(const Executor& executor, const Move& move, PrimKind prim) {
  if (move.kind != MoveKind::run) return false;
  const Pending& pending = executor.RunContext(move.cpu).pending;
  return pending.kind == prim && pending.after == 0;
}

// Gives the answers of a path, one after the other.
class PathChooser : public Chooser {
 public:
  explicit PathChooser(const std::vector<Choice>& path) : path_(path) {}
  void Begin(const Executor& /*executor*/) override { next_ = 0; }
  Move NextMove(const Executor& /*executor*/, MoveMask /*enabled*/) override {
    return path_[next_++].move;
  }
  uint32_t NextValue(const Executor& /*executor*/, const Move& /*move*/, uint32_t n) override {
    return path_[next_ - 1].value < n ? path_[next_ - 1].value : 0;
  }

 private:
  const std::vector<Choice>& path_;
  size_t next_ = 0;
};

// Makes the moves of `path`; `before` sees each of them before it is made.
template <typename Before>
void Walk(Executor& executor, const std::vector<Choice>& path, Before before) {
  for (const Choice& choice : path) {
    if (executor.status() != RunStatus::running || !executor.IsEnabled(choice.move)) return;
    const uint32_t ways = executor.ChoicesOf(choice.move);
    const uint32_t value = choice.value < ways ? choice.value : 0;
    before(Choice{choice.move, value});
    executor.Apply(choice.move, value);
  }
}

// The trace and path without any(...) and loop.
class Straightener {
 public:
  Straightener(Executor& executor, const Trace& trace) : executor_(executor), trace_(trace) {}

  void Run(const std::vector<Choice>& path, Trace* trace, std::vector<Choice>* straight) {
    rounds_.assign(trace_.actors.size(), {});
    for (size_t a = 0; a < rounds_.size(); a++) AddRound(static_cast<ActorId>(a));
    executor_.Load(trace_, nullptr);
    Walk(executor_, path, [&](const Choice& choice) {
      if (!Passed(choice)) straight->push_back(choice);
    });
    Write(trace);
  }

 private:
  // A step that the straight trace does not have. Notes what it says.
  bool Passed(const Choice& choice) {
    const bool chooses = IsRunOf(executor_, choice.move, PrimKind::choose);
    if (!chooses && !IsRunOf(executor_, choice.move, PrimKind::op)) return false;
    const ActorId actor = executor_.RunContext(choice.move.cpu).id;
    const int index = actor_state(actor).op;
    const Op& op = trace_.op(actor, static_cast<uint32_t>(index));
    if (chooses) {
      uint32_t mask = op.any;
      for (uint32_t v = choice.value; v > 0; v--) mask &= mask - 1;
      Op& chosen = rounds_[actor][rounds_[actor].size() - RoundLength(actor) + index];
      chosen.any = 0;
      chosen.page = static_cast<int16_t>(std::countr_zero(mask));
      return true;
    }
    if (op.code != OpCode::loop) return false;
    AddRound(actor);
    return true;
  }

  size_t RoundLength(ActorId actor) const {
    const Actor& a = trace_.actors[actor];
    const bool loops = a.op_count > 0 && trace_.op(actor, a.op_count - 1).code == OpCode::loop;
    return a.op_count - loops;
  }

  void AddRound(ActorId actor) {
    const size_t length = RoundLength(actor);
    for (size_t i = 0; i < length; i++)
      rounds_[actor].push_back(trace_.op(actor, static_cast<uint32_t>(i)));
  }

  // Rounds never begun hold their first choice; expectations and conditions follow their ops.
  void Write(Trace* out) const {
    *out = trace_;
    out->ops.clear();
    out->expects.clear();
    out->conds.clear();
    for (size_t a = 0; a < rounds_.size(); a++) {
      out->actors[a].first_op = static_cast<uint32_t>(out->ops.size());
      out->actors[a].op_count = static_cast<uint32_t>(rounds_[a].size());
      for (Op op : rounds_[a]) {
        if (op.any != 0 && Info(op.code).takes('p')) {
          op.page = static_cast<int16_t>(std::countr_zero(op.any));
          op.any = 0;
        }
        const auto first = trace_.expects.begin() + op.expect_first;
        if (op.expect_count != 0) op.expect_first = static_cast<uint32_t>(out->expects.size());
        out->expects.insert(out->expects.end(), first, first + op.expect_count);
        if (Info(op.code).takes('c')) {
          out->conds.push_back(trace_.conds[static_cast<size_t>(op.value)]);
          op.value = static_cast<int32_t>(out->conds.size() - 1);
        }
        out->ops.push_back(op);
      }
    }
  }

  Executor& executor_;
  const Trace& trace_;
  std::vector<std::vector<Op>> rounds_;  // by actor: the ops of all rounds begun
};

// One run; if it fails it becomes the trace's schedule.
bool RecordIfFails(Executor& executor, Judge& judge, Trace* trace, Chooser& chooser) {
  RecordChooser recorder(chooser);
  if (!RunOnce(executor, judge, *trace, recorder).finding) return false;
  const bool given = trace->schedule.kind == ScheduleKind::decisions && IsStraight(*trace);
  if (!given) *trace = AsTrace(executor, *trace, recorder.path());
  return true;
}

bool RecordIfExploredFails(Executor& executor, Judge& judge, Trace* trace, uint64_t max_states) {
  ExploreOptions options;
  options.max_states = max_states;
  const ExploreResult all = Explore(executor, judge, *trace, options);
  if (all.finding) *trace = AsTrace(executor, *trace, all.path);
  return static_cast<bool>(all.finding);
}

Trace WithDecisions(Trace trace, std::vector<Decision> decisions) {
  trace.schedule = {};
  trace.schedule.decisions = std::move(decisions);
  return trace;
}

}  // namespace

bool IsStraight(const Trace& trace) {
  for (const Op& op : trace.ops)
    if (op.code == OpCode::loop || std::popcount(op.any) > 1) return false;
  return true;
}

void RecordChooser::Begin(const Executor& executor) {
  inner_.Begin(executor);
  order_.Begin();
  last_step_ = 0;
  decisions_.clear();
  path_.clear();
}

Move RecordChooser::NextMove(const Executor& executor, MoveMask enabled) {
  enabled_ = enabled;
  const Move move = inner_.NextMove(executor, enabled);
  if (executor.ChoicesOf(move) == 1) Note(executor, {move, 0});
  return move;
}

uint32_t RecordChooser::NextValue(const Executor& executor, const Move& move, uint32_t n) {
  const uint32_t value = inner_.NextValue(executor, move, n);
  Note(executor, {move, value});
  return value;
}

void RecordChooser::Note(const Executor& executor, const Choice& choice) {
  path_.push_back(choice);
  DefaultOrder usual = order_;
  const Move move = usual.Next(executor, enabled_);
  usual.Took(executor, move);
  const bool picks = IsRunOf(executor, choice.move, PrimKind::pick);
  const uint32_t ways = executor.ChoicesOf(choice.move);
  if (move == choice.move &&
      (!picks || ways == 1 || usual.NextValue(executor, move, ways) == choice.value)) {
    order_ = usual;
    return;
  }
  Decision decision;
  decision.steps = static_cast<uint32_t>(executor.steps() - last_step_);
  decision.target = order_.Towards(executor, choice.move, choice.value, enabled_);
  decisions_.push_back(decision);
  last_step_ = executor.steps();
  Move obeyed;
  if (order_.Obey(executor, decision.target, enabled_, &obeyed)) return;
  order_.Took(executor, order_.Next(executor, enabled_));
}

Trace RecordRun(Executor& executor, const Trace& trace, EventSink* sink, Chooser& inner) {
  RecordChooser recorder(inner);
  executor.Load(trace, sink);
  executor.Run(recorder);
  if (IsStraight(trace)) return WithDecisions(trace, recorder.decisions());
  return AsTrace(executor, trace, recorder.path());
}

Trace AsTrace(Executor& executor, const Trace& trace, const std::vector<Choice>& path) {
  Trace straight_trace = trace;
  std::vector<Choice> straight_path;
  const bool straight = IsStraight(trace);
  if (!straight) Straightener(executor, trace).Run(path, &straight_trace, &straight_path);
  const std::vector<Choice>& moves = straight ? path : straight_path;

  PathChooser answers(moves);
  RecordChooser recorder(answers);
  executor.Load(straight_trace, nullptr);
  recorder.Begin(executor);
  Walk(executor, moves, [&](const Choice& choice) {
    const Move move = recorder.NextMove(executor, executor.Enabled());
    const uint32_t ways = executor.ChoicesOf(choice.move);
    if (ways > 1) recorder.NextValue(executor, move, ways);
  });
  return WithDecisions(std::move(straight_trace), recorder.decisions());
}

Finding RecordFirstFailure(Executor& executor, Judge& judge, Trace* trace,
                           const FailureLimits& limits) {
  const Schedule schedule = trace->schedule;
  ReplayChooser replay;
  OrderChooser order;
  RandomChooser random(schedule.seed);
  uint32_t random_runs = 0;
  bool failed = false;
  switch (schedule.kind) {
    case ScheduleKind::decisions: failed = RecordIfFails(executor, judge, trace, replay); break;
    case ScheduleKind::order: failed = RecordIfFails(executor, judge, trace, order); break;
    case ScheduleKind::random: random_runs = schedule.runs; break;
    case ScheduleKind::any:
      failed = RecordIfFails(executor, judge, trace, replay);
      random_runs = limits.runs_of_any;
      break;
    case ScheduleKind::all:
      failed = RecordIfExploredFails(executor, judge, trace, limits.max_states);
      break;
  }
  for (uint32_t i = 0; i < random_runs && !failed && !(limits.stop && limits.stop()); i++)
    failed = RecordIfFails(executor, judge, trace, random);
  // Once more: what was written out (IsStraight) may have moved it.
  return failed ? RunOnce(executor, judge, *trace, replay).finding : Finding();
}

}  // namespace highmem
