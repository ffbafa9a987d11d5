// What every fuzz target of traces has in common: trace to run, run to verdict, and what happens to
// a finding.
#ifndef HIGHMEM_FUZZ_RUN_TRACE_H_
#define HIGHMEM_FUZZ_RUN_TRACE_H_

#include <cstdint>
#include <span>

#include "highmem/trace/lane.h"
#include "highmem/trace/trace.h"

namespace highmem {

// Runs the trace, which FilterLane has seen, by its decisions. A finding is written as
// FINDINGS/<id>-<hash of the input>.hm, reported on stderr, and ends the process by abort(), as
// libFuzzer expects. FINDINGS is $HIGHMEM_FINDINGS, or the directory of -artifact_prefix, or the
// current one. In a campaign (fuzz/campaign_link.h) it is written down, and the process goes on.
void RunTrace(const Trace& trace, const LaneReport& lane, std::span<const uint8_t> input);

// For LLVMFuzzerInitialize: reads -artifact_prefix, arranges for the summary at exit.
void InitializeRuns(int argc, char** argv);

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_RUN_TRACE_H_
