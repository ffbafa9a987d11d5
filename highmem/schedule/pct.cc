#include "highmem/schedule/pct.h"

#include <bit>

#include "highmem/kernel/perform.h"
#include "highmem/kernel/sched.h"
#include "highmem/schedule/moves.h"

namespace highmem {
namespace {

// One step in half as many is a fill or an eviction.
constexpr uint32_t kPctHardwareOdds = 64;

constexpr int kNobody = -1;

}  // namespace

void PctChooser::Begin(const Executor& /*executor*/) {
  step_ = 0;
  for (uint64_t& priority : priority_) priority = Draw();
  for (uint32_t& at : change_at_) at = numbers_.Below(steps_);
  lowered_ = {};
}

// The actor of the runnable task of highest priority on this CPU.
int PctChooser::BestTask(const Executor& executor, CpuId cpu) const {
  int best = kNobody;
  for (uint32_t mask = RunnableMask(cpu); mask != 0; mask &= mask - 1) {
    const auto t = static_cast<TaskId>(std::countr_zero(mask));
    const int actor = executor.ActorOf(t);
    if (ProgramWaits(t)) continue;
    if (best == kNobody || priority_[actor] > priority_[best]) best = actor;
  }
  return best;
}

int PctChooser::HolderOfRun(const Executor& executor, CpuId cpu) const {
  const Context& top = executor.RunContext(cpu);
  const TaskId curr = machine.cpus[cpu].curr;
  if (top.kind == ContextKind::kIpi) return kIpi + cpu;
  const bool handler = top.kind == ContextKind::kSoftirq || top.kind == ContextKind::kHardirq ||
                       top.kind == ContextKind::kNmi;
  if (handler) return top.id;
  const bool leaves = task(curr).is_idle != 0 || task(curr).on_rq == 0;
  if (leaves || top.kind == ContextKind::kPreempt)
    if (const int next = BestTask(executor, cpu); next != kNobody) return next;
  return task(curr).is_idle != 0 ? kIdle + cpu : executor.ActorOf(curr);
}

int PctChooser::HolderOf(const Executor& executor, const Move& move) const {
  switch (move.kind) {
    case MoveKind::ipi: return kWaitingIpi + move.cpu;
    case MoveKind::irq: return kWaiting + move.arg;
    case MoveKind::preempt: return executor.ActorOf(static_cast<TaskId>(move.arg));
    default: return HolderOfRun(executor, move.cpu);
  }
}

bool PctChooser::MayPreempt(TaskId t) const {
  const CpuId cpu = task(t).cpu;
  return !ProgramWaits(t) && (lowered_[cpu] || ProgramWaits(machine.cpus[cpu].curr));
}

Move PctChooser::Best(const Executor& executor, MoveMask enabled) const {
  Move best = MoveOfBit(executor, std::countr_zero(enabled));
  uint64_t highest = 0;
  for (MoveMask mask = enabled; mask != 0; mask &= mask - 1) {
    const Move move = MoveOfBit(executor, std::countr_zero(mask));
    if (move.kind == MoveKind::preempt && !MayPreempt(static_cast<TaskId>(move.arg))) continue;
    const uint64_t priority = priority_[HolderOf(executor, move)];
    if (priority <= highest) continue;
    highest = priority;
    best = move;
  }
  return best;
}

// What waited runs, with its priority; the next one that waits has another.
void PctChooser::Enters(int waiting, int running) {
  priority_[running] = priority_[waiting];
  priority_[waiting] = Draw();
}

void PctChooser::Lower(const Executor& executor, const Move& move, uint64_t priority) {
  const int holder = HolderOf(executor, move);
  priority_[holder] = priority;
  if (holder == executor.ActorOf(machine.cpus[move.cpu].curr)) lowered_[move.cpu] = true;
}

Move PctChooser::NextMove(const Executor& executor, MoveMask enabled) {
  Move move;
  if (AnyHardwareMove(executor, kPctHardwareOdds, numbers_, &move)) return move;
  for (int i = 0; i < depth_ - 1; i++)
    if (change_at_[i] == step_)
      Lower(executor, Best(executor, enabled), static_cast<uint64_t>(i) + 1);
  step_++;
  move = Best(executor, enabled);
  const bool picks =
      move.kind == MoveKind::run && executor.RunContext(move.cpu).pending.kind == PrimKind::pick;
  if (picks || move.kind == MoveKind::preempt) lowered_[move.cpu] = false;
  if (move.kind == MoveKind::irq) Enters(kWaiting + move.arg, move.arg);
  if (move.kind == MoveKind::ipi) Enters(kWaitingIpi + move.cpu, kIpi + move.cpu);
  return move;
}

uint32_t PctChooser::NextValue(const Executor& executor, const Move& move, uint32_t n) {
  const Context& context = executor.RunContext(move.cpu);
  if (context.pending.kind != PrimKind::pick) return numbers_.Below(n);
  const int best = BestTask(executor, move.cpu);
  for (uint32_t v = 0; v < n; v++)
    if (executor.ActorOf(PickedTask(context, move.cpu, v)) == best) return v;
  return 0;
}

}  // namespace highmem
