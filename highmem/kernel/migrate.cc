#include "highmem/kernel/migrate.h"

#include <bit>

#include "highmem/kernel/warn.h"

namespace highmem {
namespace {

void SetDepth(TaskId t, uint8_t depth) {
  const uint8_t before = task(t).migration_disabled;
  Cpu& cpu = machine.cpus[task(t).cpu];
  if (before == 0) cpu.nr_pinned++;
  if (depth == 0) cpu.nr_pinned--;
  task(t).migration_disabled = depth;
  Emit(EventKind::migration_disabled, t, before, depth, cpu.nr_pinned);
}

}  // namespace

Co<> migrate_disable() {
  if (machine.profile.smp != 0) co_await Prim(PrimKind::migrate_disable);
}

Co<> migrate_enable() {
  if (machine.profile.smp == 0) co_return;
  if (current().migration_disabled == 0)
    co_await WarnOnce(Site::migrate_enable_zero);
  else
    co_await Prim(PrimKind::migrate_enable);
}

void MigrateDisable(TaskId t) { SetDepth(t, static_cast<uint8_t>(task(t).migration_disabled + 1)); }
void MigrateEnable(TaskId t) { SetDepth(t, static_cast<uint8_t>(task(t).migration_disabled - 1)); }

uint32_t Migratable(TaskId t) {
  const Task& moved = task(t);
  const Cpu& from = machine.cpus[moved.cpu];
  if (moved.on_rq == 0 || moved.migration_disabled != 0 || moved.is_idle != 0) return 0;
  if (from.curr == t || from.next_plus_1 == t + 1) return 0;
  uint32_t mask = 0;
  for (int c = 0; c < machine.profile.cpus; c++)
    if (c != moved.cpu && machine.cpus[c].state == CpuState::kOnline) mask |= 1u << c;
  return mask;
}

void Migrate(TaskId t, CpuId to) {
  Emit(EventKind::migrate, t, task(t).cpu, to);
  task(t).cpu = to;
}

void PushTasksAway(CpuId cpu) {
  for (int t = 0; t < task_count(); t++) {
    const auto id = static_cast<TaskId>(t);
    const uint32_t where = task(id).cpu == cpu ? Migratable(id) : 0;
    if (where != 0) Migrate(id, static_cast<CpuId>(std::countr_zero(where)));
  }
}

}  // namespace highmem
