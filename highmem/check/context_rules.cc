#include "highmem/check/context_rules.h"

#include "highmem/kernel/primitive.h"
#include "highmem/kernel/spinlock.h"
#include "highmem/machine/cpu.h"
#include "highmem/machine/layout.h"

namespace highmem {

void ContextRulesCheck::Begin(const LocalLedger* ledger, bool misuse, Reporter* reporter) {
  ledger_ = ledger;
  misuse_ = misuse;
  reporter_ = reporter;
}

void ContextRulesCheck::OnEvent(const Event& e) {
  switch (e.kind) {
    case EventKind::task_switch: {
      const Task& prev = task(static_cast<TaskId>(e.obj));
      // How a task may end is B1.
      if (misuse_ || prev.state == TaskState::kDead || prev.preempt_count == kPreemptOffset) break;
      reporter_->Report(
          e, {FindingId::C1, Role::task, e.obj, kPreemptOffset, prev.preempt_count, kNoPfn});
      break;
    }
    case EventKind::bug:
      if (e.obj != static_cast<uint32_t>(Site::scheduling_while_atomic)) break;
      [[fallthrough]];
    case EventKind::splat:
      if (!misuse_) reporter_->Report(e, {FindingId::C1, Role::site, e.obj, 0, 1, kNoPfn});
      break;
    default: break;
  }
}

void ContextRulesCheck::OnLocalEvent(const Event& e) {
  const TaskId t = machine.cpus[e.cpu].curr;
  switch (e.kind) {
    case EventKind::pte_set:
      if (WindowIndexOf(e.obj) < 0) return;
      break;
    case EventKind::kmap_atomic_idx: break;
    case EventKind::kmap_idx:
      if (e.obj != t) return;  // a child's
      break;
    case EventKind::lock:
    case EventKind::contend:
      // kmap_high_get takes it.
      if (machine.profile.high_get != 0 && e.obj == static_cast<uint32_t>(LockId::kKmapLock))
        return;
      [[fallthrough]];
    default:
      if (ledger_->call(e.ctx).on != LocalLedger::kNone)
        reporter_->Report(e, {FindingId::C1, Role::none, 0, 0, 1, ledger_->call(e.ctx).page});
      return;
  }
  if (task(t).preempt_count != 0 || machine.cpus[e.cpu].irqs_on == 0) return;
  // Its releases too many have enabled preemption inside its maps.
  if (ledger_->LostTask(t) || ledger_->Mixed(e.ctx)) return;
  reporter_->Report(e,
                    {FindingId::C1, Role::task, t, kPreemptOffset, 0, ledger_->call(e.ctx).page});
}

void ContextRulesCheck::OnMapEnd(const Event& e, const LocalLedger::Call& call) {
  if (call.atomic == 0) return;
  const LocalLedger::Counters now = CountersOf(call.on);
  const bool counted = machine.profile.counts_pagefaults();  // else in preempt_count
  const bool preemption_off = now.preempt_depth != 0 || machine.profile.preempt_rt != 0;
  if ((preemption_off && (now.pagefault_disabled > 0 || !counted)) || misuse_) return;
  reporter_->Report(
      e, {FindingId::C1, Role::task, call.on, kPreemptOffset, now.preempt_depth, call.page});
}

}  // namespace highmem
