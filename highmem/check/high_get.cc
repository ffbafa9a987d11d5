#include "highmem/check/high_get.h"

#include "highmem/kernel/spinlock.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"

namespace highmem {

void HighGetCheck::Begin(const Ledger* ledger, Reporter* reporter) {
  ledger_ = ledger;
  reporter_ = reporter;
  records_ = machine.profile.high_get != 0 ? page_address_view() : nullptr;
  found_ = arena.Carve<int16_t>(records_ != nullptr ? ledger->actor_count() : 0);
}

void HighGetCheck::OnEvent(const Event& e) {
  if (records_ == nullptr || !ledger_->IsActor(e.ctx)) return;
  switch (e.kind) {
    case EventKind::op_begin: found_[e.ctx] = kNotLooked; break;
    case EventKind::op_end: OnEnd(e); break;
    case EventKind::lock: OnLock(e); break;
    case EventKind::pte_set:
    case EventKind::tlb_flush_local:
      if (e.obj < static_cast<uint32_t>(machine.profile.last_pkmap)) Changed(e);
      break;
    case EventKind::page_address_map:
    case EventKind::pkmap_cursor:
    case EventKind::tlb_flush_broadcast:
    case EventKind::tlb_global_begin: Changed(e); break;
    default: break;
  }
}

void HighGetCheck::OnLock(const Event& e) {
  if (e.obj != static_cast<uint32_t>(LockId::kKmapLock) || found_[e.ctx] != kNotLooked) return;
  const Pfn page = HighPage(ledger_->actor(e.ctx).page);
  if (page == kNoPfn || !MayPin(ledger_->actor(e.ctx).code)) return;
  const int slot = records_->slot_of(pfn_to_page(page));
  found_[e.ctx] = slot < 0 ? kNone : static_cast<int16_t>(slot + 1);
}

void HighGetCheck::OnEnd(const Event& e) {
  const int16_t found = found_[e.ctx];
  found_[e.ctx] = kNotLooked;
  const OpCode code = ledger_->actor(e.ctx).code;
  if (found == kNotLooked || code == OpCode::kmap || IsDma(code)) return;
  const int got = InPkmap(e.new_value) ? PKMAP_NR(e.new_value) : -1;
  const int right = found == kNone ? -1 : found - 1;
  if (got == right) return;
  const Pfn page = ledger_->actor(e.ctx).page;
  const FindingId id = code == OpCode::kmap_high_get ? FindingId::I20 : FindingId::I39;
  reporter_->Report(e, {id, Role::page, page, right, got, page});
}

void HighGetCheck::Changed(const Event& e) {
  if (!ledger_->In(e.ctx, OpCode::kmap_high_get)) return;
  const Pfn page = ledger_->actor(e.ctx).page;
  reporter_->Report(e, {FindingId::I20, Role::page, page, 0, 1, page});
}

}  // namespace highmem
