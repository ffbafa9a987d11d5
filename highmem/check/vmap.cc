#include "highmem/check/vmap.h"

#include "highmem/check/ledger.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"

namespace highmem {

void VmapCheck::Begin(const Executor& executor, Reporter* reporter) {
  reporter_ = reporter;
  actors_ = static_cast<int>(executor.trace().actors.size());
  unmapped_since_ = arena.Carve<uint16_t>(static_cast<size_t>(actors_));
}

void VmapCheck::OnEvent(const Event& e) {
  switch (e.kind) {
    case EventKind::pte_set: OnPteSet(e); break;
    case EventKind::op_begin:
      if (e.ctx < actors_) unmapped_since_[e.ctx] = 0;
      break;
    case EventKind::op_end:
      if (e.ctx < actors_ && CodeOf(e) == OpCode::vm_unmap_aliases) OnAliasesGone(e);
      break;
    default: break;
  }
}

void VmapCheck::OnPteSet(const Event& e) {
  const int page = static_cast<int>(e.obj) - VmapVpn(0);
  if (page < 0) return;
  if (e.new_value == kNoPfn) {
    for (int a = 0; a < actors_; a++) unmapped_since_[a]++;
    return;
  }
  for (int cpu = 0; cpu < machine.profile.cpus; cpu++) {
    const Pfn cached = TlbGet(cpu, static_cast<int>(e.obj)).pfn();
    if (cached == kNoPfn) continue;
    reporter_->Report(e, {FindingId::I45, Role::none, static_cast<uint32_t>(page), kNoPfn, cached,
                          static_cast<Pfn>(e.new_value)});
  }
}

// What somebody has unmapped meanwhile is the next purge's.
void VmapCheck::OnAliasesGone(const Event& e) {
  if (unmapped_since_[e.ctx] != 0) return;
  for (int page = 0; page < machine.profile.vmap_pages; page++) {
    if (!PteGet(VmapVpn(page)).none()) continue;
    for (int cpu = 0; cpu < machine.profile.cpus; cpu++) {
      const Pfn cached = TlbGet(cpu, VmapVpn(page)).pfn();
      if (cached != kNoPfn)
        reporter_->Report(
            e, {FindingId::I45, Role::none, static_cast<uint32_t>(page), kNoPfn, cached, cached});
    }
  }
}

}  // namespace highmem
