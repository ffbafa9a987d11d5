#include "highmem/check/pkmap_slots.h"

#include "highmem/machine/arena.h"
#include "highmem/machine/page.h"
#include "highmem/machine/page_table.h"

namespace highmem {

void PkmapSlotsCheck::Begin(const Ledger* ledger, Reporter* reporter) {
  ledger_ = ledger;
  reporter_ = reporter;
  pool_ = pkmap_view();
  records_ = page_address_view();
  slots_of_page_ = arena.Carve<uint8_t>(machine.profile.pages());
  sweeper_ = arena.Carve<ContextId>(1);
  *sweeper_ = kNobody;
}

void PkmapSlotsCheck::OnEvent(const Event& e) {
  switch (e.kind) {
    case EventKind::pkmap_count: OnCount(e); break;
    case EventKind::pte_set: OnPteSet(e); break;
    case EventKind::sweep_begin: *sweeper_ = e.ctx; break;
    case EventKind::sweep_end: *sweeper_ = kNobody; break;
    default: break;
  }
}

void PkmapSlotsCheck::OnCount(const Event& e) {
  if (pool_ == nullptr) return;
  const auto before = static_cast<int32_t>(e.old_value);
  const auto after = static_cast<int32_t>(e.new_value);
  const bool one_up = after == before + 1;
  const bool one_down = after == before - 1 && after >= 1;
  const bool reclaimed =
      before == 1 && after == 0 && *sweeper_ == e.ctx && !ledger_->Unpinning(e.ctx);
  if (one_up || one_down || reclaimed) return;
  reporter_->Report(e, {FindingId::I6, Role::slot, e.obj, before, after, kNoPfn});
}

void PkmapSlotsCheck::OnPteSet(const Event& e) {
  if (e.obj >= static_cast<uint32_t>(machine.profile.last_pkmap)) return;
  const auto pages = static_cast<uint32_t>(machine.profile.pages());
  if (e.old_value < pages) slots_of_page_[e.old_value]--;
  if (e.new_value >= pages) return;
  slots_of_page_[e.new_value]++;
  if (slots_of_page_[e.new_value] > 1)
    reporter_->Report(e, {FindingId::I2, Role::slot, e.obj, 1, slots_of_page_[e.new_value],
                          static_cast<Pfn>(e.new_value)});
}

void PkmapSlotsCheck::Inspect(int slot, const Event& e) {
  const auto obj = static_cast<uint32_t>(slot);
  const Pfn mapped = PteGet(slot).pfn();
  const Pfn recorded = records_ != nullptr ? records_->page_of(slot) : mapped;
  const Pfn page = mapped != kNoPfn ? mapped : recorded;
  if (pool_ != nullptr) {
    const bool counted = pool_->count(slot) != 0;
    const int signs = (counted ? kCounted : 0) | (mapped != kNoPfn ? kMapped : 0) |
                      (recorded != kNoPfn ? kRecorded : 0);
    const int all = counted ? kCounted | kMapped | kRecorded : 0;
    if (signs != all) reporter_->Report(e, {FindingId::I1, Role::slot, obj, all, signs, page});
  }
  bool wrong = recorded != mapped;
  if (mapped != kNoPfn) {
    wrong |= HighPage(mapped) == kNoPfn || slots_of_page_[mapped] != 1;
    wrong |= records_ != nullptr && records_->slot_of(pfn_to_page(mapped)) != slot;
  }
  const int slots = mapped == kNoPfn ? 0 : slots_of_page_[mapped];
  if (wrong) reporter_->Report(e, {FindingId::I2, Role::slot, obj, 1, slots, page});
}

}  // namespace highmem
