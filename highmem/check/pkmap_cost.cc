#include "highmem/check/pkmap_cost.h"

#include "highmem/kernel/context.h"
#include "highmem/kernel/spinlock.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

// Where local maps flush everything, those that leave and come back where a call is preempted do.
bool IsOfASwitch(const Event& e) {
  return machine.profile.local_flush_all != 0 && InPreemption(e.cpu);
}

// What pte_set and tlb_flush_local are about begins in the pool.
bool InPool(const Event& e) { return e.obj < static_cast<uint32_t>(machine.profile.last_pkmap); }

}  // namespace

void PkmapCostCheck::Begin(const Ledger* ledger, Reporter* reporter) {
  ledger_ = ledger;
  reporter_ = reporter;
  pool_ = pkmap_view();
  records_ = page_address_view();
  hit_ = arena.Carve<int16_t>(ledger->actor_count());
}

void PkmapCostCheck::OnEvent(const Event& e) {
  if (!ledger_->IsActor(e.ctx)) return;
  switch (e.kind) {
    case EventKind::op_begin: hit_[e.ctx] = kNotLooked; break;
    case EventKind::op_end: OnEnd(e); break;
    case EventKind::lock: OnLock(e); break;
    case EventKind::pte_set:
      if (!InPool(e)) break;  // local maps leave and come back where a call is preempted
      SpentInKunmap(e);
      SpentInHit(e);
      break;
    case EventKind::tlb_flush_local:
      if (InPool(e)) SpentInKunmap(e);
      break;
    case EventKind::tlb_global_begin:
      if (!IsOfASwitch(e)) SpentInKunmap(e);
      break;
    case EventKind::flush_cache_kmaps: SpentInKunmap(e); break;
    case EventKind::sweep_begin:
    case EventKind::pkmap_cursor: SpentInHit(e); break;
    default: break;
  }
}

void PkmapCostCheck::OnLock(const Event& e) {
  if (pool_ == nullptr || records_ == nullptr) return;
  if (e.obj != static_cast<uint32_t>(LockId::kKmapLock)) return;
  if (!ledger_->In(e.ctx, OpCode::kmap) || hit_[e.ctx] != kNotLooked) return;
  hit_[e.ctx] = kMiss;
  const Pfn page = HighPage(ledger_->actor(e.ctx).page);
  if (page == kNoPfn) return;
  const int slot = records_->slot_of(pfn_to_page(page));
  if (slot >= 0 && pool_->count(slot) >= 1) hit_[e.ctx] = static_cast<int16_t>(slot + 1);
}

void PkmapCostCheck::OnEnd(const Event& e) {
  const int16_t hit = hit_[e.ctx];
  hit_[e.ctx] = kNotLooked;
  if (hit <= 0 || e.new_value == PKMAP_ADDR(hit - 1)) return;
  const int64_t got = InPkmap(e.new_value) ? PKMAP_NR(e.new_value) : -1;
  const Pfn page = ledger_->actor(e.ctx).page;
  reporter_->Report(e, {FindingId::I12, Role::page, page, hit - 1, got, page});
}

void PkmapCostCheck::SpentInKunmap(const Event& e) {
  if (!ledger_->Unpinning(e.ctx)) return;
  const Pfn page = ledger_->actor(e.ctx).page;
  reporter_->Report(e, {FindingId::I13, Role::page, page, 0, 1, page});
}

void PkmapCostCheck::SpentInHit(const Event& e) {
  if (hit_[e.ctx] <= 0) return;
  const Pfn page = ledger_->actor(e.ctx).page;
  reporter_->Report(e, {FindingId::I12, Role::page, page, hit_[e.ctx] - 1, -1, page});
}

}  // namespace highmem
