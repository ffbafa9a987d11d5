#include "highmem/schedule/random.h"

#include <bit>

#include "highmem/trace/executor.h"

namespace highmem {
namespace {

// One step in so many is a speculative fill, one an eviction, one a migration.
constexpr uint32_t kHardwareOdds = 16;

int NthBit(uint64_t mask, uint32_t n) {
  for (; n > 0; n--) mask &= mask - 1;
  return std::countr_zero(mask);
}

}  // namespace

// splitmix64
uint64_t RandomChooser::Next() {
  uint64_t z = (state_ += 0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

void RandomChooser::Begin(const Executor& /*executor*/) {}

Move RandomChooser::NextMove(const Executor& executor, MoveMask enabled) {
  const uint32_t hardware = Below(kHardwareOdds);
  if (hardware < 2) {
    const auto cpu = static_cast<CpuId>(Below(static_cast<uint32_t>(machine.profile.cpus)));
    const uint64_t vpns = hardware == 0 ? executor.Fillable(cpu) : executor.Evictable(cpu);
    if (vpns != 0)
      return {hardware == 0 ? MoveKind::fill : MoveKind::evict, cpu,
              static_cast<uint16_t>(NthBit(vpns, Below(std::popcount(vpns))))};
  }
  if (hardware == 2 && machine.profile.migrations != 0) {
    const auto t = static_cast<TaskId>(Below(static_cast<uint32_t>(task_count())));
    const uint32_t cpus = executor.MigratableTo(t);
    if (cpus != 0)
      return {MoveKind::migrate,
              static_cast<CpuId>(NthBit(cpus, Below(static_cast<uint32_t>(std::popcount(cpus))))),
              t};
  }
  const int bit = NthBit(enabled, Below(static_cast<uint32_t>(std::popcount(enabled))));
  if (bit < 4) return {MoveKind::run, static_cast<CpuId>(bit), 0};
  if (bit < 8) return {MoveKind::ipi, static_cast<CpuId>(bit - 4), 0};
  if (bit < 24) {
    const auto actor = static_cast<ActorId>(bit - 8);
    return {MoveKind::irq, executor.trace().actors[actor].cpu, actor};
  }
  const auto t = static_cast<TaskId>(bit - 24);
  return {MoveKind::preempt, task(t).cpu, t};
}

uint32_t RandomChooser::NextValue(const Executor& /*executor*/, const Move& /*move*/, uint32_t n) {
  return Below(n);
}

}  // namespace highmem
