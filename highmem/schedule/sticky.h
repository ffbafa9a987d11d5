// A random walk that mostly stays on the CPU where it is: long stretches of one context, switches
// anywhere. Where a uniform walk cuts every op to pieces, whole ops run here, and now and then one
// is cut.
#ifndef HIGHMEM_SCHEDULE_STICKY_H_
#define HIGHMEM_SCHEDULE_STICKY_H_

#include "highmem/schedule/seed.h"
#include "highmem/trace/chooser.h"

namespace highmem {

class StickyChooser : public Chooser {
 public:
  // One step in `odds` may go elsewhere: to any enabled move, each as likely as any other. So does
  // every step where the CPU cannot run on.
  explicit StickyChooser(uint64_t seed, uint32_t odds = 16) : numbers_(seed), odds_(odds) {}
  void Begin(const Executor& executor) override;
  Move NextMove(const Executor& executor, MoveMask enabled) override;
  uint32_t NextValue(const Executor& executor, const Move& move, uint32_t n) override;

 private:
  SeededNumbers numbers_;  // go on over executions
  uint32_t odds_;
  CpuId cpu_ = 0;
};

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_STICKY_H_
