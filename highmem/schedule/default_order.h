// What happens when nothing is decided: the current context runs on; when it blocks or ends, a CPU
// left without a task comes to rest in its idle loop, then pending IPIs by CPU, then actors in
// order of declaration. Hardware choices default to none. A decision is an answer that differs from
// this. (RULINGS 10)
#ifndef HIGHMEM_SCHEDULE_DEFAULT_ORDER_H_
#define HIGHMEM_SCHEDULE_DEFAULT_ORDER_H_

#include "highmem/trace/executor.h"

namespace highmem {

class DefaultOrder {
 public:
  void Begin() { *this = {}; }

  // The move that "run on" means now.
  Move Next(const Executor& executor, MoveMask enabled);
  // The way a chosen move goes: towards the task in focus if it can, else the first.
  uint32_t NextValue(const Executor& executor, const Move& move, uint32_t n) const;
  // Tells what was done instead of, or as, the answer of Next.
  void Took(const Executor& executor, const Move& move);

  // Makes `task` the current context: it runs as soon as its CPU gets to it.
  void Focus(const Executor& executor, TaskId task);

  // True if a decision towards the target can be obeyed now. A handler that runs, or an IPI that is
  // being answered, is a target too: it runs on. So is an idle CPU on its way to rest, as `ipi
  // CPU`, or as any task of it while an IPI could enter there.
  static bool Legal(const Executor& executor, const Target& target, MoveMask enabled);
  // Obeys a legal target. True if that takes *move, a move other than run; else what Next and
  // NextValue say leads there.
  bool Obey(const Executor& executor, const Target& target, MoveMask enabled, Move* move);
  // The target to obey for this enabled move to come next and to go this way. Covers everything but
  // the values of a `choose` primitive.
  Target Towards(const Executor& executor, const Move& move, uint32_t value,
                 MoveMask enabled) const;
  // True if obeying the target now makes this move come next and go this way.
  bool LeadsTo(const Executor& executor, const Target& target, const Move& move, uint32_t value,
               MoveMask enabled) const;

  // Together with the state of the world: all that decides about the rest of a run.
  uint32_t key() const {
    return static_cast<uint32_t>(focus_ + 1) << 16 | static_cast<uint32_t>(want_ + 1);
  }

 private:
  static constexpr int kNobody = -1;
  int focus_ = kNobody;  // ContextId that runs on
  int want_ = kNobody;   // task that is to become current on its CPU first
};

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_DEFAULT_ORDER_H_
