#include "highmem/check/dirty_lines.h"

#include "highmem/kernel/context.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/cache.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"

namespace highmem {

namespace {

constexpr uint8_t kInner = 1, kOuter = 2;

// What the page table says now.
Pfn PageAt(Vaddr address) {
  const int vpn = VpnOf(address);
  return vpn >= 0 ? PteGet(vpn).pfn() : virt_to_pfn(address);
}

}  // namespace

void DirtyLinesCheck::Begin(const Ledger* ledger, bool misuse, Reporter* reporter) {
  ledger_ = ledger;
  misuse_ = misuse;
  reporter_ = reporter;
  flushed_ = arena.Carve<uint16_t>(ledger->actor_count());
  maintained_ = arena.Carve<uint8_t>(ledger->actor_count());
}

void DirtyLinesCheck::OnEvent(const Event& e) {
  switch (e.kind) {
    case EventKind::dcache_line:
      OnMaintenance(e);
      OnOrder(e);
      if (FlushesOnUnmap(e)) OnUnmapLine(e);
      break;
    case EventKind::outer_line: OnOrder(e); break;
    case EventKind::op_begin:
      if (ledger_->IsActor(e.ctx)) flushed_[e.ctx] = maintained_[e.ctx] = 0;
      break;
    case EventKind::op_end:
      if (FlushesOnUnmap(e)) OnUnmapEnd(e);
      break;
    case EventKind::line_drop: OnDrop(e); break;
    case EventKind::store: OnStore(e); break;
    case EventKind::pte_set: OnClear(e); break;
    default: break;
  }
}

bool DirtyLinesCheck::FlushesOnUnmap(const Event& e) const {
  if (machine.profile.flush_on_kunmap == 0 || misuse_ || !ledger_->IsActor(e.ctx)) return false;
  return ledger_->In(e.ctx, OpCode::kunmap) || ledger_->In(e.ctx, OpCode::kunmap_local) ||
         ledger_->In(e.ctx, OpCode::kunmap_atomic);
}

void DirtyLinesCheck::OnUnmapLine(const Event& e) {
  const Pfn page = ledger_->actor(e.ctx).page;
  const auto line = static_cast<uint32_t>(flushed_[e.ctx]++ * machine.profile.line_size);
  const Vaddr expected = lowmem_page_address(pfn_to_page(page)) + line;
  if (e.obj != expected)
    reporter_->Report(e, {FindingId::I22, Role::byte, e.obj, page, PageAt(e.obj), page});
}

void DirtyLinesCheck::OnUnmapEnd(const Event& e) {
  const Pfn page = ledger_->actor(e.ctx).page;
  const int lines = machine.profile.page_size / machine.profile.line_size;
  if (flushed_[e.ctx] != lines)
    reporter_->Report(e, {FindingId::I22, Role::page, page, 1, lines - flushed_[e.ctx], page});
}

void DirtyLinesCheck::OnMaintenance(const Event& e) {
  const Ledger::Actor& actor = ledger_->actor(e.ctx);
  if (misuse_ || !IsDma(actor.code) || InPreemption(e.cpu)) return;
  const Pfn page = PageAt(e.obj);
  if (page != actor.page)
    reporter_->Report(e, {FindingId::I21, Role::byte, e.obj, actor.page, page, actor.page});
}

void DirtyLinesCheck::OnOrder(const Event& e) {
  const Ledger::Actor& actor = ledger_->actor(e.ctx);
  if (!IsDma(actor.code) || !ledger_->IsActor(e.ctx) || InPreemption(e.cpu)) return;
  const bool outer = e.kind == EventKind::outer_line;
  const auto page = static_cast<Pfn>(e.aux);
  if (outer && page != actor.page)
    reporter_->Report(e, {FindingId::I21, Role::byte, lowmem_page_address(pfn_to_page(page)),
                          actor.page, page, actor.page});
  const bool from_memory = actor.code == OpCode::dma_unmap;
  const uint8_t too_early = from_memory ? kInner : kOuter;
  if ((maintained_[e.ctx] & too_early) != 0 && outer == from_memory)
    reporter_->Report(
        e, {FindingId::I21, Role::page, actor.page, from_memory, !from_memory, actor.page});
  maintained_[e.ctx] |= outer ? kOuter : kInner;
}

void DirtyLinesCheck::OnDrop(const Event& e) {
  if (e.new_value == 0) return;
  const Ledger::Actor& actor = ledger_->actor(e.ctx);
  const auto owner = static_cast<Pfn>(e.old_value);
  if (IsDma(actor.code) && actor.page == owner) return;
  reporter_->Report(e, {FindingId::D3, Role::page, owner, 0, 1, owner});
}

void DirtyLinesCheck::OnStore(const Event& e) {
  const auto page = static_cast<Pfn>(e.aux);
  const Pfn frame = FrameOfLine(CacheLineAt(e.obj, page));
  if (frame == page) return;
  reporter_->Report(e, {FindingId::D3, Role::byte, e.obj, page, frame, page});
}

void DirtyLinesCheck::OnClear(const Event& e) {
  const bool by_address = machine.profile.cache_is_vivt();
  if (!by_address || e.new_value != kNoPfn) return;
  const int lines = machine.profile.page_size / machine.profile.line_size;
  const int first = static_cast<int>(e.obj) * lines;
  for (int line = first; line < first + lines; line++) {
    if (!LineIsValid(line)) continue;
    const Pfn page = FrameOfLine(line);
    reporter_->Report(e, {FindingId::I22, Role::page, page, LineIsDirty(line), line - first, page});
    return;
  }
}

}  // namespace highmem
