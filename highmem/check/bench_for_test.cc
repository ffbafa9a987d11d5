#include "highmem/check/bench_for_test.h"

#include <algorithm>

#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"

namespace highmem {
CheckBench::CheckBench(bool exported) {
  fake_pool.exported = exported;
  trace_.profile = *FindProfile("x86_tiny");
  trace_.pages.resize(4);
  trace_.pages[3].high = false;
  trace_.actors.resize(2);
  trace_.actors[1].cpu = 1;
  executor_.Load(trace_, nullptr);
  checks_.Begin(executor_, this);
  As(kT1, 0);
}

std::vector<FindingId> CheckBench::Fired() {
  std::vector<FindingId> ids;
  for (const Breach& b : breaches_)
    if (std::find(ids.begin(), ids.end(), b.id) == ids.end()) ids.push_back(b.id);
  breaches_.clear();
  return ids;
}

void CheckBench::As(ContextId ctx, CpuId cpu) {
  events.Clear();
  events.BeginStep(++step_, ctx, cpu);
}

void CheckBench::Step() {
  checks_.OnStep(events.pending());
  As(events.ctx(), events.cpu());
}

void CheckBench::Begin(OpCode code, Pfn page) {
  Emit(EventKind::op_begin, 0, static_cast<uint32_t>(code), page);
  Step();
}

void CheckBench::End(OpCode code, Pfn page, Vaddr address) {
  const ResultKind kind = InPkmap(address) ? ResultKind::pkmap : ResultKind::ok;
  Emit(EventKind::op_end, 0, static_cast<uint32_t>(code) | static_cast<uint32_t>(kind) << 8,
       address, page);
  Step();
}

void CheckBench::Lock() { Mark(EventKind::lock, static_cast<uint32_t>(LockId::kKmapLock)); }
void CheckBench::Unlock() { Mark(EventKind::unlock, static_cast<uint32_t>(LockId::kKmapLock)); }

void CheckBench::Count(int slot, int32_t value) {
  fake_pool.count.set(slot, value);
  Step();
}

void CheckBench::Pte(int slot, Pfn page) {
  PteSet(slot, page == kNoPfn ? highmem::Pte{} : highmem::Pte::Of(page));
  Step();
}

void CheckBench::Record(int slot, Pfn page) {
  fake_pool.record.set(slot, static_cast<uint16_t>(page + 1));
  Step();
}

void CheckBench::Mark(EventKind kind, uint32_t obj, uint32_t old_value) {
  Emit(kind, obj, old_value);
  Step();
}

void CheckBench::FlushTlb(CpuId cpu) {
  const ContextId ctx = events.ctx();
  const CpuId here = events.cpu();
  As(cpu == here ? ctx : static_cast<ContextId>(kContextIpi + cpu), cpu);
  TlbFlush(cpu, 0, machine.vpns, true);
  Step();
  As(ctx, here);
}

void CheckBench::FlushAllTlbs() {
  for (int c = 0; c < machine.profile.cpus; c++) FlushTlb(static_cast<CpuId>(c));
}

void CheckBench::Install(int slot, Pfn page) {
  Pte(slot, page);
  Count(slot, 1);
  Record(slot, page);
  Count(slot, 2);
}

void CheckBench::Kmap(Pfn page, int slot) {
  Begin(OpCode::kmap, page);
  Lock();
  Mark(EventKind::attempt, page);
  Install(slot, page);
  Unlock();
  End(OpCode::kmap, page, PKMAP_ADDR(slot));
}

void CheckBench::KmapAgain(Pfn page, int slot) {
  Begin(OpCode::kmap, page);
  Lock();
  Count(slot, fake_pool.count.get(slot) + 1);
  Unlock();
  End(OpCode::kmap, page, PKMAP_ADDR(slot));
}

void CheckBench::Kunmap(Pfn page, int slot) {
  Begin(OpCode::kunmap, page);
  Lock();
  Count(slot, fake_pool.count.get(slot) - 1);
  Unlock();
  End(OpCode::kunmap, page);
}

void CheckBench::Sweep(std::vector<int> slots) {
  Mark(EventKind::sweep_begin);
  Mark(EventKind::flush_cache_kmaps);
  for (const int slot : slots) {
    Count(slot, 0);
    Pte(slot, kNoPfn);
    Record(slot, kNoPfn);
  }
  if (!slots.empty()) FlushAllTlbs();
  Mark(EventKind::sweep_end, static_cast<uint32_t>(slots.size()));
}

void CheckBench::FlushUnused(std::vector<int> slots) {
  Begin(OpCode::kmap_flush_unused);
  Lock();
  Sweep(slots);
  Unlock();
  End(OpCode::kmap_flush_unused);
}

}  // namespace highmem
