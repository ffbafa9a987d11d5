// Sleeping for a slot: nobody sleeps without need, nobody is forgotten, and those who wanted the
// same page share one slot. (SPEC M I15, I16, I17; RULINGS 9)
//
//   I15  a task goes to sleep only if a sweep of its own, in this attempt, left every
//        slot of its colour in use mechanism
//   I16  no task is queued and UNINTERRUPTIBLE while a slot of its colour is not in use
//        and nobody
//        is between the count decrement of a kunmap and the end of that kunmap        mechanism
//   I17  a kmap of a page that surely is mapped gives the address of that map         contract
//
// I16 holds at every step; it is judged where it can turn false: kmap_lock released, a kunmap
// ended, a task asleep. A woken task stays queued until it removes itself, but it is RUNNING and no
// victim.
//
// Caught: wake-sampled-before-lock (I16 at the end of the kunmap), a wake-up left out (I16), a
// sweep left out before sleeping (I15), no-recheck-after-sleep (I17, after I2).
#ifndef HIGHMEM_CHECK_WAITERS_H_
#define HIGHMEM_CHECK_WAITERS_H_

#include <cstdint>

#include "highmem/check/ledger.h"
#include "highmem/check/report.h"
#include "highmem/kmap/introspect.h"

namespace highmem {

class WaitersCheck {
 public:
  static constexpr History kHistory = History::finite;

  // Carves from the arena. Every slot is free.
  void Begin(const Ledger* ledger, Reporter* reporter);

  // Wants pkmap_count, attempt, sweep_end, attempt_sleep, op_begin and op_end. Must see op_end
  // before the ledger does.
  void OnEvent(const Event& event);

  // kmap_lock released, a kunmap ended, or a task asleep (I16).
  void LookForForgotten(const Event& event);

  // True if some slot of the colour whose queue the task is in is not in use.
  bool SlotLeftFor(TaskId t) const;

 private:
  struct State {
    uint16_t swept;      // mask of actors whose attempt has swept
    uint16_t releasing;  // mask of actors between count decrement and end of kunmap
  };

  void OnCount(const Event& event);
  void OnSleep(const Event& event);
  void OnEnd(const Event& event);

  const Ledger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
  const PkmapView* pool_ = nullptr;
  State* state_ = nullptr;
  int16_t* not_in_use_ = nullptr;  // [colour] slots with count 0 or 1
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_WAITERS_H_
