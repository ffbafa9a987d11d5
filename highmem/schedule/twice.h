// Does the same run twice do the same? What a run depends on beside its trace and its choices, such
// as an uninitialised byte, shows here.
#ifndef HIGHMEM_SCHEDULE_TWICE_H_
#define HIGHMEM_SCHEDULE_TWICE_H_

#include <cstdint>

#include "highmem/trace/chooser.h"
#include "highmem/trace/executor.h"
#include "highmem/trace/trace.h"

namespace highmem {

inline constexpr int64_t kSameTwice = -1;

// Runs the trace twice with the chooser, unjudged: the first micro-step, 0 being the reset, whose
// events are not the same, or of which only one run has any; kSameTwice if there is none.
int64_t FirstStepThatDiffers(Executor& executor, const Trace& trace, Chooser& chooser);

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_TWICE_H_
