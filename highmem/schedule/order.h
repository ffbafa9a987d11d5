// `schedule order T1 T2*3 ...`: whole ops, in the order given. An actor's turn runs its next op to
// the end, or until it sleeps; a turn of a sleeper that was woken carries its op on. Recordings of
// real kernels are replayed this way.
#ifndef HIGHMEM_SCHEDULE_ORDER_H_
#define HIGHMEM_SCHEDULE_ORDER_H_

#include "highmem/schedule/default_order.h"
#include "highmem/trace/chooser.h"

namespace highmem {

class OrderChooser : public Chooser {
 public:
  void Begin(const Executor& executor) override;
  Move NextMove(const Executor& executor, MoveMask enabled) override;
  uint32_t NextValue(const Executor& executor, const Move& move, uint32_t n) override;

 private:
  bool TurnIsOver(const Executor& executor, TaskId t) const;
  void BeginTurn(const Executor& executor);

  DefaultOrder order_;
  size_t turn_ = 0;
  uint32_t ops_left_ = 0;
  bool in_turn_ = false;
  uint16_t op_at_start_ = 0;
};

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_ORDER_H_
