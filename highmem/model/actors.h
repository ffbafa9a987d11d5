// What each actor is doing and where it stands: the op it is in, and how deep it is in sections
// that forbid sleep. Known from the programs alone, never from the machine. (SPEC 0.4)
#ifndef HIGHMEM_MODEL_ACTORS_H_
#define HIGHMEM_MODEL_ACTORS_H_

#include <cstdint>

#include "highmem/machine/event.h"
#include "highmem/trace/trace.h"

namespace highmem::model {

class Actors {
 public:
  struct Call {
    OpCode code;  // kCount between ops
    bool high;    // the page is a high page
    Pfn page;     // kNoPfn if the op is about none
    Vaddr address;
  };

  // Carves from the arena.
  void Begin(const Trace& trace);

  void OpBegin(const Event& op_begin);
  void OpEnd(const Event& op_end);

  bool Has(ContextId ctx) const { return ctx < count_; }
  int count() const { return count_; }
  const Call& call(ContextId actor) const { return states_[actor].call; }

  // SPEC 0.4: a task, preemptible, interrupts on. False if nobody can say.
  bool MaySleep(ContextId actor) const {
    return InterruptsOn(actor) && states_[actor].preempt_off == 0;
  }
  // False if nobody can say.
  bool InterruptsOn(ContextId actor) const {
    const State& state = states_[actor];
    return !IsHandler(actor) && state.irqs_off == 0 && state.off_the_rails == 0;
  }

  // A handler's program has ended.
  void HandlerEnd(ContextId actor);
  bool IsHandler(ContextId actor) const { return trace_->actors[actor].kind != ActorKind::task; }

 private:
  struct State {
    Call call;
    uint8_t irqs_off;     // irq_saves not restored
    uint8_t preempt_off;  // preempt_disables and locks not undone
    uint8_t off_the_rails;
    uint8_t unused;
  };

  void Close(State* state, uint8_t* depth);

  const Trace* trace_ = nullptr;
  State* states_ = nullptr;
  int count_ = 0;
};

}  // namespace highmem::model

#endif  // HIGHMEM_MODEL_ACTORS_H_
