#include "highmem/check/tlb.h"

#include <algorithm>

#include "highmem/machine/arena.h"
#include "highmem/machine/cpu.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"

namespace highmem {
namespace {

// What an offline CPU remembers, nobody will ever use.
bool Offline(int cpu) { return machine.cpus[cpu].state == CpuState::kOffline; }

uint8_t AllCpus() {
  uint8_t mask = 0;
  for (int c = 0; c < machine.profile.cpus; c++)
    if (!Offline(c)) mask |= static_cast<uint8_t>(1u << c);
  return mask;
}

}  // namespace

void TlbCheck::Begin(const Ledger* ledger, Reporter* reporter) {
  ledger_ = ledger;
  reporter_ = reporter;
  pool_ = pkmap_view();
  slots_ = arena.Carve<Slot>(machine.profile.last_pkmap);
  emptied_ = arena.Carve<uint8_t>(1);
}

void TlbCheck::OnEvent(const Event& e) {
  switch (e.kind) {
    case EventKind::pte_set: OnPteSet(e); break;
    case EventKind::tlb_flush_local: OnFlush(e, static_cast<uint8_t>(1u << e.cpu)); break;
    case EventKind::tlb_flush_broadcast: OnFlush(e, AllCpus()); break;
    case EventKind::flush_cache_kmaps:
      for (int i = 0; i < machine.profile.last_pkmap; i++)
        slots_[i].hooked = slots_[i].page_plus_1 != 0;
      break;
    case EventKind::sweep_begin: *emptied_ = 0; break;
    case EventKind::sweep_end:
      OnSweepEnd(e);
      for (int i = 0; i < machine.profile.last_pkmap; i++)
        if (slots_[i].cleared == 0) slots_[i].hooked = 0;
      break;
    default: break;
  }
}

void TlbCheck::OnPteSet(const Event& e) {
  if (e.obj >= static_cast<uint32_t>(machine.profile.last_pkmap)) return;
  const int nr = static_cast<int>(e.obj);
  const auto before = static_cast<Pfn>(e.old_value);
  const auto after = static_cast<Pfn>(e.new_value);
  const Pfn in_use = ledger_->InUseAt(nr, HighPage(before));
  if (in_use != kNoPfn && after != in_use)
    reporter_->Report(e, {FindingId::I14, Role::slot, e.obj, in_use, after, in_use});

  Slot& slot = slots_[nr];
  if (after == kNoPfn) {
    slot.cleared = 1;
    return;
  }
  if (slot.page_plus_1 != 0 && slot.page_plus_1 != after + 1 && pool_ != nullptr)
    reporter_->Report(e, {FindingId::I7, Role::slot, e.obj, AllCpus(), slot.flushed,
                          static_cast<Pfn>(slot.page_plus_1 - 1)});
  slot = {static_cast<uint16_t>(after + 1), 0, 0, 0, 0};
}

// Beyond the threshold a range is not worth flushing page by page. (SPEC K)
void TlbCheck::OnSweepEnd(const Event& e) {
  const Profile& p = machine.profile;
  const bool long_range = p.flush_threshold != kNoThreshold && p.last_pkmap > p.flush_threshold;
  const uint8_t emptied = *emptied_ & AllCpus();
  *emptied_ = 0;
  if (long_range && e.obj != 0 && emptied != AllCpus())
    reporter_->Report(e, {FindingId::I46, Role::none, 0, AllCpus(), emptied, kNoPfn});
}

void TlbCheck::OnFlush(const Event& e, uint8_t cpus) {
  if (e.aux != 0) *emptied_ |= cpus;
  const auto end =
      std::min<uint32_t>(e.old_value, static_cast<uint32_t>(machine.profile.last_pkmap));
  const uint8_t all = AllCpus();
  for (uint32_t i = e.obj; i < end; i++) {
    Slot& slot = slots_[i];
    if (slot.hooked != 0 && slot.cleared != 0) slot.flushed |= cpus;
    if ((slot.flushed & all) == all) slot = {};  // as good as new
  }
}

void TlbCheck::OnAddress(Pfn page, Vaddr address, const Event& e) {
  const int nr = PKMAP_NR(address);
  const auto obj = static_cast<uint32_t>(nr);
  if (PteGet(nr).pfn() != page)
    reporter_->Report(e, {FindingId::I14, Role::slot, obj, page, PteGet(nr).pfn(), page});
  for (int c = 0; c < machine.profile.cpus; c++) {
    const Pte cached = TlbGet(c, nr);
    if (Offline(c)) continue;
    if (!cached.none() && cached.pfn() != page)
      reporter_->Report(e, {FindingId::I14, Role::slot, obj, page, cached.pfn(), page});
  }
}

void TlbCheck::Inspect(int nr, const Event& e) {
  const auto obj = static_cast<uint32_t>(nr);
  const Pte pte = PteGet(nr);
  const bool free = pte.none() || (pool_ != nullptr && pool_->count(nr) == 0);
  for (int c = 0; c < machine.profile.cpus; c++) {
    const Pte cached = TlbGet(c, nr);
    if (cached.none() || Offline(c)) continue;
    if (free)
      reporter_->Report(e, {FindingId::I4, Role::slot, obj, c, cached.pfn(), cached.pfn()});
    else if (cached != pte)
      reporter_->Report(e, {FindingId::I5, Role::slot, obj, c, cached.pfn(), pte.pfn()});
  }
}

}  // namespace highmem
