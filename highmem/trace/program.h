// An actor's program as simulated code: a coroutine that takes the trace's ops one by one and calls
// the kernel. (DESIGN section 5 "op")
#ifndef HIGHMEM_TRACE_PROGRAM_H_
#define HIGHMEM_TRACE_PROGRAM_H_

#include "highmem/kernel/co.h"
#include "highmem/trace/trace.h"

namespace highmem {

// What an actor holds in a variable: an address and the page it was issued for.
struct VarSlot {
  Vaddr address;  // 0: empty, or page_address had no answer
  Pfn pfn;
  uint16_t live;
};

// Where an actor stands. Lives in the arena.
struct ActorState {
  uint16_t op;  // the op it is in or about to begin; op_count at the end
  uint8_t in_op;
  uint8_t running;     // begun and not ended
  uint16_t runs_left;  // handlers
  uint16_t filled;     // fillers it holds
  uint32_t irq_flags;  // newest irq_save in bit 0
};

// Counters of the run so far, kept by the executor from the events.
struct RunCounters {
  int32_t sweeps = 0;
  int32_t global_flushes = 0;
  int32_t cache_hooks = 0;
};

// Carves the actors' state for the trace, which must outlive the run.
void ProgramsReset(const Trace& trace, const RunCounters* counters);

namespace internal {
extern ActorState* actors;
}  // namespace internal
inline ActorState& actor_state(ActorId actor) { return internal::actors[actor]; }
const VarSlot& var_slot(ActorId actor, int var);

// The whole life of a task actor (never returns), and one run of a handler actor.
Co<> TaskMain(ActorId actor);
Co<> HandlerMain(ActorId actor);

// Number of a task actor's task.
TaskId TaskOf(const Trace& trace, ActorId actor);

// The index of local or atomic maps that counts for a task: its own, in era E2 that of its CPU.
int32_t IndexOfMaps(TaskId t);

// Value of a quantity now; needs the implementation's views (0 where it exports none).
int32_t EvaluateQuantity(const Trace& trace, const Cond& cond, const RunCounters& counters);
bool Compares(int32_t left, Compare compare, int32_t right);

}  // namespace highmem

#endif  // HIGHMEM_TRACE_PROGRAM_H_
