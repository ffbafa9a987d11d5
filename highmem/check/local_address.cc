#include "highmem/check/local_address.h"

#include <algorithm>

#include "highmem/kernel/primitive.h"
#include "highmem/machine/layout.h"

namespace highmem {

void LocalAddressCheck::Begin(const LocalLedger* ledger, Reporter* reporter) {
  ledger_ = ledger;
  reporter_ = reporter;
}

void LocalAddressCheck::OnMapEnd(const Event& e, const LocalLedger::Call& call) {
  if (InPkmap(e.new_value))
    reporter_->Report(e, {FindingId::I40, Role::page, call.page, 0, 1, call.page});
  if (ledger_->Lost(call.on, e.cpu)) return;

  const auto maps = ledger_->maps(call.on);
  const bool in_window = InFixKmap(e.new_value) && !maps.empty();
  // The maps below this one.
  const auto below = in_window ? maps.first(maps.size() - 1) : maps;
  const int lowest = below.empty() ? 0 : DepthOfSlot(SlotOfIndex(below.back().index)) + 1;
  const int unsure = !below.empty() && below.back().actor == e.ctx ? 0 : call.below;
  const int expected = FixKmapIndexOf(SlotOfDepth(lowest), e.cpu, PageColour(call.page));
  const int index = in_window ? FixKmapIndex(e.new_value) : -1;
  const bool right = index >= 0 && CpuOfIndex(index) == e.cpu && !IsGuardSlot(SlotOfIndex(index)) &&
                     DepthOfSlot(SlotOfIndex(index)) >= lowest &&
                     DepthOfSlot(SlotOfIndex(index)) <= lowest + unsure;
  if (!right)
    reporter_->Report(e, {FindingId::I29, Role::window, static_cast<uint32_t>(expected), expected,
                          index, call.page});
  const int fit = machine.profile.kmap_local_depth();
  if (ledger_->depth(call.on) > fit)
    reporter_->Report(e,
                      {FindingId::I41, Role::task, call.on, fit, ledger_->depth(call.on), kNoPfn});
}

void LocalAddressCheck::OnAtomicMapEnd(const Event& e, const LocalLedger::Call& call) {
  if (!machine.profile.is_era(Era::kE1Slots) || ledger_->Lost(call.on, e.cpu)) return;
  const int expected = ledger_->SlotNamedBy(e);
  const int index = InFixKmap(e.new_value) ? FixKmapIndex(e.new_value) : -1;
  if (index != expected)
    reporter_->Report(e, {FindingId::I37, Role::window, static_cast<uint32_t>(expected), expected,
                          index, call.page});
}

void LocalAddressCheck::OnBug(const Event& e) {
  if (e.obj != static_cast<uint32_t>(Site::kmap_local_idx_push_depth)) return;
  const LocalLedger::Call& call = ledger_->call(e.ctx);
  if (call.on == LocalLedger::kNone || ledger_->Lost(call.on, e.cpu)) return;
  const int fit = machine.profile.kmap_local_depth();
  const int wanted = ledger_->depth(call.on) + ledger_->under_way(call.on);
  if (wanted <= fit)
    reporter_->Report(e, {FindingId::I41, Role::task, call.on, fit, wanted, call.page});
}

}  // namespace highmem
