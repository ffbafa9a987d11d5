// Runs a generated trace and, where it fails, says so as everybody else does: shrunk, as a report,
// with the trace to replay.
#ifndef PROPERTIES_VERDICT_OF_H_
#define PROPERTIES_VERDICT_OF_H_

#include <cstdint>
#include <string>

#include "highmem/trace/executor.h"
#include "highmem/trace/trace.h"
#include "highmem/verdict/judge.h"
#include "highmem/verdict/outcome.h"

namespace highmem::properties {

enum class Strategy : uint8_t { usual, random };

// One run under the judge, expectations of the trace included.
Outcome VerdictOf(Executor& executor, const Trace& trace, Strategy strategy, uint64_t seed);

// The failure of that run, shrunk, as a report and a trace.
std::string Falsified(Executor& executor, const Trace& trace, Strategy strategy, uint64_t seed);

}  // namespace highmem::properties

#endif  // PROPERTIES_VERDICT_OF_H_
