#include "highmem/check/colour.h"

#include "highmem/machine/layout.h"

namespace highmem {

void ColourCheck::Begin(const Ledger* ledger, Reporter* reporter) {
  ledger_ = ledger;
  reporter_ = reporter;
  pool_ = pkmap_view();
}

void ColourCheck::OnEvent(const Event& e) {
  if (e.kind == EventKind::pte_set) OnPteSet(e);
  if (e.kind == EventKind::wake) OnWake(e);
}

void ColourCheck::OnPteSet(const Event& e) {
  const auto page = static_cast<Pfn>(e.new_value);
  if (page == kNoPfn) return;
  const int index = static_cast<int>(e.obj) - machine.profile.last_pkmap;
  const Vaddr address = index < 0 ? PKMAP_ADDR(static_cast<int>(e.obj)) : FixKmapAddr(index);
  const int got = AddressColour(address);
  if (got == PageColour(page)) return;
  if (index < 0)
    reporter_->Report(e, {FindingId::I18, Role::slot, e.obj, PageColour(page), got, page});
  else
    reporter_->Report(e, {FindingId::I44, Role::window, static_cast<uint32_t>(index),
                          PageColour(page), got, page});
}

void ColourCheck::OnWake(const Event& e) {
  if (pool_ == nullptr || !ledger_->Unpinning(e.ctx)) return;
  const Pfn page = HighPage(ledger_->actor(e.ctx).page);
  if (page == kNoPfn || static_cast<int>(e.obj) == pool_->wait_queue(PageColour(page))) return;
  reporter_->Report(e, {FindingId::I18, Role::queue, e.obj, PageColour(page), 0, page});
}

}  // namespace highmem
