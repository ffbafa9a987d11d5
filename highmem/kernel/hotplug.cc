#include "highmem/kernel/hotplug.h"

#include <bit>

#include "highmem/kernel/migrate.h"
#include "highmem/kernel/primitive.h"
#include "highmem/machine/tlb.h"

namespace highmem {
namespace {

// balance_push(): runnable tasks that can go elsewhere do.
void PushTasksAway(CpuId cpu) {
  for (int t = 0; t < task_count(); t++) {
    const auto id = static_cast<TaskId>(t);
    const uint32_t where = task(id).cpu == cpu ? Migratable(id) : 0;
    if (where != 0) Migrate(id, static_cast<CpuId>(std::countr_zero(where)));
  }
}

}  // namespace

Co<> cpu_down(CpuId cpu) {
  co_await Prim(PrimKind::cpu_down, cpu);
  co_await Prim(PrimKind::cpu_drained, cpu);
}

bool Drained(CpuId cpu) {
  const Cpu& hw = machine.cpus[cpu];
  return hw.nr_pinned == 0 && task(hw.curr).is_idle != 0 && hw.next_plus_1 == 0 &&
         task(hw.curr).preempt_count == kPreemptOffset && hw.irqs_on != 0 && hw.ipi_pending == 0;
}

bool SomeCpuIsDying() {
  for (int c = 0; c < machine.profile.cpus; c++)
    if (machine.cpus[c].state == CpuState::kDying) return true;
  return false;
}

void BeginDown(CpuId cpu) {
  machine.cpus[cpu].state = CpuState::kDying;
  PushTasksAway(cpu);
}

void FinishDown(CpuId cpu) {
  PushTasksAway(cpu);
  machine.cpus[cpu].state = CpuState::kOffline;
  Emit(EventKind::cpu_offline, cpu, 0, 0, machine.cpus[cpu].nr_pinned);
}

void FinishUp(CpuId cpu) {
  if (machine.cpus[cpu].state != CpuState::kOffline) return;
  TlbFlush(cpu, 0, machine.vpns, /*all=*/true);
  machine.cpus[cpu].state = CpuState::kOnline;
  Emit(EventKind::cpu_online, cpu);
}

}  // namespace highmem
