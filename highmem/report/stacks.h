// Where in the kernel's code the tasks of a run were.
#ifndef HIGHMEM_REPORT_STACKS_H_
#define HIGHMEM_REPORT_STACKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "highmem/kernel/primitive.h"
#include "highmem/trace/executor.h"
#include "highmem/verdict/finding.h"

namespace highmem {

// The kernel functions a task is in, innermost first, on one line, behind the primitive it is about
// to perform; the harness's own, which are in CamelCase, left out:
// "at count: map_new_virtual:106 <- kmap_high:122 <- kmap:193".
std::string KernelStack(TaskId task);

struct StackLine {
  std::string who;    // "T1"
  std::string stack;  // as KernelStack
};

// What the current task of a CPU is in and about to do.
struct Standing {
  PrimKind prim = PrimKind::none;
  uint32_t resource = 0;
  ContextId ctx = 0;
  bool behind = false;     // its effect is made already, the step only goes on behind it
  bool preempted = false;  // in a preemption
  std::string place;       // kernel/describe.h: PlaceOf
  StackLine stack;
};
Standing StandingOf(const Executor& executor, CpuId cpu);

// `here`, which is where whoever failed stood; and, where nobody goes on, every other task alive.
// The executor stands where the finding was made.
std::vector<StackLine> StacksOf(const Executor& executor, const Finding& finding,
                                const StackLine& here);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_STACKS_H_
