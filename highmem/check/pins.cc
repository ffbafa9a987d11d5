#include "highmem/check/pins.h"

#include <algorithm>

#include "highmem/machine/page.h"
#include "highmem/machine/page_table.h"

namespace highmem {

void PinsCheck::Begin(const Ledger* ledger, Reporter* reporter) {
  ledger_ = ledger;
  reporter_ = reporter;
  pool_ = pkmap_view();
  records_ = page_address_view();
}

void PinsCheck::InspectPage(Pfn page, const Event& event) {
  if (pool_ == nullptr || records_ == nullptr) return;
  const int slot = records_->slot_of(pfn_to_page(page));
  if (slot >= 0)
    Compare(slot, page, event);
  else if (ledger_->page(page).sure > 0)
    reporter_->Report(event, {FindingId::I3, Role::page, page, ledger_->page(page).sure, 0, page});
}

void PinsCheck::InspectSlot(int slot, const Event& event) {
  if (pool_ == nullptr) return;
  const Pfn page = HighPage(PteGet(slot).pfn());
  if (page != kNoPfn) Compare(slot, page, event);
}

void PinsCheck::Compare(int slot, Pfn page, const Event& event) {
  const int users = std::max(pool_->count(slot) - 1, 0);
  const Ledger::Page& books = ledger_->page(page);
  if (users >= books.sure && users <= books.possible) return;
  const int nearest = users < books.sure ? books.sure : books.possible;
  reporter_->Report(event, {FindingId::I3, Role::page, page, nearest, users, page});
}

}  // namespace highmem
