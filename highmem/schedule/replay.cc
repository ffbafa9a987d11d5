#include "highmem/schedule/replay.h"

namespace highmem {
namespace {

Target TargetOf(const Decision& d) {
  return d.kind == DecisionKind::start ? Target{TargetKind::actor, d.actor, 0, 0} : d.target;
}

// No step of this op of the actor will ever come, as far as one can tell.
bool IsOver(const Executor& executor, ActorId actor, int op) {
  const ActorState& state = actor_state(actor);
  const Actor& decl = executor.trace().actors[actor];
  if (decl.kind != ActorKind::task) return state.running == 0 && state.runs_left == 0;
  return state.op > op || state.op == decl.op_count;
}

}  // namespace

void OpPrimitives::Begin(size_t actors) {
  counts_.resize(actors);
  for (Counts& c : counts_) c.op = -1;
}

void OpPrimitives::Count(const Executor& executor, CpuId cpu) {
  const Context& top = executor.RunContext(cpu);
  if (top.id >= counts_.size() || top.kind == ContextKind::kPreempt) return;
  Counts& c = counts_[top.id];
  if (c.op != actor_state(top.id).op) {
    c.op = actor_state(top.id).op;
    c.done = {};
  }
  c.done[static_cast<size_t>(top.pending.kind)][top.pending.after != 0]++;
}

int OpPrimitives::Done(ActorId actor, int op, PrimKind prim, bool behind) const {
  const Counts& c = counts_[actor];
  return c.op == op ? c.done[static_cast<size_t>(prim)][behind] : 0;
}

void ReplayChooser::Begin(const Executor& executor) {
  const auto& decisions = executor.trace().schedule.decisions;
  order_.Begin();
  next_ = 0;
  last_step_ = 0;
  fired_ = dropped_ = 0;
  first_dropped_ = -1;
  fired_at_.assign(decisions.size(), kNotFired);
  anchors_ = false;
  for (const Decision& d : decisions) anchors_ |= d.kind == DecisionKind::at;
  if (anchors_) primitives_.Begin(executor.trace().actors.size());
}

const Decision* ReplayChooser::Pending(const Executor& executor) const {
  const auto& decisions = executor.trace().schedule.decisions;
  return next_ < decisions.size() ? &decisions[next_] : nullptr;
}

ReplayChooser::Answer ReplayChooser::JudgeAnchor(const Executor& executor,
                                                 const Decision& d) const {
  if (IsOver(executor, d.actor, d.op)) return Answer::kDrop;
  const ActorState& state = actor_state(d.actor);
  const Actor& actor = executor.trace().actors[d.actor];
  const bool is_task = actor.kind == ActorKind::task;
  const Context& top =
      executor.RunContext(is_task ? task(executor.TaskOf(d.actor)).cpu : actor.cpu);
  const bool here = top.id == d.actor && state.op == d.op && top.kind != ContextKind::kPreempt &&
                    top.pending.kind == d.prim && (top.pending.after != 0) == d.behind;
  if (!here) return Answer::kWait;
  const int done = primitives_.Done(d.actor, d.op, d.prim, d.behind);
  return done + 1 == d.nth ? Answer::kFire : Answer::kWait;
}

ReplayChooser::Answer ReplayChooser::Judge(const Executor& executor, const Decision& d,
                                           MoveMask enabled) const {
  if (d.kind == DecisionKind::at) {
    const Answer anchor = JudgeAnchor(executor, d);
    if (anchor != Answer::kFire) return anchor;
    return DefaultOrder::Legal(executor, d.target, enabled) ? Answer::kFire : Answer::kDrop;
  }
  const bool due = d.kind == DecisionKind::start || executor.steps() - last_step_ >= d.steps;
  return due && DefaultOrder::Legal(executor, TargetOf(d), enabled) ? Answer::kFire : Answer::kWait;
}

Move ReplayChooser::NextMove(const Executor& executor, MoveMask enabled) {
  while (const Decision* d = Pending(executor)) {
    const Answer answer = Judge(executor, *d, enabled);
    if (answer == Answer::kWait) break;
    const size_t index = next_++;
    if (answer == Answer::kDrop) {
      if (first_dropped_ < 0) {
        first_dropped_ = static_cast<int>(index);
        first_dropped_step_ = executor.steps();
      }
      dropped_++;
      continue;
    }
    fired_++;
    last_step_ = executor.steps();
    fired_at_[index] = static_cast<int64_t>(last_step_);
    Move move;
    if (order_.Obey(executor, TargetOf(*d), enabled, &move)) return move;
  }
  const Move move = order_.Next(executor, enabled);
  order_.Took(executor, move);
  if (anchors_ && move.kind == MoveKind::run) primitives_.Count(executor, move.cpu);
  return move;
}

uint32_t ReplayChooser::NextValue(const Executor& executor, const Move& move, uint32_t n) {
  return order_.NextValue(executor, move, n);
}

std::string ReplayChooser::first_divergence() const {
  if (first_dropped_ < 0) return "";
  return "decision " + std::to_string(first_dropped_ + 1) +
         " could not be taken; given up at step " + std::to_string(first_dropped_step_);
}

}  // namespace highmem
