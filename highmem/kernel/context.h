// Contexts: everything that can execute. A CPU executes on the frame stack of its current task;
// whatever interrupts it is a fresh root pushed on that same stack, so stacks are LIFO by
// construction and handlers see `current` for nothing. (DESIGN section 3 "Contexts")
//
// A context record lies on the frame stack below the frames of its root.
#ifndef HIGHMEM_KERNEL_CONTEXT_H_
#define HIGHMEM_KERNEL_CONTEXT_H_

#include "highmem/kernel/co.h"
#include "highmem/kernel/primitive.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/cpu.h"
#include "highmem/machine/event.h"
#include "highmem/machine/machine.h"
#include "highmem/machine/types.h"

namespace highmem {

enum class ContextKind : uint8_t {
  kTask,     // a task's own program, or the idle loop
  kPreempt,  // schedule() pushed by a preemption
  kSoftirq,
  kHardirq,  // a device handler
  kIpi,      // a hardirq that answers another CPU
  kNmi,
  kFault,  // the handler of a page fault: task context on top of a task
};

struct Context {
  Frame* leaf;      // the function that is suspended
  Pending pending;  // what it is about to do
  uint32_t result;  // of the primitive just performed, until it is fetched
  ContextKind kind;
  ContextId id;          // as in events
  uint16_t below;        // the interrupted context: 1 + its offset on the stack, 0 if none
  uint8_t irqs_were_on;  // an interrupt's: the flag that its end brings back
};
static_assert(sizeof(Context) == 32);

// The context whose step is being executed. Set by the executor; dead between steps.
extern Context* current_context;
inline Context& CurrentContext() { return *current_context; }

// Whose stack the frames of coroutine calls lie on from now on.
void SetFrameOwner(TaskId task);

// The newest context on a task's stack; the task must have one.
inline Context& TopContext(TaskId task) {
  return *reinterpret_cast<Context*>(arena.stack_base(task) + arena.stack(task).context - 1);
}

// What this CPU executes is a preemption on top of a program, not the program.
inline bool InPreemption(CpuId cpu) {
  return TopContext(machine.cpus[cpu].curr).kind == ContextKind::kPreempt;
}

// The context it interrupted, or null.
Context* Below(TaskId task, const Context& context);

// Pushes an empty record and makes it current. Null if the stack is full (frame_overflow emitted).
Context* PushContext(TaskId task, ContextKind kind, ContextId id);

// Removes the top context, whose root has run to its end, with that root's frame.
void PopContext(TaskId task, Frame* root);

// Starts `make()` (a call of a coroutine) as the root of a new context on `task`'s stack and runs
// it to its first primitive. Null if there was no room; a Finding follows from the event.
template <typename MakeCo>
Frame* PushRoot(TaskId task, ContextKind kind, ContextId id, MakeCo make) {
  Context* context = PushContext(task, kind, id);
  if (context == nullptr) return nullptr;
  return make().ReleaseRoot();
}

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_CONTEXT_H_
