#include "highmem/check/local_cost.h"

#include "highmem/check/ledger.h"
#include "highmem/check/local_balance.h"
#include "highmem/kernel/context.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

bool IsLow(const LocalLedger::Call& call) {
  return call.real == 0 && call.page < machine.profile.pages() && HighPage(call.page) == kNoPfn;
}

}  // namespace

void LocalCostCheck::Begin(const LocalLedger* ledger, Reporter* reporter) {
  ledger_ = ledger;
  reporter_ = reporter;
}

void LocalCostCheck::OnEvent(const Event& e) {
  const LocalLedger::Call& call = ledger_->call(e.ctx);
  const bool in_call = call.on != LocalLedger::kNone;
  const bool flushes_all =
      e.kind == EventKind::tlb_global_begin && machine.profile.local_flush_all == 0;
  if (flushes_all || e.kind == EventKind::ipi_send) {
    const bool switches = machine.cpus[e.cpu].next_plus_1 != 0 || InPreemption(e.cpu);
    if (switches || (in_call && call.real != 0))
      reporter_->Report(e, {FindingId::I34, Role::page, call.page, 0, 1, call.page});
  }
  const bool pins = e.kind == EventKind::migration_disabled && call.atomic != 0 &&
                    machine.profile.preempt_rt != 0;
  if (in_call && IsLow(call) && !pins && !InPreemption(e.cpu))
    reporter_->Report(e, {FindingId::I24, Role::page, call.page, 0, 1, call.page});
}

void LocalCostCheck::OnLowEnd(const Event& e, const LocalLedger::Call& call) {
  if (!IsLow(call) || ledger_->LostTask(call.on)) return;
  const Vaddr right = lowmem_page_address(pfn_to_page(call.page));
  if (call.maps != 0 && e.new_value != right)
    reporter_->Report(e, {FindingId::I24, Role::byte, e.new_value, right, e.new_value, call.page});
  LocalBalanceCheck::JudgeCounters(FindingId::I24, e, call, reporter_);
}

}  // namespace highmem
