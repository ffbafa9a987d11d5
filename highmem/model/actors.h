// What each actor is doing and where it stands: the op it is in, how deep it is in sections that
// forbid sleep, interrupts or page faults, and on top of whom it runs. Known from the programs, and
// from who was interrupted or switched to, never from the kernel's counters. (SPEC 0.4)
#ifndef HIGHMEM_MODEL_ACTORS_H_
#define HIGHMEM_MODEL_ACTORS_H_

#include <cstdint>

#include "highmem/machine/event.h"
#include "highmem/machine/km_type.h"
#include "highmem/machine/machine.h"
#include "highmem/trace/trace.h"

namespace highmem::model {

// What is known about a context: yes, no, or nobody can say, because a program has closed what was
// not open, or slept where it must not.
enum class Known : uint8_t { no, yes, unknown };

class Actors {
 public:
  static constexpr uint8_t kNobody = 0xff;

  struct Call {
    OpCode code;  // kCount between ops
    bool high;    // the page is a high page
    Pfn page;     // kNoPfn if the op is about none
    Vaddr address;
    KmType type;    // era E1: the slot it names
    bool overruns;  // a helper that ends behind its page (SPEC X31)
    uint8_t unused[2];
  };
  static_assert(sizeof(Call) == 12, "no padding: equal states are equal bytes");

  // Carves from the arena.
  void Begin(const Trace& trace);

  void OpBegin(const Event& op_begin);
  void OpEnd(const Event& op_end);
  void TaskSwitch(const Event& task_switch);
  // A handler's program begins or has ended.
  void HandlerBegin(const Event& actor_begin);
  void HandlerEnd(ContextId actor);

  bool Has(ContextId ctx) const { return ctx < count_; }
  int count() const { return count_; }
  const Call& call(ContextId actor) const { return states_[actor].call; }
  bool IsHandler(ContextId actor) const { return KindOf(actor) != ActorKind::task; }
  ActorKind KindOf(ContextId actor) const { return trace_->actors[actor].kind; }

  // Stacks of contexts, one on top of the other: one a task, in order of declaration, then one a
  // CPU's idle task. The actor must be running, or be a task.
  int stacks() const { return tasks_ + machine.profile.cpus; }
  int StackOf(ContextId actor) const { return states_[actor].stack; }

  // SPEC 0.4: a task, or a page fault's handler, preemptible, interrupts on.
  Known MaySleep(ContextId actor) const;
  // Preemption off in whatever way: schedule() would be a BUG.
  Known InAtomic(ContextId actor) const;
  Known InterruptsOn(ContextId actor) const;
  Known InHardirq(ContextId actor) const;
  // in_interrupt(): in any handler of interrupts, or with bottom halves off.
  Known InInterrupt(ContextId actor) const;
  // What debug_kmap_atomic finds, where InterruptsOn is known. (SPEC E.2)
  KmContext KmContextOf(ContextId actor) const;
  // Where it runs; its last CPU is not known.
  CpuId CpuOf(ContextId actor) const;
  // A fault on user memory is served rather than refused. (SPEC G.10)
  Known FaultsServed(ContextId actor) const;
  // Inside kmap_atomic of its own.
  bool InAtomicMap(ContextId actor) const { return states_[actor].pagefaults_off != 0; }

 private:
  struct State {
    Call call;
    uint32_t irq_flags;   // what irq_saves not restored found, newest in bit 0
    uint8_t irqs_on;      // as the actor finds them while it runs
    uint8_t irq_saves;    // not restored
    uint8_t preempt_off;  // preempt_disables, locks and kmap_atomics not undone
    uint8_t bh_off;
    uint8_t pagefaults_off;
    uint8_t off_the_rails;
    uint8_t stack;  // a handler's: the one it is on, kNobody when it is on none
    uint8_t below;  // a handler's: the actor it interrupted, kNobody if the idle task
  };

  bool Overruns(const Event& op_begin) const;
  Known IfOnRails(ContextId actor, bool yes) const;
  bool Atomic(ContextId actor) const;
  void Section(State* state, OpCode code);
  void RestoreIrqs(State* state);
  void Close(State* state, uint8_t* depth);

  const Trace* trace_ = nullptr;
  State* states_ = nullptr;
  uint8_t* current_ = nullptr;  // [cpu] stack
  uint8_t* top_ = nullptr;      // [stack] actor on top, kNobody if none
  int count_ = 0;
  int tasks_ = 0;
};

}  // namespace highmem::model

#endif  // HIGHMEM_MODEL_ACTORS_H_
