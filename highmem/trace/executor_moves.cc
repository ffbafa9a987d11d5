// What can happen next: the moves of a CPU, and which of them nobody else can see. (executor.h)
#include <bit>

#include "highmem/kernel/hotplug.h"
#include "highmem/kernel/irq.h"
#include "highmem/kernel/migrate.h"
#include "highmem/kernel/perform.h"
#include "highmem/kernel/spinlock.h"
#include "highmem/machine/cache.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"
#include "highmem/trace/executor.h"

namespace highmem {
namespace {

// Fills, evictions and write-backs are choices on tiny machines only.
constexpr int kMaxFillVpn = 64;
constexpr int kMaxLine = 64;

}  // namespace

// Faults enter by themselves, when a task faults.
MoveMask Executor::HandlersThatMayEnter(CpuId cpu) const {
  const auto of_kind = [this](ActorKind kind) {
    return handlers_of_kind_[static_cast<size_t>(kind)];
  };
  MoveMask kinds = 0;
  if (HardirqMayEnter(cpu)) kinds |= of_kind(ActorKind::irq);
  if (SoftirqMayEnter(cpu)) kinds |= of_kind(ActorKind::softirq);
  if (NmiMayEnter(cpu)) kinds |= of_kind(ActorKind::nmi);
  MoveMask may = kinds & handlers_of_cpu_[cpu];
  for (MoveMask m = may; m != 0; m &= m - 1) {
    const int bit = std::countr_zero(m);
    const ActorState& state = actor_state(static_cast<ActorId>(bit - std::countr_zero(IrqBit(0))));
    if (state.runs_left == 0 || state.running != 0) may &= ~(1u << bit);
  }
  return may;
}

void Executor::RefreshCpu(CpuId cpu) {
  const Cpu& hw = machine.cpus[cpu];
  const Context& top = TopContext(hw.curr);
  const MoveMask all = moves_of_cpu_[cpu];
  MoveMask mask = handlers_of_cpu_[cpu] == 0 ? 0 : HandlersThatMayEnter(cpu);
  const bool runs = highmem::Enabled(top, cpu) || (hotplug_ && MustLeave(cpu));
  if (hw.state != CpuState::kOffline && runs) mask |= RunBit(cpu);
  if (hw.ipi_pending != 0 && HardirqMayEnter(cpu)) mask |= IpiBit(cpu);
  if (Preemptible(cpu))
    for (int t = 0; t < task_count(); t++)
      if (task(static_cast<TaskId>(t)).on_rq != 0 && hw.curr != t) mask |= PreemptBit(t) & all;
  enabled_ = (enabled_ & ~all) | mask;
}

// Also where tasks may have moved between CPUs.
void Executor::RefreshAll() {
  for (int c = 0; c < kMaxCpus; c++) moves_of_cpu_[c] = RunBit(c) | IpiBit(c) | handlers_of_cpu_[c];
  for (int t = 0; t < task_count(); t++)
    moves_of_cpu_[task(static_cast<TaskId>(t)).cpu] |= PreemptBit(t);
  enabled_ = 0;
  for (int c = 0; c < machine.profile.cpus; c++) RefreshCpu(static_cast<CpuId>(c));
}

uint32_t Executor::MigratableTo(TaskId t) const {
  return machine.profile.migrations == 0 ? 0 : Migratable(t);
}

uint64_t Executor::Fillable(CpuId cpu) const {
  if (machine.profile.spec_fills == 0 || machine.vpns > kMaxFillVpn) return 0;
  uint64_t mask = 0;
  for (int v = 0; v < machine.vpns; v++)
    if (!PteGet(v).none() && TlbGet(cpu, v) != PteGet(v)) mask |= 1ull << v;
  return mask;
}

uint64_t Executor::Evictable(CpuId cpu) const {
  if (machine.profile.tlb_evicts == 0 || machine.vpns > kMaxFillVpn) return 0;
  uint64_t mask = 0;
  for (int v = 0; v < machine.vpns; v++)
    if (!TlbGet(cpu, v).none()) mask |= 1ull << v;
  return mask;
}

uint64_t Executor::Droppable(CpuId /*cpu*/) const {
  const int lines = HasCache() ? CacheLineCount(machine.profile) : 0;
  if (lines > kMaxLine || machine.profile.cache_evicts == 0) return 0;
  uint64_t mask = 0;
  for (int line = 0; line < lines; line++)
    if (LineIsValid(line)) mask |= 1ull << line;
  return mask;
}

bool Executor::IsEnabled(const Move& move) const {
  switch (move.kind) {
    case MoveKind::run: return (Enabled() & RunBit(move.cpu)) != 0;
    case MoveKind::ipi: return (Enabled() & IpiBit(move.cpu)) != 0;
    case MoveKind::irq: return (Enabled() & IrqBit(move.arg)) != 0;
    case MoveKind::preempt: return (Enabled() & PreemptBit(move.arg)) != 0;
    case MoveKind::fill: return (Fillable(move.cpu) >> move.arg & 1) != 0;
    case MoveKind::evict: return (Evictable(move.cpu) >> move.arg & 1) != 0;
    case MoveKind::writeback: return (Droppable(move.cpu) >> move.arg & 1) != 0;
    case MoveKind::migrate:
      return (MigratableTo(static_cast<TaskId>(move.arg)) >> move.cpu & 1) != 0;
  }
  return false;
}

uint32_t Executor::ChoicesOf(const Move& move) const {
  return move.kind == MoveKind::run ? Choices(RunContext(move.cpu), move.cpu) : 1;
}

// A step that closes a window is invisible only if nothing can ever come through that window.
bool Executor::ClosesOpenWindow(PrimKind kind, CpuId cpu) const {
  const bool closes_irqs = kind == PrimKind::irq_save || kind == PrimKind::irq_disable;
  if (closes_irqs && machine.profile.cpus > 1) return true;
  if (closes_irqs || kind == PrimKind::bh_disable) {
    for (const ActorId h : handlers_)
      if (trace_->actors[h].cpu == cpu && actor_state(h).runs_left != 0) return true;
  }
  if (kind == PrimKind::preempt_disable)
    for (int t = 0; t < task_count(); t++) {
      const Task& other = task(static_cast<TaskId>(t));
      if (other.cpu == cpu && other.state != TaskState::kDead && machine.cpus[cpu].curr != t)
        return true;
    }
  return false;
}

bool Executor::Invisible(CpuId cpu, MoveMask enabled) const {
  const Pending& p = RunContext(cpu).pending;
  if (p.after == 0) {
    if (Info(p.kind).seen_by == SeenBy::all || ClosesOpenWindow(p.kind, cpu)) return false;
    const bool holds_lock =
        !LockIsFree(LockId::kKmapLock) && LockOwner(LockId::kKmapLock) == machine.cpus[cpu].curr;
    if (Info(p.kind).seen_by == SeenBy::locked && !(trust_guards_ && holds_lock)) return false;
  }
  if ((enabled & (IpiBit(cpu) | handlers_of_cpu_[cpu])) != 0) return false;
  if (hotplug_ && SomeCpuIsDying()) return false;
  for (int t = 0; t < task_count(); t++)
    if (task(static_cast<TaskId>(t)).cpu == cpu &&
        ((enabled & PreemptBit(t)) != 0 || MigratableTo(static_cast<TaskId>(t)) != 0))
      return false;
  return true;
}

}  // namespace highmem
