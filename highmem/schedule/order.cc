#include "highmem/schedule/order.h"

#include <bit>

#include "highmem/kernel/perform.h"

namespace highmem {

namespace {

bool IsTask(const Executor& executor, ActorId actor) {
  return executor.trace().actors[actor].kind == ActorKind::task;
}

bool IsYield(const Executor& executor, ActorId actor) {
  const ActorState& state = actor_state(actor);
  return state.in_op != 0 && executor.trace().op(actor, state.op).code == OpCode::yield;
}

}  // namespace

void OrderChooser::Begin(const Executor& /*executor*/) {
  order_.Begin();
  turn_ = 0;
  in_turn_ = false;
}

void OrderChooser::BeginTurn(const Executor& executor) {
  const Turn& turn = executor.trace().schedule.turns[turn_];
  if (!in_turn_) ops_left_ = turn.ops;
  in_turn_ = true;
  yielded_ = false;
  op_at_start_ = actor_state(turn.actor).op;
  runs_at_start_ = actor_state(turn.actor).runs_left;
  if (IsTask(executor, turn.actor)) order_.Focus(executor, executor.TaskOf(turn.actor));
}

bool OrderChooser::TaskIsOver(const Executor& executor, ActorId actor) const {
  const ActorState& state = actor_state(actor);
  const TaskId t = executor.TaskOf(actor);
  const Task& self = task(t);
  if (self.state == TaskState::kDead) return true;
  const bool asleep = self.on_rq == 0 && machine.cpus[self.cpu].curr != t;
  const bool between_ops =
      state.in_op == 0 && state.op != op_at_start_ && TopContext(t).pending.kind == PrimKind::op;
  return asleep || between_ops;
}

bool OrderChooser::TurnIsOver(const Executor& executor, ActorId actor) const {
  if (IsTask(executor, actor)) return TaskIsOver(executor, actor);
  const ActorState& state = actor_state(actor);
  return state.running == 0 && (state.runs_left == 0 || state.runs_left != runs_at_start_);
}

// It has another op, or run, for the turn to go on with.
bool OrderChooser::MayGoOn(const Executor& executor, ActorId actor) const {
  if (!IsTask(executor, actor)) return actor_state(actor).runs_left != 0;
  const Task& self = task(executor.TaskOf(actor));
  return self.on_rq != 0 && self.state != TaskState::kDead;
}

Move OrderChooser::NextMove(const Executor& executor, MoveMask enabled) {
  const auto& turns = executor.trace().schedule.turns;
  while (turn_ < turns.size()) {
    const ActorId actor = turns[turn_].actor;
    if (!in_turn_) BeginTurn(executor);
    if (TurnIsOver(executor, actor)) {
      if (--ops_left_ > 0 && MayGoOn(executor, actor)) {
        BeginTurn(executor);
        continue;
      }
      in_turn_ = false;
      turn_++;
      continue;
    }
    const bool handler = !IsTask(executor, actor);
    const TaskId t = executor.TaskOf(actor);
    const CpuId cpu = handler ? executor.trace().actors[actor].cpu : task(t).cpu;
    for (int c = 0; c < machine.profile.cpus; c++)
      if ((enabled & RunBit(c)) != 0 &&
          executor.RunContext(static_cast<CpuId>(c)).kind == ContextKind::kIpi)
        return {MoveKind::run, static_cast<CpuId>(c), 0};
    if (handler && (enabled & IrqBit(actor)) != 0) return {MoveKind::irq, cpu, actor};
    if (!handler && (enabled & PreemptBit(t)) != 0) return {MoveKind::preempt, cpu, t};
    if ((enabled & RunBit(cpu)) != 0) return {MoveKind::run, cpu, 0};
    if (const MoveMask ipis = enabled & 0xf0; ipis != 0)
      return {MoveKind::ipi, static_cast<CpuId>(std::countr_zero(ipis) - 4), 0};
    break;  // it waits for somebody who has no turn: the default order goes on
  }
  const Move move = order_.Next(executor, enabled);
  order_.Took(executor, move);
  return move;
}

uint32_t OrderChooser::NextValue(const Executor& executor, const Move& move, uint32_t n) {
  const auto& turns = executor.trace().schedule.turns;
  const Context& context = executor.RunContext(move.cpu);
  if (turn_ < turns.size() && context.pending.kind == PrimKind::pick) {
    const ActorId actor = turns[turn_].actor;
    const bool gives_way = !yielded_ && IsYield(executor, actor) &&
                           machine.cpus[move.cpu].curr == executor.TaskOf(actor);
    yielded_ |= gives_way;
    for (uint32_t v = 0; v < n; v++)
      if ((PickedTask(context, move.cpu, v) == executor.TaskOf(actor)) != gives_way) return v;
  }
  return order_.NextValue(executor, move, n);
}

}  // namespace highmem
