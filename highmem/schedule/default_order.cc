#include "highmem/schedule/default_order.h"

#include <bit>

#include "highmem/kernel/perform.h"
#include "highmem/kernel/sched.h"

namespace highmem {
namespace {

// The context is about to pick a task.
bool AtPick(const Context& context) {
  return context.pending.kind == PrimKind::pick && context.pending.after == 0;
}

// The CPU's next pick may be this task.
bool MayPick(const Executor& executor, CpuId cpu, TaskId t) {
  const Context& context = executor.RunContext(cpu);
  const uint32_t n = Choices(context, cpu);
  for (uint32_t v = 0; v < n; v++)
    if (PickedTask(context, cpu, v) == t) return true;
  return false;
}

// An idle loop that is on its way, not at rest. (One whose preempt_count misuse has spoilt is
// preempted instead of picking a task: it has to be told to.)
bool IdleIsMoving(const Executor& executor, CpuId cpu) {
  const Context& top = executor.RunContext(cpu);
  const Task& curr = task(machine.cpus[cpu].curr);
  const bool itself = top.kind == ContextKind::kTask || top.kind == ContextKind::kPreempt;
  return curr.is_idle != 0 && itself &&
         (top.pending.kind != PrimKind::idle || curr.preempt_count == 0);
}

// The move a target stands for if it is not about who runs on.
bool MoveOf(const Executor& executor, const Target& target, MoveMask enabled, Move* move) {
  switch (target.kind) {
    case TargetKind::ipi:
      *move = {MoveKind::ipi, target.cpu, 0};
      return (enabled & IpiBit(target.cpu)) != 0;
    case TargetKind::fill:
      *move = {MoveKind::fill, target.cpu, static_cast<uint16_t>(target.where)};
      return target.where < 64 && (executor.Fillable(target.cpu) >> target.where & 1) != 0;
    case TargetKind::evict:
      *move = {MoveKind::evict, target.cpu, static_cast<uint16_t>(target.where)};
      return target.where < 64 && (executor.Evictable(target.cpu) >> target.where & 1) != 0;
    case TargetKind::migrate: {
      const TaskId t = executor.TaskOf(target.actor);
      *move = {MoveKind::migrate, target.cpu, t};
      return executor.IsEnabled(*move);
    }
    case TargetKind::writeback:
      *move = {MoveKind::writeback, target.cpu, static_cast<uint16_t>(target.where)};
      return target.where < 64 && (executor.Droppable(target.cpu) >> target.where & 1) != 0;
    case TargetKind::actor: break;
  }
  const Actor& actor = executor.trace().actors[target.actor];
  if (actor.kind != ActorKind::task) {
    *move = {MoveKind::irq, actor.cpu, target.actor};
    return (enabled & IrqBit(target.actor)) != 0;
  }
  const TaskId t = executor.TaskOf(target.actor);
  *move = {MoveKind::preempt, task(t).cpu, t};
  return (enabled & PreemptBit(t)) != 0;
}

Target ActorTarget(ActorId actor) { return {TargetKind::actor, actor, 0, 0}; }
Target CpuTarget(TargetKind kind, CpuId cpu, uint32_t where = 0) { return {kind, 0, cpu, where}; }

// The target that says most plainly what the move does.
Target TargetOf(const Executor& executor, const Move& move, uint32_t value) {
  switch (move.kind) {
    case MoveKind::ipi: return CpuTarget(TargetKind::ipi, move.cpu);
    case MoveKind::irq: return ActorTarget(static_cast<ActorId>(move.arg));
    case MoveKind::preempt: return ActorTarget(executor.ActorOf(static_cast<TaskId>(move.arg)));
    case MoveKind::fill: return CpuTarget(TargetKind::fill, move.cpu, move.arg);
    case MoveKind::evict: return CpuTarget(TargetKind::evict, move.cpu, move.arg);
    case MoveKind::writeback: return CpuTarget(TargetKind::writeback, move.cpu, move.arg);
    case MoveKind::migrate:
      return {TargetKind::migrate, executor.ActorOf(static_cast<TaskId>(move.arg)), move.cpu, 0};
    case MoveKind::run: break;
  }
  const Context& top = executor.RunContext(move.cpu);
  const TaskId curr = machine.cpus[move.cpu].curr;
  if (AtPick(top)) {
    const TaskId picked = PickedTask(top, move.cpu, value);
    if (task(picked).is_idle == 0) return ActorTarget(executor.ActorOf(picked));
  }
  if (top.kind == ContextKind::kIpi) return CpuTarget(TargetKind::ipi, move.cpu);
  switch (top.kind) {
    case ContextKind::kSoftirq:
    case ContextKind::kHardirq:
    case ContextKind::kNmi:
    case ContextKind::kFault: return ActorTarget(top.id);
    case ContextKind::kTask:
    case ContextKind::kPreempt:
    case ContextKind::kIpi: break;
  }
  if (task(curr).is_idle == 0) return ActorTarget(executor.ActorOf(curr));
  const uint32_t runnable = RunnableMask(move.cpu);
  if (runnable == 0) return CpuTarget(TargetKind::ipi, move.cpu);
  return ActorTarget(executor.ActorOf(static_cast<TaskId>(std::countr_zero(runnable))));
}

}  // namespace

Move DefaultOrder::Next(const Executor& executor, MoveMask enabled) {
  if (want_ != kNobody) {
    const auto t = static_cast<TaskId>(want_);
    const CpuId cpu = task(t).cpu;
    const bool arrived = machine.cpus[cpu].curr == t;
    const bool leaving = AtPick(executor.RunContext(cpu));
    if (arrived && !(leaving && MayPick(executor, cpu, t))) want_ = kNobody;
    if ((enabled & RunBit(cpu)) != 0) return {MoveKind::run, cpu, 0};
    want_ = kNobody;
  }
  for (int c = 0; c < machine.profile.cpus; c++) {
    const auto cpu = static_cast<CpuId>(c);
    if ((enabled & RunBit(c)) != 0 && executor.RunContext(cpu).id == focus_)
      return {MoveKind::run, cpu, 0};
  }
  for (int c = 0; c < machine.profile.cpus; c++) {
    const auto cpu = static_cast<CpuId>(c);
    if ((enabled & RunBit(c)) != 0 && IdleIsMoving(executor, cpu) && RunnableMask(cpu) == 0)
      return {MoveKind::run, cpu, 0};
  }
  for (int c = 0; c < machine.profile.cpus; c++)
    if ((enabled & IpiBit(c)) != 0) return {MoveKind::ipi, static_cast<CpuId>(c), 0};
  for (int t = 0; t < task_count(); t++) {
    const Task& candidate = task(static_cast<TaskId>(t));
    const Cpu& hw = machine.cpus[candidate.cpu];
    if ((enabled & RunBit(candidate.cpu)) == 0) continue;
    if (hw.curr == t) return {MoveKind::run, candidate.cpu, 0};
    if (candidate.on_rq != 0 && task(hw.curr).is_idle != 0) {
      want_ = t;
      return {MoveKind::run, candidate.cpu, 0};
    }
  }
  if ((enabled & 0xf) != 0)
    return {MoveKind::run, static_cast<CpuId>(std::countr_zero(enabled & 0xf)), 0};
  // Only tasks that wait in `take`, or for a CPU, stand in the way.
  int first = kNobody;
  for (int t = 0; t < task_count(); t++) {
    if ((enabled & PreemptBit(t)) == 0) continue;
    const bool waits = ProgramWaits(static_cast<TaskId>(t));
    if (first == kNobody || !waits) first = t;
    if (!waits) break;
  }
  if (first == kNobody) return {};
  return {MoveKind::preempt, task(static_cast<TaskId>(first)).cpu, static_cast<uint16_t>(first)};
}

uint32_t DefaultOrder::NextValue(const Executor& executor, const Move& move, uint32_t n) const {
  const Context& context = executor.RunContext(move.cpu);
  if (context.pending.kind != PrimKind::pick) return 0;
  for (uint32_t v = 0; v < n; v++)
    if (PickedTask(context, move.cpu, v) == want_) return v;
  return 0;
}

void DefaultOrder::Took(const Executor& executor, const Move& move) {
  switch (move.kind) {
    case MoveKind::run: focus_ = executor.RunContext(move.cpu).id; break;
    case MoveKind::ipi: focus_ = kContextIpi + move.cpu; break;
    case MoveKind::irq: focus_ = move.arg; break;
    case MoveKind::preempt: want_ = move.arg; break;
    case MoveKind::fill:
    case MoveKind::evict:
    case MoveKind::writeback:
    case MoveKind::migrate: break;
  }
  if (move.kind != MoveKind::run || want_ != kNobody) return;
  if (executor.RunContext(move.cpu).pending.kind != PrimKind::idle) return;
  want_ = std::countr_zero(RunnableMask(move.cpu));
}

void DefaultOrder::Focus(const Executor& executor, TaskId t) {
  want_ = t;
  focus_ = executor.ActorOf(t);
}

bool DefaultOrder::Legal(const Executor& executor, const Target& target, MoveMask enabled) {
  Move move;
  if (MoveOf(executor, target, enabled, &move)) return true;
  if (target.kind != TargetKind::actor && target.kind != TargetKind::ipi) return false;
  const CpuId cpu = move.cpu;
  if ((enabled & RunBit(cpu)) == 0) return false;
  const Context& top = executor.RunContext(cpu);
  if (target.kind == TargetKind::ipi)
    return top.kind == ContextKind::kIpi || IdleIsMoving(executor, cpu);
  if (move.kind == MoveKind::irq) return top.id == target.actor;
  const auto t = static_cast<TaskId>(move.arg);
  const TaskId curr = machine.cpus[cpu].curr;
  if (curr == t) return true;
  const bool leaves = task(curr).is_idle != 0 || top.pending.kind == PrimKind::pick;
  if (leaves && task(t).on_rq != 0) return true;
  return (enabled & IpiBit(cpu)) != 0 && IdleIsMoving(executor, cpu);
}

bool DefaultOrder::Obey(const Executor& executor, const Target& target, MoveMask enabled,
                        Move* move) {
  const bool takes_move = MoveOf(executor, target, enabled, move);
  if (move->kind == MoveKind::preempt) {
    Focus(executor, static_cast<TaskId>(move->arg));
    return takes_move;
  }
  if (takes_move) {
    // A wish on another CPU would take the interrupt's turn away.
    const bool interrupt = move->kind == MoveKind::ipi || move->kind == MoveKind::irq;
    if (interrupt && want_ != kNobody && task(static_cast<TaskId>(want_)).cpu != move->cpu)
      want_ = kNobody;
    Took(executor, *move);
    return true;
  }
  want_ = kNobody;
  focus_ = executor.RunContext(move->cpu).id;
  return false;
}

bool DefaultOrder::LeadsTo(const Executor& executor, const Target& target, const Move& move,
                           uint32_t value, MoveMask enabled) const {
  if (!Legal(executor, target, enabled)) return false;
  DefaultOrder order = *this;
  Move next;
  if (order.Obey(executor, target, enabled, &next)) return next == move;
  next = order.Next(executor, enabled);
  if (!(next == move)) return false;
  order.Took(executor, next);
  const uint32_t ways = executor.ChoicesOf(move);
  return ways == 1 || !AtPick(executor.RunContext(move.cpu)) ||
         order.NextValue(executor, move, ways) == value;
}

Target DefaultOrder::Towards(const Executor& executor, const Move& move, uint32_t value,
                             MoveMask enabled) const {
  const Target usual = TargetOf(executor, move, value);
  if (move.kind != MoveKind::run || LeadsTo(executor, usual, move, value, enabled)) return usual;
  const Target idle = CpuTarget(TargetKind::ipi, move.cpu);
  if (LeadsTo(executor, idle, move, value, enabled)) return idle;
  for (int t = 0; t < task_count(); t++) {
    const Target other = ActorTarget(executor.ActorOf(static_cast<TaskId>(t)));
    if (LeadsTo(executor, other, move, value, enabled)) return other;
  }
  return usual;
}

}  // namespace highmem
