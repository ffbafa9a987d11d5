#include "highmem/shrink/anchor.h"

#include <utility>

namespace highmem {
namespace {

Target TargetOf(const Decision& d) {
  return d.kind == DecisionKind::start ? Target{TargetKind::actor, d.actor, 0, 0} : d.target;
}

// Replays, and notes where the context that moved last stands before every move.
class MomentChooser : public Chooser {
 public:
  void Begin(const Executor& executor) override {
    replay_.Begin(executor);
    primitives_.Begin(executor.trace().actors.size());
    moments_.clear();
    moved_ = -1;
  }

  Move NextMove(const Executor& executor, MoveMask enabled) override {
    const Move move = replay_.NextMove(executor, enabled);
    const auto decisions = static_cast<int>(executor.trace().schedule.decisions.size());
    if (replay_.fired() + replay_.dropped() == decisions) Note(executor);
    moved_ = -1;
    if (move.kind == MoveKind::run) primitives_.Count(executor, move.cpu);
    if (move.kind == MoveKind::run || move.kind == MoveKind::irq) moved_ = move.cpu;
    return move;
  }

  uint32_t NextValue(const Executor& executor, const Move& move, uint32_t n) override {
    return replay_.NextValue(executor, move, n);
  }

  std::vector<Moment>& moments() { return moments_; }

 private:
  void Note(const Executor& executor) {
    Moment moment;
    moment.steps = executor.steps();
    if (moved_ >= 0) {
      const Context& top = executor.RunContext(static_cast<CpuId>(moved_));
      const auto& actors = executor.trace().actors;
      if (top.id < actors.size() && top.kind != ContextKind::kPreempt &&
          actor_state(top.id).op < actors[top.id].op_count) {
        const int op = actor_state(top.id).op;
        const bool behind = top.pending.after != 0;
        moment.has_anchor = true;
        moment.anchor.kind = DecisionKind::at;
        moment.anchor.actor = top.id;
        moment.anchor.op = static_cast<uint16_t>(op);
        moment.anchor.prim = top.pending.kind;
        moment.anchor.behind = behind;
        moment.anchor.nth =
            static_cast<uint16_t>(primitives_.Done(top.id, op, top.pending.kind, behind) + 1);
      }
    }
    moments_.push_back(moment);
  }

  ReplayChooser replay_;
  OpPrimitives primitives_;
  std::vector<Moment> moments_;
  int moved_ = -1;  // CPU of the last move, if that brought a context to a new place
};

// Steps at which the trace's decisions fire.
std::vector<int64_t> Firings(Executor& executor, const Trace& trace) {
  ReplayChooser replay;
  executor.Load(trace, nullptr);
  executor.Run(replay);
  return replay.fired_at();
}

}  // namespace

std::vector<Decision> ResolvedDecisions(const Trace& trace, const ReplayChooser& replay) {
  std::vector<Decision> resolved;
  int64_t last = 0;
  for (size_t i = 0; i < trace.schedule.decisions.size(); i++) {
    const int64_t fired = replay.fired_at()[i];
    if (fired == ReplayChooser::kNotFired) continue;
    const Target target = TargetOf(trace.schedule.decisions[i]);
    const bool to_task =
        target.kind == TargetKind::actor && trace.actors[target.actor].kind == ActorKind::task;
    Decision d;
    if (fired == 0 && to_task) {
      d.kind = DecisionKind::start;
      d.actor = target.actor;
    } else {
      d.steps = static_cast<uint32_t>(fired - last);
      d.target = target;
    }
    last = fired;
    resolved.push_back(d);
  }
  return resolved;
}

std::vector<Moment> MomentsBehind(Executor& executor, const Trace& trace) {
  MomentChooser chooser;
  executor.Load(trace, nullptr);
  executor.Run(chooser);
  return std::move(chooser.moments());
}

std::vector<Decision> AnchoredDecisions(Executor& executor, const Trace& trace) {
  const std::vector<int64_t> firings = Firings(executor, trace);
  Trace prefix = trace, anchored = trace;
  prefix.schedule.decisions.clear();
  for (size_t i = 0; i < firings.size(); i++) {
    const Decision plain = trace.schedule.decisions[i];
    if (plain.kind == DecisionKind::after) {
      for (const Moment& moment : MomentsBehind(executor, prefix)) {
        if (static_cast<int64_t>(moment.steps) != firings[i] || !moment.has_anchor) continue;
        Decision& d = anchored.schedule.decisions[i];
        d = moment.anchor;
        d.target = plain.target;
        if (Firings(executor, anchored) != firings) d = plain;
        break;
      }
    }
    prefix.schedule.decisions.push_back(anchored.schedule.decisions[i]);
  }
  return anchored.schedule.decisions;
}

}  // namespace highmem
