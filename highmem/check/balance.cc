#include "highmem/check/balance.h"

#include "highmem/check/ledger.h"
#include "highmem/kernel/spinlock.h"
#include "highmem/kernel/task.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/cpu.h"

namespace highmem {
namespace {

const Task& TaskOn(CpuId cpu) { return task(machine.cpus[cpu].curr); }

bool NeedsToSleep(OpCode code) { return Info(code).contexts == "T"; }

// Ops whose very purpose is to leave something changed.
bool Opens(OpCode code) {
  switch (code) {
    case OpCode::irq_save:
    case OpCode::irq_restore:
    case OpCode::preempt_disable:
    case OpCode::preempt_enable:
    case OpCode::lock:
    case OpCode::unlock:
    case OpCode::local_irq_enable:
    case OpCode::local_irq_disable:
    case OpCode::local_bh_disable:
    case OpCode::local_bh_enable:
    case OpCode::kmap_atomic:
    case OpCode::kmap_atomic_pfn:
    case OpCode::kunmap_atomic: return true;
    default: return false;
  }
}

}  // namespace

void BalanceCheck::Begin(const Executor& executor, Reporter* reporter) {
  executor_ = &executor;
  reporter_ = reporter;
  actor_count_ = static_cast<int>(executor.trace().actors.size());
  actors_ = arena.Carve<Entry>(actor_count_);
  ipis_ = arena.Carve<Entry>(machine.profile.cpus);
}

BalanceCheck::Entry* BalanceCheck::EntryOf(ContextId ctx) {
  if (ctx < actor_count_) return &actors_[ctx];
  const bool ipi = ctx >= kContextIpi && ctx < kContextIpi + machine.profile.cpus;
  return ipi ? &ipis_[ctx - kContextIpi] : nullptr;
}

void BalanceCheck::OnEvent(const Event& e) {
  Entry* entry = EntryOf(e.ctx);
  if (entry == nullptr) return;
  const bool is_task =
      e.ctx < actor_count_ && executor_->trace().actors[e.ctx].kind == ActorKind::task;
  switch (e.kind) {
    case EventKind::op_begin: {
      if (!is_task) break;
      const bool may_sleep = TaskOn(e.cpu).preempt_count == 0 && machine.cpus[e.cpu].irqs_on != 0;
      // With kmap_high_get it turns interrupts on (SPEC X7).
      const bool turns_on = machine.profile.high_get != 0 && machine.cpus[e.cpu].irqs_on == 0 &&
                            CodeOf(e) == OpCode::kmap_flush_unused;
      const bool judged = !turns_on && !Opens(CodeOf(e)) && (may_sleep || !NeedsToSleep(CodeOf(e)));
      *entry = {TaskOn(e.cpu).preempt_count, machine.cpus[e.cpu].irqs_on, judged, 0};
      break;
    }
    case EventKind::op_end:
      if (is_task) OnEnd(e);
      break;
    case EventKind::actor_end:
      if (is_task) OnActorEnd(e);
      break;
    case EventKind::irq_enter: *entry = {e.new_value, 0, 1, 0}; break;
    case EventKind::irq_exit:
      if (entry->preempt_count != e.old_value)
        reporter_->Report(
            e, {FindingId::B1, Role::actor, e.ctx, entry->preempt_count, e.old_value, kNoPfn});
      *entry = {};
      break;
    default: break;
  }
}

void BalanceCheck::OnEnd(const Event& e) {
  const Entry before = actors_[e.ctx];
  actors_[e.ctx] = {};
  if (before.judged == 0) return;
  const uint32_t count = TaskOn(e.cpu).preempt_count;
  if (count != before.preempt_count)
    reporter_->Report(e, {FindingId::B1, Role::actor, e.ctx, before.preempt_count, count, kNoPfn});
  const uint8_t irqs_on = machine.cpus[e.cpu].irqs_on;
  if (irqs_on != before.irqs_on)
    reporter_->Report(e, {FindingId::B1, Role::none, e.ctx, before.irqs_on, irqs_on, kNoPfn});
}

void BalanceCheck::OnActorEnd(const Event& e) {
  const uint32_t count = TaskOn(e.cpu).preempt_count;
  if (count != 0) reporter_->Report(e, {FindingId::B1, Role::actor, e.ctx, 0, count, kNoPfn});
  if (machine.cpus[e.cpu].irqs_on == 0)
    reporter_->Report(e, {FindingId::B1, Role::none, e.ctx, 1, 0, kNoPfn});
  for (int l = 0; l < static_cast<int>(LockId::kCount); l++) {
    const auto lock = static_cast<LockId>(l);
    if (!LockIsFree(lock) && LockOwner(lock) == machine.cpus[e.cpu].curr)
      reporter_->Report(e, {FindingId::B1, Role::lock, static_cast<uint32_t>(l), 0, 1, kNoPfn});
  }
}

}  // namespace highmem
