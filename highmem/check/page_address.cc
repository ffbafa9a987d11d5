#include "highmem/check/page_address.h"

#include "highmem/machine/layout.h"

namespace highmem {

void PageAddressCheck::Begin(const Ledger* ledger, Reporter* reporter) {
  ledger_ = ledger;
  reporter_ = reporter;
}

void PageAddressCheck::OnEvent(const Event& e) {
  if (!ledger_->IsActor(e.ctx) || !ledger_->In(e.ctx, OpCode::page_address)) return;
  const Pfn page = ledger_->actor(e.ctx).page;
  const Vaddr got = e.new_value;
  const bool right = HighPage(page) != kNoPfn ? got == 0 || InPkmap(got)
                                              : got == lowmem_page_address(pfn_to_page(page));
  if (!right) reporter_->Report(e, {FindingId::I23, Role::byte, got, 0, got, page});
}

}  // namespace highmem
