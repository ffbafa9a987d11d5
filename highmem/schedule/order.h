// `schedule order T1 T2*3 H1 ...`: whole ops, in the order given. A task's turn runs its next op to
// the end, or until it sleeps; a turn of a sleeper that was woken carries its op on. In a `yield`
// another task of the CPU, if there is one, becomes current in between. A handler's turn is a run
// of it, on top of whatever its CPU executes. Recordings of real kernels are replayed this way.
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
  bool TaskIsOver(const Executor& executor, ActorId actor) const;
  bool TurnIsOver(const Executor& executor, ActorId actor) const;
  bool MayGoOn(const Executor& executor, ActorId actor) const;
  void BeginTurn(const Executor& executor);

  DefaultOrder order_;
  size_t turn_ = 0;
  uint32_t ops_left_ = 0;
  bool in_turn_ = false;
  uint16_t op_at_start_ = 0;
  uint16_t runs_at_start_ = 0;
  bool yielded_ = false;
};

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_ORDER_H_
