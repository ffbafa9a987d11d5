// The simulated stack trace: which kernel functions a task is in, innermost first.
#ifndef HIGHMEM_KERNEL_DESCRIBE_H_
#define HIGHMEM_KERNEL_DESCRIBE_H_

#include <string>

#include "highmem/machine/types.h"

namespace highmem {

// One line per suspended function, "function:line", leaf first; an interrupted context follows the
// one that interrupted it, headed by what it is. For reports; never part of an event.
std::string describe(TaskId task);

// The function of the mapping code, "function:line", that the task's newest context is in: the
// innermost of highmem/kmap, or, where none is, of the kernel around it. "" outside of both, as
// between two ops.
std::string PlaceOf(TaskId task);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_DESCRIBE_H_
