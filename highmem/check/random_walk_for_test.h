// A chooser for tests below highmem/schedule. One step in eight is a TLB fill or eviction, and one
// in sixteen a migration where the profile has them. A handler enters at one step in eight at most,
// else it would be over before the tasks have begun. Otherwise every enabled move is as likely as
// any other.
#ifndef HIGHMEM_CHECK_RANDOM_WALK_FOR_TEST_H_
#define HIGHMEM_CHECK_RANDOM_WALK_FOR_TEST_H_

#include <bit>
#include <cstdint>

#include "highmem/trace/chooser.h"
#include "highmem/trace/executor.h"

namespace highmem {

class RandomWalk : public Chooser {
 public:
  explicit RandomWalk(uint64_t seed) : state_(seed) {}

  void Begin(const Executor& /*executor*/) override {}

  Move NextMove(const Executor& executor, MoveMask enabled) override {
    if (Below(8) == 0) {
      const auto cpu = static_cast<CpuId>(Below(static_cast<uint32_t>(machine.profile.cpus)));
      const bool fill = Below(2) == 0;
      const uint64_t vpns = fill ? executor.Fillable(cpu) : executor.Evictable(cpu);
      if (vpns != 0)
        return {fill ? MoveKind::fill : MoveKind::evict, cpu, static_cast<uint16_t>(AnyBit(vpns))};
    }
    if (machine.profile.migrations != 0 && Below(16) == 0) {
      const auto t = static_cast<TaskId>(Below(static_cast<uint32_t>(task_count())));
      const uint32_t cpus = executor.MigratableTo(t);
      if (cpus != 0) return {MoveKind::migrate, static_cast<CpuId>(AnyBit(cpus)), t};
    }
    constexpr MoveMask kHandlers = 0xffff00;
    const bool run_on = (enabled & ~kHandlers) != 0 && Below(8) != 0;
    const int bit = AnyBit(run_on ? enabled & ~kHandlers : enabled);
    if (bit < 4) return {MoveKind::run, static_cast<CpuId>(bit), 0};
    if (bit < 8) return {MoveKind::ipi, static_cast<CpuId>(bit - 4), 0};
    if (bit < 24) {
      const auto actor = static_cast<ActorId>(bit - 8);
      return {MoveKind::irq, executor.trace().actors[actor].cpu, actor};
    }
    const auto t = static_cast<TaskId>(bit - 24);
    return {MoveKind::preempt, task(t).cpu, t};
  }

  uint32_t NextValue(const Executor& /*executor*/, const Move& /*move*/, uint32_t n) override {
    return Below(n);
  }

 private:
  uint32_t Below(uint32_t n) {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);  // splitmix64
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return static_cast<uint32_t>(((z ^ z >> 31) >> 32) * n >> 32);
  }
  int AnyBit(uint64_t mask) {
    for (uint32_t skip = Below(static_cast<uint32_t>(std::popcount(mask))); skip > 0; skip--)
      mask &= mask - 1;
    return std::countr_zero(mask);
  }

  uint64_t state_;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_RANDOM_WALK_FOR_TEST_H_
