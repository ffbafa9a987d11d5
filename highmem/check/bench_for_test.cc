#include "highmem/check/bench_for_test.h"

#include <algorithm>

#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"

namespace highmem {

CheckBench::CheckBench(bool exported, bool local, const Profile* profile) {
  fake_pool.exported = exported;
  trace_.profile = profile != nullptr ? *profile : *FindProfile("x86_tiny");
  trace_.pages.resize(4);
  trace_.pages[3].high = false;
  trace_.actors.resize(local ? 4 : 2);
  trace_.actors[1].cpu = 1;
  if (local) {
    trace_.actors[kH3].kind = ActorKind::irq;
    trace_.ops.resize(1);
    trace_.ops[0].code = OpCode::kmap_local_page;
  }
  executor_.Load(trace_, nullptr);
  for (TaskId t = 0; local && t < 2; t++) {
    machine.cpus[t].curr = t;
    task(t).preempt_count = 0;
    task(t).state = TaskState::kRunning;
  }
  checks_.Begin(executor_, this);
  As(kT1, 0);
}

void CheckBench::Misuse() {
  trace_.misuse = true;
  checks_.Begin(executor_, this);
}

namespace {

bool IsOfOrder(FindingId id) {
  switch (id) {
    case FindingId::I8:
    case FindingId::I9:
    case FindingId::I10:
    case FindingId::I11:
    case FindingId::I19:
    case FindingId::I46: return true;
    default: return false;
  }
}

}  // namespace

std::vector<FindingId> CheckBench::Fired() {
  std::vector<FindingId> ids;
  for (const Breach& b : breaches_)
    if ((judge_order_ || !IsOfOrder(b.id)) && std::find(ids.begin(), ids.end(), b.id) == ids.end())
      ids.push_back(b.id);
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

void CheckBench::Begin(OpCode code, Pfn page, Vaddr address) {
  Emit(EventKind::op_begin, 0, static_cast<uint32_t>(code), page, address);
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

Task& CheckBench::Current() { return task(machine.cpus[events.cpu()].curr); }

Vaddr CheckBench::LocalAddress(int slot) const {
  return FixKmapAddr(FixKmapIndexOf(slot, events.cpu()));
}

void CheckBench::LocalPte(int slot, Pfn page) {
  Pte(FixKmapVpn(FixKmapIndexOf(slot, events.cpu())), page);
}

void CheckBench::Idx(int16_t value) {
  fake_pool.idx.set(machine.cpus[events.cpu()].curr, value);
  Step();
}

void CheckBench::Saved(int slot, Pfn page) {
  const int cell = machine.cpus[events.cpu()].curr * machine.profile.km_max_idx + slot;
  fake_pool.pteval.set(cell, static_cast<uint16_t>(page + 1));
  Step();
}

void CheckBench::Pin(int depth) {
  const auto before = Current().migration_disabled;
  Current().migration_disabled = static_cast<uint8_t>(depth);
  if (before == 0) machine.cpus[events.cpu()].nr_pinned++;
  if (depth == 0) machine.cpus[events.cpu()].nr_pinned--;
  Emit(EventKind::migration_disabled, machine.cpus[events.cpu()].curr, before,
       static_cast<uint32_t>(depth));
  Step();
}

void CheckBench::FlushLocal(int slot) {
  const int vpn = FixKmapVpn(FixKmapIndexOf(slot, events.cpu()));
  TlbFlush(events.cpu(), vpn, vpn + 1, false);
  Step();
}

void CheckBench::FillLocal(int slot) {
  TlbFill(events.cpu(), FixKmapVpn(FixKmapIndexOf(slot, events.cpu())), true);
  Step();
}

void CheckBench::SetLocal(int slot, Pfn page) {
  Pin(Current().migration_disabled + 1);
  Current().preempt_count += kPreemptOffset;
  Idx(static_cast<int16_t>(slot + 1));
  LocalPte(slot, page);
  Saved(slot, page);
  Current().preempt_count -= kPreemptOffset;
}

void CheckBench::ClearLocal(int slot) {
  Current().preempt_count += kPreemptOffset;
  LocalPte(slot, kNoPfn);
  FlushLocal(slot);
  Saved(slot, kNoPfn);
  Idx(static_cast<int16_t>(slot + 1 - machine.profile.kmap_local_inc()));
  Current().preempt_count -= kPreemptOffset;
  Pin(Current().migration_disabled - 1);
}

void CheckBench::MapLocal(Pfn page, int slot, OpCode code) {
  Begin(code, page);
  SetLocal(slot, page);
  End(code, page, LocalAddress(slot));
}

void CheckBench::UnmapLocal(Pfn page, int slot, OpCode code, int offset) {
  Begin(code, page, LocalAddress(slot) + static_cast<uint32_t>(offset));
  ClearLocal(slot);
  End(code, page);
}

void CheckBench::EnterIrq() {
  As(kH3, 0);
  const uint32_t before = Current().preempt_count;
  Current().preempt_count += kHardirqOffset;
  Emit(EventKind::irq_enter, 0, before, Current().preempt_count);
  Step();
}

void CheckBench::ExitIrq(ContextId back) {
  const uint32_t before = Current().preempt_count;
  Current().preempt_count -= kHardirqOffset;
  Emit(EventKind::irq_exit, 0, before, Current().preempt_count);
  Step();
  As(back, 0);
}

void CheckBench::SwitchTo(TaskId next, ContextId ctx) {
  const CpuId cpu = events.cpu();
  const TaskId prev = machine.cpus[cpu].curr;
  task(prev).preempt_count = kPreemptOffset;
  machine.cpus[cpu].next_plus_1 = 0;
  Emit(EventKind::task_switch, prev, 0, next);
  machine.cpus[cpu].curr = next;
  task(next).preempt_count = kPreemptOffset;
  Step();
  task(prev).preempt_count = 0;
  As(ctx, cpu);
}

}  // namespace highmem
