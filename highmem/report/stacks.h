// Where in the kernel's code the tasks of a run were.
#ifndef HIGHMEM_REPORT_STACKS_H_
#define HIGHMEM_REPORT_STACKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "highmem/trace/executor.h"
#include "highmem/verdict/finding.h"

namespace highmem {

// The kernel functions a task is in, innermost first, on one line, behind the primitive it is about
// to perform; the harness's own, which are in CamelCase, left out:
// "at count: map_new_virtual:106 <- kmap_high:122 <- kmap:193".
std::string KernelStack(TaskId task);

struct StackLine {
  std::string who;    // "T1"; "T1, step 27" if that was before the finding
  std::string stack;  // as KernelStack
};

// Of whoever failed, or, where nobody goes on, of every task alive. The executor stands where the
// finding was made. Where an op had ended by then, what it was in last says more: the trace is run
// once more by its decisions, and the executor ends where it stood.
std::vector<StackLine> StacksOf(Executor& executor, const Finding& finding);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_STACKS_H_
