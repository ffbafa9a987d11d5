// One run, start to end, and what came of it.
#ifndef HIGHMEM_VERDICT_OUTCOME_H_
#define HIGHMEM_VERDICT_OUTCOME_H_

#include <cstdint>

#include "highmem/trace/chooser.h"
#include "highmem/trace/executor.h"
#include "highmem/verdict/judge.h"

namespace highmem {

struct Outcome {
  RunStatus status = RunStatus::running;
  Finding finding;
  uint64_t steps = 0;

  bool passed() const { return !finding; }
};

// Loads the trace (which must have passed CheckTrace and outlive the call), runs it as the chooser
// says and lets the judge finish.
Outcome RunOnce(Executor& executor, Judge& judge, const Trace& trace, Chooser& chooser);

// Process exit code: 0, or that of the finding (trace/ids.def).
int ExitCode(const Outcome& outcome);

}  // namespace highmem

#endif  // HIGHMEM_VERDICT_OUTCOME_H_
