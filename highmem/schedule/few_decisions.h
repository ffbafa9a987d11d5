// The default order with a few random decisions: at random steps any enabled move is made instead,
// and the default order goes on from there. Near the schedules that people write down.
#ifndef HIGHMEM_SCHEDULE_FEW_DECISIONS_H_
#define HIGHMEM_SCHEDULE_FEW_DECISIONS_H_

#include <array>
#include <cstdint>

#include "highmem/schedule/default_order.h"
#include "highmem/schedule/seed.h"
#include "highmem/trace/chooser.h"

namespace highmem {

class FewDecisionsChooser : public Chooser {
 public:
  static constexpr int kMaxDecisions = 8;

  // Up to `decisions` (1 .. kMaxDecisions), among the first `steps` > 0 micro-steps. A record of
  // an execution has no more. Executions of one chooser differ, and follow from the seed and their
  // number.
  FewDecisionsChooser(uint64_t seed, int decisions, uint32_t steps)
      : numbers_(seed), decisions_(decisions), steps_(steps) {}
  void Begin(const Executor& executor) override;
  Move NextMove(const Executor& executor, MoveMask enabled) override;
  uint32_t NextValue(const Executor& executor, const Move& move, uint32_t n) override;

 private:
  bool IsTime(const Executor& executor) const;
  Move Deviate(const Executor& executor, MoveMask enabled);

  SeededNumbers numbers_;
  int decisions_;
  uint32_t steps_;
  DefaultOrder order_;
  std::array<uint32_t, kMaxDecisions> at_ = {};
};

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_FEW_DECISIONS_H_
