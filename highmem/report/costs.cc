#include "highmem/report/costs.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "highmem/kernel/context.h"
#include "highmem/kernel/spinlock.h"
#include "highmem/kernel/task.h"
#include "highmem/machine/layout.h"
#include "highmem/trace/helper_op.h"

namespace highmem {
namespace {

constexpr std::string_view kRows[] = {
    "any call, low page",
    "kmap, hit",
    "kmap, miss",
    "kmap, miss and wrap",
    "kmap, slept",
    "kunmap",
    "pin in pool",
    "unpin",
    "kmap_flush_unused",
    "map of a slot",
    "unmap of a slot",
    "switch out",
    "switch in",
    "dma_map",
    "dma_unmap",
    "vmap",
    "vunmap",
    "purge of vmap",
    "helper",
};
constexpr std::string_view kCounterNames[] = {
    "PTEs",  "TLB local", "TLB all", "IPIs",     "lines",       "cache",
    "outer", "hooks",     "locked",  "irqs off", "preempt off",
};

constexpr int kContexts = 256;

OpCode CodeOf(const Event& e) { return static_cast<OpCode>(e.old_value & 0xff); }
ResultKind KindOf(const Event& e) { return static_cast<ResultKind>(e.old_value >> 8 & 0xff); }

bool IsKmapLock(const Event& e) { return e.obj == static_cast<uint32_t>(LockId::kKmapLock); }

bool IsLow(const Event& e) { return e.aux < static_cast<uint32_t>(machine.profile.low_pages); }

}  // namespace

std::string_view NameOf(CostRow row) { return kRows[static_cast<size_t>(row)]; }
std::string_view NameOf(Cost::Counter counter) { return kCounterNames[counter]; }

void Costs::Begin(const Executor& /*executor*/) {
  lines_ = {};
  calls_.assign(kContexts, {});
}

bool Costs::OnStep(const Executor& /*executor*/, std::span<const Event> all) {
  for (const Event& e : all) OnEvent(e);
  Call& call = calls_[events.ctx()];
  const CpuId cpu = events.cpu();
  if (!call.open || call.switches || InPreemption(cpu)) return true;
  call.cost.of[Cost::lock_steps] += call.locked;
  call.cost.of[Cost::irqs_off_steps] += machine.cpus[cpu].irqs_on == 0;
  call.cost.of[Cost::preempt_steps] += (task(machine.cpus[cpu].curr).preempt_count & 0xff) != 0;
  return true;
}

void Costs::OnEvent(const Event& e) {
  Call& call = calls_[e.ctx];
  if (call.switches && !GoesOn(e, call)) EndSwitch(&call);
  switch (e.kind) {
    case EventKind::op_begin:
      call = {};
      call.open = true;
      break;
    case EventKind::op_end: Close(e); break;
    case EventKind::sched_out:
    case EventKind::sched_in: BeginSwitch(e, &call); break;
    case EventKind::sleep: call.slept = true; break;
    case EventKind::sweep_begin: call.swept = true; break;
    case EventKind::lock: call.locked |= IsKmapLock(e); break;
    case EventKind::unlock: call.locked &= !IsKmapLock(e); break;
    case EventKind::pte_set:
      call.entries_to_come--;
      call.last_entry = e.obj;
      [[fallthrough]];
    default: Count(e, call.switches ? &call.switched : &call.cost); break;
  }
}

void Costs::Count(const Event& e, Cost* cost) {
  auto& of = cost->of;
  switch (e.kind) {
    case EventKind::pte_set: of[Cost::pte_writes]++; break;
    // Its own part of a flush of every CPU is that flush.
    case EventKind::tlb_flush_local:
      if (WindowIndexOf(e.obj) >= 0) of[Cost::local_flushes]++;
      break;
    case EventKind::tlb_global_begin: of[Cost::global_flushes]++; break;
    case EventKind::ipi_send: of[Cost::ipis] += static_cast<uint32_t>(std::popcount(e.obj)); break;
    case EventKind::dcache_line: of[Cost::cache_lines]++; break;
    case EventKind::dcache_all: of[Cost::cache_flushes]++; break;
    case EventKind::outer_line: of[Cost::outer_lines]++; break;
    case EventKind::flush_cache_kmaps: of[Cost::cache_hooks]++; break;
    default: break;
  }
}

void Costs::BeginSwitch(const Event& e, Call* call) {
  call->switches = true;
  call->entries_to_come = static_cast<int>(e.new_value);
  call->switching = e.kind == EventKind::sched_out ? CostRow::sched_out : CostRow::sched_in;
  call->switched = {};
}

// Nobody says where sched_in ends: with the last entry, and what flush goes with it.
bool Costs::GoesOn(const Event& e, const Call& call) {
  switch (e.kind) {
    case EventKind::op_begin:
    case EventKind::op_end:
    case EventKind::sched_out:
    case EventKind::sched_in:
    case EventKind::task_switch: return false;
    case EventKind::tlb_flush_local:
      return call.entries_to_come > 0 || call.switching == CostRow::sched_out ||
             e.obj == call.last_entry;
    // The flush of a map where there is no other: of all.
    case EventKind::tlb_global_begin:
    case EventKind::tlb_flush_broadcast:
    case EventKind::tlb_global_end:
      return call.entries_to_come > 0 || call.switching == CostRow::sched_out ||
             machine.profile.local_flush_all != 0;
    default: return call.entries_to_come > 0 || call.switching == CostRow::sched_out;
  }
}

void Costs::EndSwitch(Call* call) {
  Add(call->switching, call->switched);
  call->switches = false;
}

void Costs::Close(const Event& e) {
  Call& call = calls_[e.ctx];
  const CostRow row = RowOf(e, call);
  if (row != CostRow::kCount) Add(row, call.cost);
  call = {};
}

CostRow Costs::RowOf(const Event& e, const Call& call) const {
  const ResultKind kind = KindOf(e);
  switch (CodeOf(e)) {
    case OpCode::kmap:
      if (IsLow(e)) return CostRow::low_page;
      if (call.slept) return CostRow::kmap_slept;
      if (call.swept) return CostRow::kmap_wrap;
      return call.cost[Cost::pte_writes] != 0 ? CostRow::kmap_miss : CostRow::kmap_hit;
    case OpCode::kunmap: return IsLow(e) ? CostRow::low_page : CostRow::kunmap;
    case OpCode::kunmap_high: return CostRow::unpin;
    case OpCode::kmap_high_get: return CostRow::kmap_high_get;
    case OpCode::kmap_flush_unused: return CostRow::kmap_flush_unused;
    case OpCode::kmap_local_page:
    case OpCode::kmap_local_pfn:
    case OpCode::kmap_atomic:
    case OpCode::kmap_atomic_pfn:
      if (kind == ResultKind::fix) return CostRow::map;
      return kind == ResultKind::pkmap ? CostRow::kmap_high_get : CostRow::low_page;
    case OpCode::kunmap_local:
    case OpCode::kunmap_atomic:
      if (InFixKmap(e.new_value)) return CostRow::unmap;
      return InPkmap(e.new_value) ? CostRow::unpin : CostRow::low_page;
    case OpCode::dma_map_to:
    case OpCode::dma_map_from:
    case OpCode::dma_map_both: return CostRow::dma_map;
    case OpCode::dma_unmap: return CostRow::dma_unmap;
    case OpCode::vmap:
    case OpCode::vm_map_ram: return CostRow::vmap;
    case OpCode::vunmap:
    case OpCode::vm_unmap_ram: return CostRow::vunmap;
    case OpCode::vm_unmap_aliases:
    case OpCode::drain_vmap_area_work: return CostRow::purge;
    default: return IsHelper(CodeOf(e)) ? CostRow::helper : CostRow::kCount;
  }
}

void Costs::Add(CostRow row, const Cost& cost) {
  CostLine& line = lines_[static_cast<size_t>(row)];
  for (size_t c = 0; c < Cost::kCounters; c++) {
    line.least.of[c] = line.calls == 0 ? cost.of[c] : std::min(line.least.of[c], cost.of[c]);
    line.most.of[c] = std::max(line.most.of[c], cost.of[c]);
    line.sum.of[c] += cost.of[c];
  }
  line.calls++;
}

std::string CostTable(const Costs& costs) {
  std::string text = fmt::format("{:<20}{:>7}", "per call", "calls");
  std::vector<Cost::Counter> columns;
  for (int c = 0; c < Cost::kCounters; c++) {
    const auto counter = static_cast<Cost::Counter>(c);
    bool used = false;
    for (int r = 0; r < static_cast<int>(CostRow::kCount); r++)
      used |= costs.line(static_cast<CostRow>(r)).sum[counter] != 0;
    if (!used) continue;
    columns.push_back(counter);
    text += fmt::format("{:>13}", NameOf(counter));
  }
  for (int r = 0; r < static_cast<int>(CostRow::kCount); r++) {
    const CostLine& line = costs.line(static_cast<CostRow>(r));
    if (line.calls == 0) continue;
    text += fmt::format("\n{:<20}{:>7}", NameOf(static_cast<CostRow>(r)), line.calls);
    for (const Cost::Counter c : columns) {
      const std::string cell = line.least[c] == line.most[c]
                                   ? fmt::format("{}", line.most[c])
                                   : fmt::format("{}..{}", line.least[c], line.most[c]);
      text += fmt::format("{:>13}", cell);
    }
  }
  return text + "\n";
}

}  // namespace highmem
