#include "highmem/check/local_window.h"

#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"

namespace highmem {
namespace {

Breach WindowBreach(FindingId id, int index, Pfn expected, Pfn actual,
                    const LocalLedger::Map* map) {
  Breach breach{id, Role::window, static_cast<uint32_t>(index), expected, actual, kNoPfn};
  if (map == nullptr) return breach;
  breach.page = map->page;
  breach.whose = map->actor;
  return breach;
}

}  // namespace

void LocalWindowCheck::Begin(LocalLedger* ledger, Reporter* reporter) {
  ledger_ = ledger;
  reporter_ = reporter;
  ctrl_ = kmap_ctrl_view();
}

void LocalWindowCheck::OnEvent(const Event& e) {
  switch (e.kind) {
    case EventKind::pte_set: OnPteSet(e); break;
    case EventKind::task_switch: OnSwitch(e); break;
    case EventKind::sched_out: GoOn(e); break;
    default:
      if (ledger_->IsTaskContext(e.ctx)) GoOn(e);
      break;
  }
}

bool LocalWindowCheck::Switching(CpuId cpu) const {
  return machine.cpus[cpu].next_plus_1 != 0 || ledger_->Coming(cpu);
}

void LocalWindowCheck::OnPteSet(const Event& e) {
  const int index = WindowIndexOf(e.obj);
  if (index < 0) return;
  JudgeInUse(index, e);
  if (ledger_->LostForGood(machine.cpus[e.cpu].curr)) ledger_->LoseCpu(e.cpu);
  JudgePte(index, e);
}

// Once maps are lost to a caller's mistake, a map may meet a slot that is in use. Before that it is
// a breach of contract, and has other names.
void LocalWindowCheck::JudgeInUse(int index, const Event& e) {
  const LocalLedger::Call& call = ledger_->call(e.ctx);
  const bool maps = call.on != LocalLedger::kNone && call.maps != 0 && call.page == e.new_value;
  if (!maps || e.old_value == kNoPfn || Switching(e.cpu)) return;
  if (!ledger_->Lost(machine.cpus[e.cpu].curr, e.cpu)) return;
  reporter_->Report(e, WindowBreach(FindingId::X12, index, static_cast<Pfn>(e.old_value),
                                    static_cast<Pfn>(e.new_value), nullptr));
}

// Nobody's maps are in the window at the moment of a switch: those of the task that leaves are
// gone, those of the task that comes are not yet there, and no handler is on top.
void LocalWindowCheck::OnSwitch(const Event& e) {
  const auto next = static_cast<TaskId>(e.new_value);
  ledger_->SetComing(e.cpu, false);
  const bool lost = ledger_->Lost(static_cast<TaskId>(e.obj), e.cpu);
  ledger_->SetComing(e.cpu, ledger_->depth(next) > 0 || ledger_->under_way(next) > 0);
  if (lost) return;
  const int first = FirstIndexOf(e.cpu);
  for (int index = first; index < first + machine.profile.window_pages(); index++) {
    const Pfn page = PteGet(FixKmapVpn(index)).pfn();
    const Pfn cached = TlbGet(e.cpu, FixKmapVpn(index)).pfn();
    if (page != kNoPfn) ReportForeign(index, page, e);
    if (cached != kNoPfn)
      reporter_->Report(
          e, WindowBreach(FindingId::I32, index, kNoPfn, cached, ledger_->Find(index, cached)));
  }
}

// A slot shows a page that current was not given there.
void LocalWindowCheck::ReportForeign(int index, Pfn page, const Event& e) {
  const LocalLedger::Map* map = ledger_->Find(index, page);
  if (IsGuardSlot(SlotOfIndex(index)))
    reporter_->Report(e, WindowBreach(FindingId::I30, index, kNoPfn, page, nullptr));
  if (map != nullptr) reporter_->Report(e, WindowBreach(FindingId::I32, index, kNoPfn, page, map));
  reporter_->Report(e, WindowBreach(FindingId::I25, index, kNoPfn, page, map));
}

// The switch that brought this task is over: all it held must be there again.
void LocalWindowCheck::GoOn(const Event& e) {
  if (!ledger_->Coming(e.cpu)) {
    if (e.kind == EventKind::actor_begin) Inspect(e.cpu, e);
    return;
  }
  ledger_->SetComing(e.cpu, false);
  const TaskId t = machine.cpus[e.cpu].curr;
  if (ledger_->Lost(t, e.cpu)) return;
  for (const LocalLedger::Map& map : ledger_->maps(t)) {
    const Pfn page = PteGet(FixKmapVpn(map.index)).pfn();
    if (page != map.page)
      reporter_->Report(e, WindowBreach(FindingId::I31, map.index, map.page, page, &map));
  }
  // At sched_out the next switch has already begun.
  if (e.kind == EventKind::sched_out) return;
  Inspect(e.cpu, e);
  JudgeSaved(t, e);
}

void LocalWindowCheck::OnCallEnd(const Event& e, const LocalLedger::Call& call) {
  Inspect(e.cpu, e);
  JudgeSaved(call.on, e);
}

void LocalWindowCheck::Inspect(CpuId cpu, const Event& e) {
  if (ledger_->Lost(machine.cpus[cpu].curr, cpu)) return;
  const int first = FirstIndexOf(cpu);
  for (int index = first; index < first + machine.profile.window_pages(); index++) {
    JudgePte(index, e);
    JudgeTlb(index, e);
  }
}

void LocalWindowCheck::JudgePte(int index, const Event& e) {
  const CpuId cpu = CpuOfIndex(index);
  const TaskId t = machine.cpus[cpu].curr;
  if (ledger_->Lost(t, cpu)) return;
  const Pfn page = PteGet(FixKmapVpn(index)).pfn();
  const LocalLedger::Map* map = ledger_->At(t, index);
  if (map == nullptr) {
    if (page != kNoPfn && !ledger_->MayHold(t, index, page)) ReportForeign(index, page, e);
    return;
  }
  const bool away = page == kNoPfn && Switching(cpu) && ledger_->IsTaskContext(map->actor);
  if (page == map->page || away) return;
  reporter_->Report(e, WindowBreach(FindingId::I25, index, map->page, page, map));
}

void LocalWindowCheck::JudgeTlb(int index, const Event& e) {
  const CpuId cpu = CpuOfIndex(index);
  const Pfn cached = TlbGet(cpu, FixKmapVpn(index)).pfn();
  if (cached == kNoPfn) return;
  const TaskId t = machine.cpus[cpu].curr;
  const LocalLedger::Map* map = ledger_->At(t, index);
  if (map != nullptr ? cached == map->page : ledger_->MayHold(t, index, cached)) return;
  const Pfn right = map != nullptr ? map->page : kNoPfn;
  reporter_->Report(e, WindowBreach(FindingId::I32, index, right, cached, map));
}

void LocalWindowCheck::JudgeSaved(TaskId t, const Event& e) {
  if (ctrl_ == nullptr || ledger_->under_way(t) != 0 || ledger_->LostTask(t)) return;
  const int right = ledger_->depth(t) * machine.profile.kmap_local_inc();
  if (ctrl_->idx(t) != right)
    reporter_->Report(e, {FindingId::I26, Role::task, t, right, ctrl_->idx(t), kNoPfn});
  const CpuId cpu = task(t).cpu;
  for (int i = 0; i < machine.profile.km_max_idx; i++) {
    const LocalLedger::Map* map = ledger_->InSlot(t, cpu, i);
    const Pfn owed = map == nullptr ? kNoPfn : map->page;
    const Pfn saved = ctrl_->pteval(t, i).pfn();
    const int index = map == nullptr ? FixKmapIndexOf(i, cpu) : map->index;
    if (saved != owed) reporter_->Report(e, WindowBreach(FindingId::I26, index, owed, saved, map));
  }
}

}  // namespace highmem
