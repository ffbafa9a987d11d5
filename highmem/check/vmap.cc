#include "highmem/check/vmap.h"

#include <bit>

#include "highmem/check/ledger.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"

namespace highmem {
namespace {

bool Unmaps(OpCode code) { return code == OpCode::vunmap || code == OpCode::vm_unmap_ram; }

}  // namespace

void VmapCheck::Begin(const Executor& executor, Reporter* reporter) {
  reporter_ = reporter;
  actors_ = static_cast<int>(executor.trace().actors.size());
  unmapped_since_ = arena.Carve<uint16_t>(static_cast<size_t>(actors_));
  unmapping_ = arena.Carve<uint16_t>(1);
}

void VmapCheck::OnEvent(const Event& e) {
  switch (e.kind) {
    case EventKind::pte_set: OnPteSet(e); break;
    case EventKind::op_begin: OnOpBegin(e); break;
    case EventKind::op_end: OnOpEnd(e); break;
    default: break;
  }
}

// Who is amid an unmap may not have parked yet what it has cleared.
void VmapCheck::OnOpBegin(const Event& e) {
  if (e.ctx >= actors_) return;
  unmapped_since_[e.ctx] = static_cast<uint16_t>(std::popcount(*unmapping_));
  if (Unmaps(CodeOf(e))) *unmapping_ |= static_cast<uint16_t>(1u << e.ctx);
}

void VmapCheck::OnOpEnd(const Event& e) {
  if (e.ctx >= actors_) return;
  if (Unmaps(CodeOf(e))) *unmapping_ &= static_cast<uint16_t>(~(1u << e.ctx));
  if (CodeOf(e) == OpCode::vm_unmap_aliases) OnAliasesGone(e);
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
