#include "highmem/schedule/moves.h"

#include <bit>

namespace highmem {
namespace {

int AnyBit(uint64_t mask, SeededNumbers& numbers) {
  for (uint32_t n = numbers.Below(static_cast<uint32_t>(std::popcount(mask))); n > 0; n--)
    mask &= mask - 1;
  return std::countr_zero(mask);
}

// Of any task that can move now, to any CPU that it can move to.
bool AnyMigration(const Executor& executor, SeededNumbers& numbers, Move* move) {
  if (machine.profile.migrations == 0) return false;
  const auto t = static_cast<TaskId>(numbers.Below(static_cast<uint32_t>(task_count())));
  const uint32_t cpus = executor.MigratableTo(t);
  if (cpus == 0) return false;
  *move = {MoveKind::migrate, static_cast<CpuId>(AnyBit(cpus, numbers)), t};
  return true;
}

}  // namespace

Move MoveOfBit(const Executor& executor, int bit) {
  if (bit < 4) return {MoveKind::run, static_cast<CpuId>(bit), 0};
  if (bit < 8) return {MoveKind::ipi, static_cast<CpuId>(bit - 4), 0};
  if (bit < 24) {
    const auto actor = static_cast<ActorId>(bit - 8);
    return {MoveKind::irq, executor.trace().actors[actor].cpu, actor};
  }
  const auto t = static_cast<TaskId>(bit - 24);
  return {MoveKind::preempt, task(t).cpu, t};
}

Move AnyMove(const Executor& executor, MoveMask enabled, SeededNumbers& numbers) {
  return MoveOfBit(executor, AnyBit(enabled, numbers));
}

void ListHardwareMoves(const Executor& executor, std::vector<Move>* moves) {
  const auto add = [&](MoveKind kind, CpuId cpu, uint64_t mask) {
    for (; mask != 0; mask &= mask - 1)
      moves->push_back({kind, cpu, static_cast<uint16_t>(std::countr_zero(mask))});
  };
  for (int c = 0; c < machine.profile.cpus; c++) {
    const auto cpu = static_cast<CpuId>(c);
    add(MoveKind::fill, cpu, executor.Fillable(cpu));
    add(MoveKind::evict, cpu, executor.Evictable(cpu));
    add(MoveKind::writeback, cpu, executor.Droppable(cpu));
  }
  for (int t = 0; t < task_count(); t++)
    for (uint32_t m = executor.MigratableTo(static_cast<TaskId>(t)); m != 0; m &= m - 1)
      moves->push_back(
          {MoveKind::migrate, static_cast<CpuId>(std::countr_zero(m)), static_cast<uint16_t>(t)});
}

bool AnyHardwareMove(const Executor& executor, uint32_t odds, SeededNumbers& numbers, Move* move) {
  const uint32_t drawn = numbers.Below(odds);
  if (drawn == 2) return AnyMigration(executor, numbers, move);
  if (drawn > 2) return false;
  const auto cpu = static_cast<CpuId>(numbers.Below(static_cast<uint32_t>(machine.profile.cpus)));
  // Where there is a cache, half of the evictions are of its lines.
  const uint64_t lines = drawn == 1 ? executor.Droppable(cpu) : 0;
  if (lines != 0 && numbers.Below(2) == 0) {
    *move = {MoveKind::writeback, cpu, static_cast<uint16_t>(AnyBit(lines, numbers))};
    return true;
  }
  const bool fill = drawn == 0;
  const uint64_t vpns = fill ? executor.Fillable(cpu) : executor.Evictable(cpu);
  if (vpns == 0) return false;
  *move = {fill ? MoveKind::fill : MoveKind::evict, cpu,
           static_cast<uint16_t>(AnyBit(vpns, numbers))};
  return true;
}

}  // namespace highmem
