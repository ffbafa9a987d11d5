// Replays a list of decisions over the default order. Decisions fire strictly in order; what cannot
// fire is dropped and counted (best effort). This is also how fuzz bytes become a schedule: the
// byte codec decodes them to `after N` decisions. (RULINGS 10)
#ifndef HIGHMEM_SCHEDULE_REPLAY_H_
#define HIGHMEM_SCHEDULE_REPLAY_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "highmem/schedule/default_order.h"
#include "highmem/trace/chooser.h"

namespace highmem {

// Counts the primitives that every actor has performed within its current op: the K of an anchor.
class OpPrimitives {
 public:
  void Begin(size_t actors);
  // Before a run move of this CPU is made.
  void Count(const Executor& executor, CpuId cpu);
  // How often the actor has performed `prim` (or gone through the window behind it) in its op `op`.
  int Done(ActorId actor, int op, PrimKind prim, bool behind) const;

 private:
  struct Counts {
    int op = -1;
    std::array<std::array<uint16_t, 2>, static_cast<size_t>(PrimKind::kCount)> done;
  };
  std::vector<Counts> counts_;  // by actor
};

class ReplayChooser : public Chooser {
 public:
  void Begin(const Executor& executor) override;
  Move NextMove(const Executor& executor, MoveMask enabled) override;
  uint32_t NextValue(const Executor& executor, const Move& move, uint32_t n) override;

  int fired() const { return fired_; }
  int dropped() const { return dropped_; }
  static constexpr int64_t kNotFired = -1;
  // By decision: the number of micro-steps made when it fired, or kNotFired.
  const std::vector<int64_t>& fired_at() const { return fired_at_; }
  // Strict replay: the first decision that could not be taken where it said, "" if there is none.
  std::string first_divergence() const;

 private:
  enum class Answer { kFire, kWait, kDrop };

  const Decision* Pending(const Executor& executor) const;
  Answer Judge(const Executor& executor, const Decision& decision, MoveMask enabled) const;
  Answer JudgeAnchor(const Executor& executor, const Decision& decision) const;

  DefaultOrder order_;
  size_t next_ = 0;
  uint64_t last_step_ = 0;  // micro-step of the previous decision
  int fired_ = 0;
  int dropped_ = 0;
  int first_dropped_ = -1;
  uint64_t first_dropped_step_ = 0;
  bool anchors_ = false;
  OpPrimitives primitives_;  // only for traces with anchors
  std::vector<int64_t> fired_at_;
};

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_REPLAY_H_
