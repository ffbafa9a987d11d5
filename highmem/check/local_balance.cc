#include "highmem/check/local_balance.h"

#include "highmem/kernel/primitive.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"

namespace highmem {

void LocalBalanceCheck::Begin(const LocalLedger* ledger, bool misuse, Reporter* reporter) {
  ledger_ = ledger;
  misuse_ = misuse;
  reporter_ = reporter;
  ctrl_ = kmap_ctrl_view();
}

void LocalBalanceCheck::OnEvent(const Event& e) {
  switch (e.kind) {
    case EventKind::warn: {
      const LocalLedger::Call& call = ledger_->call(e.ctx);
      const bool blamed = e.obj == static_cast<uint32_t>(Site::kunmap_local_not_top) &&
                          call.on != LocalLedger::kNone && call.offset != 0;
      if (blamed && !ledger_->Lost(call.on, e.cpu))
        reporter_->Report(e, {FindingId::I35, Role::window, call.index, kNoPfn, kNoPfn, call.page});
      break;
    }
    case EventKind::fork: OnFork(e); break;
    case EventKind::pte_set: OnPteSet(e); break;
    case EventKind::actor_end: OnActorEnd(e); break;
    default: break;
  }
}

void LocalBalanceCheck::JudgeCounters(FindingId id, const Event& e, const LocalLedger::Call& call,
                                      Reporter* reporter) {
  const LocalLedger::Counters now = CountersOf(call.on);
  const int step = call.maps != 0 ? 1 : -1;
  const bool rt = machine.profile.preempt_rt != 0;
  const int atomic = call.atomic != 0 ? step : 0;
  const bool pins = call.real != 0 && machine.profile.is_era(Era::kE3Local);
  const int pin = machine.profile.smp != 0 ? (pins ? step : 0) + (rt ? atomic : 0) : 0;
  const int faults = machine.profile.counts_pagefaults() ? atomic : 0;  // else preempt_count's
  const int preempt_depth = static_cast<uint8_t>(call.before.preempt_depth + (rt ? 0 : atomic));
  const int pagefault_disabled = static_cast<int8_t>(call.before.pagefault_disabled + faults);
  const int migration_disabled = call.before.migration_disabled + pin;
  const FindingId sections = id == FindingId::I28 && call.atomic != 0 ? FindingId::I36 : id;
  if (now.preempt_depth != preempt_depth)
    reporter->Report(
        e, {sections, Role::none, kPreemptDepth, preempt_depth, now.preempt_depth, call.page});
  if (now.pagefault_disabled != pagefault_disabled)
    reporter->Report(e, {sections, Role::none, kPagefaultDisabled, pagefault_disabled,
                         now.pagefault_disabled, call.page});
  if (now.migration_disabled != migration_disabled)
    reporter->Report(e, {rt ? sections : id, Role::none, kMigrationDisabled, migration_disabled,
                         now.migration_disabled, call.page});
}

void LocalBalanceCheck::OnCallEnd(const Event& e, const LocalLedger::Call& call) {
  if (ledger_->Lost(call.on, e.cpu)) return;
  JudgeSlot(e, call);
  JudgeCounters(FindingId::I28, e, call, reporter_);
}

void LocalBalanceCheck::JudgeSlot(const Event& e, const LocalLedger::Call& call) {
  // Behind the call the task may have been moved; then its old slot may be another task's.
  const bool released = call.maps == 0 && call.index != LocalLedger::kNone;
  if (!released || CpuOfIndex(call.index) != e.cpu || ledger_->under_way(call.on) != 0) return;
  if (machine.profile.leaves_pte()) return;
  const FindingId left_behind =
      machine.profile.is_era(Era::kE3Local) ? FindingId::I28 : FindingId::I38;
  const int vpn = FixKmapVpn(call.index);
  const Pfn mapped = PteGet(vpn).pfn();
  const Pfn cached = TlbGet(e.cpu, vpn).pfn();
  const auto report = [&](FindingId id, Pfn left) {
    reporter_->Report(e, {id, Role::window, call.index, kNoPfn, left, call.page, e.ctx});
  };
  if (mapped != kNoPfn && call.offset != 0) report(FindingId::I35, mapped);
  if (mapped != kNoPfn || cached != kNoPfn) report(left_behind, mapped != kNoPfn ? mapped : cached);
}

// Where entries are kept, the next map replaces them, and nothing else does.
void LocalBalanceCheck::OnPteSet(const Event& e) {
  const LocalLedger::Call& call = ledger_->call(e.ctx);
  const bool releases = call.on != LocalLedger::kNone && call.maps == 0 && call.real != 0;
  if (!machine.profile.leaves_pte() || !releases || e.new_value != kNoPfn) return;
  reporter_->Report(
      e, {FindingId::I38, Role::window, call.index, call.page, kNoPfn, call.page, e.ctx});
}

void LocalBalanceCheck::OnFork(const Event& e) {
  if (ctrl_ == nullptr) return;
  const auto child = static_cast<TaskId>(e.obj);
  int64_t left = ctrl_->idx(child);
  for (int i = 0; i < machine.profile.km_max_idx; i++)
    if (left == 0 && !ctrl_->pteval(child, i).none()) left = i + 1;
  if (left != 0) reporter_->Report(e, {FindingId::I42, Role::task, child, 0, left, kNoPfn});
}

void LocalBalanceCheck::OnActorEnd(const Event& e) {
  if (!ledger_->IsActor(e.ctx) || (misuse_ && !ledger_->Cast(e.ctx))) return;
  const TaskId t = machine.cpus[e.cpu].curr;
  if (ledger_->LostTask(t)) return;
  for (const LocalLedger::Map& map : ledger_->maps(t))
    if (map.actor == e.ctx)
      reporter_->Report(e, {FindingId::B1, Role::window, map.index, 0, 1, map.page, e.ctx});
}

}  // namespace highmem
