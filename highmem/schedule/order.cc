#include "highmem/schedule/order.h"

#include <bit>

#include "highmem/kernel/perform.h"

namespace highmem {

void OrderChooser::Begin(const Executor& /*executor*/) {
  order_.Begin();
  turn_ = 0;
  in_turn_ = false;
}

void OrderChooser::BeginTurn(const Executor& executor) {
  const Turn& turn = executor.trace().schedule.turns[turn_];
  if (!in_turn_) ops_left_ = turn.ops;
  in_turn_ = true;
  op_at_start_ = actor_state(turn.actor).op;
  order_.Focus(executor, executor.TaskOf(turn.actor));
}

bool OrderChooser::TurnIsOver(const Executor& executor, TaskId t) const {
  const ActorState& state = actor_state(executor.ActorOf(t));
  const Task& self = task(t);
  if (self.state == TaskState::kDead) return true;
  const bool asleep = self.on_rq == 0 && machine.cpus[self.cpu].curr != t;
  const bool between_ops =
      state.in_op == 0 && state.op != op_at_start_ && TopContext(t).pending.kind == PrimKind::op;
  return asleep || between_ops;
}

Move OrderChooser::NextMove(const Executor& executor, MoveMask enabled) {
  const auto& turns = executor.trace().schedule.turns;
  while (turn_ < turns.size()) {
    const TaskId t = executor.TaskOf(turns[turn_].actor);
    if (!in_turn_) BeginTurn(executor);
    if (TurnIsOver(executor, t)) {
      if (--ops_left_ > 0 && task(t).on_rq != 0 && task(t).state != TaskState::kDead) {
        BeginTurn(executor);
        continue;
      }
      in_turn_ = false;
      turn_++;
      continue;
    }
    const CpuId cpu = task(t).cpu;
    for (int c = 0; c < machine.profile.cpus; c++)
      if ((enabled & RunBit(c)) != 0 &&
          executor.RunContext(static_cast<CpuId>(c)).kind == ContextKind::kIpi)
        return {MoveKind::run, static_cast<CpuId>(c), 0};
    if ((enabled & PreemptBit(t)) != 0) return {MoveKind::preempt, cpu, t};
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
  if (turn_ < turns.size() && context.pending.kind == PrimKind::pick)
    for (uint32_t v = 0; v < n; v++)
      if (PickedTask(context, move.cpu, v) == executor.TaskOf(turns[turn_].actor)) return v;
  return order_.NextValue(executor, move, n);
}

}  // namespace highmem
