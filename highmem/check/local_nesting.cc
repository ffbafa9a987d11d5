#include "highmem/check/local_nesting.h"

#include <algorithm>

#include "highmem/kernel/primitive.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/lazy_mmu.h"
#include "highmem/machine/page_table.h"

namespace highmem {
namespace {

// In lazy MMU mode the writes of whoever was interrupted are on their way: a handler's own flush
// makes them, too.
Pte PteToCome(CpuId cpu, int vpn) {
  if (LazyMmuIsOn(cpu)) {
    const LazyMmu& lazy = machine.lazy_mmu[cpu];
    for (int i = lazy.count; i-- > 0;)
      if (lazy.writes[i].vpn == vpn) return lazy.writes[i].pte;
  }
  return PteGet(vpn);
}

}  // namespace

void LocalNestingCheck::Begin(const LocalLedger* ledger, Reporter* reporter) {
  ledger_ = ledger;
  reporter_ = reporter;
  ctrl_ = kmap_ctrl_view();
  entries_ = arena.Carve<Entry>(ledger->actor_count());
}

// In E1 who meets whom in a slot is up to the callers.
void LocalNestingCheck::OnEvent(const Event& e) {
  const bool callers_matter = machine.profile.is_era(Era::kE1Slots) && ledger_->misuse();
  if (!ledger_->IsActor(e.ctx) || callers_matter) return;
  switch (e.kind) {
    case EventKind::irq_enter:
      entries_[e.ctx].digest = Digest(e.cpu);
      entries_[e.ctx].depth = static_cast<uint8_t>(ledger_->depth(machine.cpus[e.cpu].curr));
      break;
    case EventKind::irq_exit: OnExit(e); break;
    case EventKind::pte_set: OnPteSet(e); break;
    case EventKind::bug: OnBug(e); break;
    default: break;
  }
}

// FNV-1a over what a handler finds.
uint64_t LocalNestingCheck::Digest(CpuId cpu) const {
  uint64_t hash = 0xcbf29ce484222325;
  const auto add = [&hash](uint16_t value) { hash = (hash ^ value) * 0x100000001b3; };
  const int first = FixKmapVpn(FirstIndexOf(cpu));
  const TaskId t = machine.cpus[cpu].curr;
  // Entries that are kept may be anybody's but those of live maps.
  if (machine.profile.leaves_pte())
    for (const LocalLedger::Map& map : ledger_->maps(t)) add(PteGet(FixKmapVpn(map.index)).pfn());
  else
    for (int vpn = first; vpn < first + machine.profile.window_pages(); vpn++)
      add(PteToCome(cpu, vpn).pfn());
  if (const KmapAtomicView* stack = kmap_atomic_view(); stack != nullptr)
    add(static_cast<uint16_t>(stack->idx(cpu)));
  if (ctrl_ == nullptr) return hash;
  const int idx = ctrl_->idx(t);
  add(static_cast<uint16_t>(idx));
  for (int i = 0; i < std::min(idx, machine.profile.km_max_idx); i++)
    add(ctrl_->pteval(t, i).pfn());
  return hash;
}

void LocalNestingCheck::OnExit(const Event& e) {
  const Entry entry = entries_[e.ctx];
  entries_[e.ctx] = {};
  const TaskId t = machine.cpus[e.cpu].curr;
  const bool balanced = ledger_->depth(t) == entry.depth;
  if (!balanced || ledger_->Lost(t, e.cpu) || Digest(e.cpu) == entry.digest) return;
  const auto maps = ledger_->maps(t);
  const ActorId whose = maps.empty() ? kNoActor : maps.back().actor;
  const Pfn page = maps.empty() ? kNoPfn : maps.back().page;
  reporter_->Report(e, {FindingId::I33, Role::cpu, e.cpu, 0, 1, page, whose});
}

void LocalNestingCheck::OnPteSet(const Event& e) {
  const int index = WindowIndexOf(e.obj);
  if (index < 0 || ledger_->IsTaskContext(e.ctx)) return;
  const TaskId t = machine.cpus[e.cpu].curr;
  const LocalLedger::Map* map = ledger_->At(t, index);
  if (map == nullptr || map->actor == e.ctx || map->page == e.new_value) return;
  if (ledger_->Lost(t, e.cpu)) return;
  reporter_->Report(e, {FindingId::I33, Role::window, static_cast<uint32_t>(index), map->page,
                        e.new_value, map->page, map->actor});
}

// Where a call about a slot is interrupted, nobody has mapped what the handler finds.
void LocalNestingCheck::OnBug(const Event& e) {
  const bool in_use = e.obj == static_cast<uint32_t>(Site::kmap_local_pfn_prot_pte) ||
                      e.obj == static_cast<uint32_t>(Site::kmap_atomic_pte);
  if (!in_use) return;
  const LocalLedger::Call& call = ledger_->call(e.ctx);
  if (call.on == LocalLedger::kNone || call.below == 0 || ledger_->Lost(call.on, e.cpu)) return;
  reporter_->Report(e, {FindingId::I33, Role::task, call.on, 0, 1, call.page});
}

}  // namespace highmem
