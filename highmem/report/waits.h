// Who waits for whom at the end of a run that cannot go on.
#ifndef HIGHMEM_REPORT_WAITS_H_
#define HIGHMEM_REPORT_WAITS_H_

#include <string>
#include <vector>

#include "highmem/trace/executor.h"

namespace highmem {

// One sentence for each CPU that is blocked and each task that sleeps, CPUs first: what it waits
// for, who has it, and whether interrupts are off meanwhile, so that it answers no IPI.
std::vector<std::string> Waits(const Executor& executor);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_WAITS_H_
