// A uniform random walk: every enabled move is as likely as any other, handlers, fills and
// evictions now and then. Seeded; equal on every compiler and machine.
#ifndef HIGHMEM_SCHEDULE_RANDOM_H_
#define HIGHMEM_SCHEDULE_RANDOM_H_

#include "highmem/schedule/seed.h"
#include "highmem/trace/chooser.h"

namespace highmem {

class RandomChooser : public Chooser {
 public:
  explicit RandomChooser(uint64_t seed) : numbers_(seed) {}
  void Begin(const Executor& executor) override;
  Move NextMove(const Executor& executor, MoveMask enabled) override;
  uint32_t NextValue(const Executor& executor, const Move& move, uint32_t n) override;

 private:
  SeededNumbers numbers_;  // go on over executions: the next one takes another schedule
};

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_RANDOM_H_
