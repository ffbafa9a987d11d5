// The simulated stack trace: which kernel functions a task is in, innermost first.
#ifndef HIGHMEM_KERNEL_DESCRIBE_H_
#define HIGHMEM_KERNEL_DESCRIBE_H_

#include <string>

#include "highmem/machine/types.h"

namespace highmem {

// One line per suspended function, "function:line", leaf first; an interrupted context follows the
// one that interrupted it, headed by what it is. For reports; never part of an event.
std::string describe(TaskId task);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_DESCRIBE_H_
