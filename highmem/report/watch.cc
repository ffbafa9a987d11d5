#include "highmem/report/watch.h"

#include "highmem/kernel/task.h"
#include "highmem/kernel/wait.h"
#include "highmem/kmap/introspect.h"
#include "highmem/machine/cpu.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"
#include "highmem/report/names.h"
#include "highmem/trace/program.h"

namespace highmem {
namespace {

constexpr int kMostSlots = 4;  // shown side by side, where no single one is disputed

int SlotOfPage(Pfn pfn, int last_slot) {
  for (int nr = 0; nr < machine.profile.last_pkmap; nr++)
    if (PteGet(nr).pfn() == pfn) return nr;
  return last_slot;
}

// Local or atomic maps are counted.
bool IsIndexed(const Executor& executor) {
  const bool views = kmap_ctrl_view() != nullptr || kmap_atomic_view() != nullptr;
  return views && !executor.trace().profile.is_era(Era::kE1Slots);
}

}  // namespace

Pfn DisputedPage(const Finding& finding) {
  if (finding.role == Role::page) return static_cast<Pfn>(finding.object);
  return finding.page;
}

int DisputedWindow(const Finding& finding) {
  if (finding.role == Role::window) return static_cast<int>(finding.object);
  const bool byte = finding.role == Role::byte && InFixKmap(finding.object);
  return byte ? FixKmapIndex(finding.object) : -1;
}

int DisputedSlot(const Executor& executor, const Finding& finding, int last_slot) {
  const int slots = executor.trace().profile.last_pkmap;
  int slot = -1;
  switch (finding.role) {
    case Role::slot: slot = static_cast<int>(finding.object); break;
    case Role::byte: slot = InPkmap(finding.object) ? PKMAP_NR(finding.object) : -1; break;
    case Role::page: slot = SlotOfPage(DisputedPage(finding), last_slot); break;
    default:
      if (finding.page != kNoPfn) slot = SlotOfPage(finding.page, last_slot);
      break;
  }
  return slot < slots ? slot : -1;
}

void Watch::AddSlot(const Executor& executor, int slot, bool alone) {
  const std::string name = "pkmap:" + std::to_string(slot);
  columns_.push_back({Column::Kind::count, slot, 0, name});
  if (!alone) return;
  columns_.push_back({Column::Kind::pte, slot, 0, "PTE"});
  for (int c = 0; c < executor.trace().profile.cpus; c++)
    columns_.push_back({Column::Kind::tlb, slot, c, "TLB" + std::to_string(c)});
}

// A slot of the window is translated on its own CPU only.
void Watch::AddWindow(const Executor& executor, const Finding& finding, int index) {
  const int vpn = FixKmapVpn(index);
  const int cpu = index / executor.trace().profile.window_pages();
  columns_.push_back({Column::Kind::pte, vpn, 0, "PTE"});
  columns_.push_back({Column::Kind::tlb, vpn, cpu, "TLB" + std::to_string(cpu)});
  if (IsIndexed(executor)) columns_.push_back({Column::Kind::idx, vpn, finding.cpu, "idx"});
}

void Watch::Choose(const Executor& executor, const Finding& finding, const Last& last) {
  columns_.clear();
  const bool waiting = Info(finding.id).exit_code == 67 || finding.role == Role::queue;
  const int slot = waiting ? -1 : DisputedSlot(executor, finding, last.slot);
  if (finding.id == FindingId::C1)
    columns_.push_back({Column::Kind::preempt, 0, finding.cpu, "preempt"});
  if (finding.id == FindingId::C1 && slot < 0 && IsIndexed(executor))
    columns_.push_back({Column::Kind::idx, 0, finding.cpu, "idx"});
  int window = DisputedWindow(finding);
  // A diagnosis names neither.
  if (window < 0 && slot < 0 && !waiting && last.window >= 0) window = last.window - FixKmapVpn(0);
  if (window >= 0 && window < FixKmapSlots()) {
    AddWindow(executor, finding, window);
    return;
  }
  if (pkmap_view() == nullptr) return;
  const int slots = executor.trace().profile.last_pkmap;
  // Another slot that has the page, too, goes before.
  const Pfn page = slot < 0 ? kNoPfn : PteGet(slot).pfn();
  for (int nr = 0; nr < slots && page != kNoPfn; nr++)
    if (nr != slot && PteGet(nr).pfn() == page) AddSlot(executor, nr, /*alone=*/true);
  if (slot >= 0)
    AddSlot(executor, slot, /*alone=*/true);
  else
    for (int nr = 0; nr < slots && nr < kMostSlots; nr++) AddSlot(executor, nr, /*alone=*/false);
  if (waiting) columns_.push_back({Column::Kind::waiters, 0, 0, "queued"});
  if (slots > 1) columns_.push_back({Column::Kind::cursor, 0, 0, "cursor"});
}

bool Watch::Shows(int slot) const {
  for (const Column& c : columns_)
    if ((c.kind == Column::Kind::count || c.kind == Column::Kind::pte) && c.slot == slot)
      return true;
  return false;
}

std::vector<std::string> Watch::Values(const Executor& executor) const {
  std::vector<std::string> values;
  for (const Column& c : columns_) {
    switch (c.kind) {
      case Column::Kind::count:
        values.push_back(std::to_string(pkmap_view()->count(c.slot)));
        break;
      case Column::Kind::pte:
        values.push_back(PageLabel(executor.trace(), PteGet(c.slot).pfn()));
        break;
      case Column::Kind::tlb:
        values.push_back(PageLabel(executor.trace(), TlbGet(c.cpu, c.slot).pfn()));
        break;
      case Column::Kind::idx:
        values.push_back(std::to_string(IndexOfMaps(machine.cpus[c.cpu].curr)));
        break;
      case Column::Kind::preempt:
        values.push_back(
            std::to_string(task(machine.cpus[c.cpu].curr).preempt_count & kPreemptMask));
        break;
      case Column::Kind::cursor: values.push_back(std::to_string(pkmap_view()->cursor(0))); break;
      case Column::Kind::waiters:
        values.push_back(std::to_string(wait_queue(pkmap_view()->wait_queue(0)).count));
        break;
    }
  }
  return values;
}

}  // namespace highmem
