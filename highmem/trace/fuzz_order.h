// Fuzz records in the order in which things happen: who runs while they do, as far as that can be
// told without running them, and the decisions that make it so. A wrong guess costs nothing but the
// order of what follows. (docs/TRACE_FORMAT.md "Fuzz bytes"; for fuzz_builder.cc)
#ifndef HIGHMEM_TRACE_FUZZ_ORDER_H_
#define HIGHMEM_TRACE_FUZZ_ORDER_H_

#include <cstdint>

#include "highmem/trace/fuzz_op.h"
#include "highmem/trace/lane_state.h"
#include "highmem/trace/trace.h"

namespace highmem {

class FuzzOrder {
 public:
  FuzzOrder(const Trace& trace, const LaneState& state) : trace_(trace), state_(state) {}

  // The task itself; or, if it cannot run, the one that has to go on first.
  ActorId WhoRuns(ActorId task) const;

  // The task's next op comes now. True if that takes *d: whoever runs gets as far as its own next
  // op, then the task runs.
  bool SwitchTo(ActorId task, Decision* d);
  // The task's op is about to be added.
  void Before(ActorId task, const Op& op);
  // It has been added. True if *d has to follow: the task waits for a lock now, until its holder
  // lets go.
  bool After(ActorId task, const Op& op, Decision* d);

  // Moves a decision, of which only the target is set, into the op that came last, to the place
  // that the record chooses. False if it cannot be there.
  bool MoveInside(const FuzzRecord& r, Decision* d);
  // `start` was decided.
  void Started(ActorId actor) { focus_ = actor; }

  // A handler on the CPU of the op that came last, else this one.
  ActorId HandlerNear(ActorId handler) const;

 private:
  bool IsTask(ActorId actor) const { return trace_.actors[actor].kind == ActorKind::task; }
  bool SameCpu(ActorId a, ActorId b) const { return trace_.actors[a].cpu == trace_.actors[b].cpu; }
  ActorId FirstTaskOn(CpuId cpu) const;
  void Focus(ActorId task);

  const Trace& trace_;
  const LaneState& state_;
  ActorId focus_ = kNoActor;      // runs
  ActorId last_ = kNoActor;       // whose op came last
  OpCode shape_ = OpCode::check;  // the op whose places that one has; check: none inside
  bool in_section_ = false;       // before it
  bool interrupted_ = false;      // something comes in between there
  uint8_t amid_ = 0;              // tasks left inside an op with preemption off, as a mask
  ActorId holder_ = kNoActor;     // the one of them that holds kmap_lock
};

}  // namespace highmem

#endif  // HIGHMEM_TRACE_FUZZ_ORDER_H_
