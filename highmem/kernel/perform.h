// What a primitive does, when it can, and how many ways it can go. The executor calls these for the
// top context of a CPU's current task; nobody else does. (RULINGS 1)
#ifndef HIGHMEM_KERNEL_PERFORM_H_
#define HIGHMEM_KERNEL_PERFORM_H_

#include "highmem/kernel/context.h"
#include "highmem/machine/types.h"

namespace highmem {

// False while the pending primitive has to wait: a held lock, unanswered IPIs, no runnable task ...
bool Enabled(const Context& context, CpuId cpu);

// It waits, and can be preempted meanwhile, for what other tasks do: in `take`, or for a CPU.
bool WaitsForOthers(PrimKind kind);
// The task's program is blocked there, under whatever preempted it.
bool ProgramWaits(TaskId t);

// Number of ways the pending primitive can go, at least 1; values 0 .. n-1.
uint32_t Choices(const Context& context, CpuId cpu);

// The n-th task that a pick on this CPU may choose, lowest number first.
TaskId PickedTask(const Context& context, CpuId cpu, uint32_t value);

// Performs the effect on the CPU of the current step; the context must be enabled. Leaves the
// result in the context.
void Perform(Context& context, uint32_t value);

// Emits the event that says a context has just become blocked, if it has.
void ReportIfBlocked(const Context& context, CpuId cpu);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_PERFORM_H_
