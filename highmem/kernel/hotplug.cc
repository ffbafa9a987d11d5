#include "highmem/kernel/hotplug.h"

#include "highmem/kernel/irq.h"
#include "highmem/kernel/migrate.h"
#include "highmem/kernel/primitive.h"
#include "highmem/machine/tlb.h"

namespace highmem {
namespace {

int OnlineCpus() {
  int online = 0;
  for (int c = 0; c < machine.profile.cpus; c++)
    online += machine.cpus[c].state == CpuState::kOnline;
  return online;
}

}  // namespace

Co<> cpu_down(CpuId cpu) {
  // Not awaited in the condition, where g++ 12 loses its way.
  const uint32_t begun = co_await Prim(PrimKind::cpu_down, cpu);
  if (begun != 0) co_await Prim(PrimKind::cpu_drained, cpu);
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

bool MustLeave(CpuId cpu) {
  const Cpu& hw = machine.cpus[cpu];
  const Task& curr = task(hw.curr);
  return hw.state == CpuState::kDying && curr.is_idle == 0 && curr.migration_disabled == 0 &&
         Preemptible(cpu);
}

bool BeginDown(CpuId cpu) {
  if (machine.cpus[cpu].state != CpuState::kOnline || OnlineCpus() == 1) return false;
  machine.cpus[cpu].state = CpuState::kDying;
  machine.cpus[cpu].down_by = CurrentTaskId();
  PushTasksAway(cpu);
  return true;
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
