// What every fuzz target of traces has in common: trace to run, run to verdict, and what happens to
// a finding.
#ifndef HIGHMEM_FUZZ_RUN_TRACE_H_
#define HIGHMEM_FUZZ_RUN_TRACE_H_

#include <cstdint>
#include <span>

#include "highmem/trace/chooser.h"
#include "highmem/trace/lane.h"
#include "highmem/trace/trace.h"

namespace highmem {

// Runs the trace, which FilterLane has seen, by its decisions. A finding is written as
// FINDINGS/<id>-<hash of the input>.hm, reported on stderr, and ends the process by abort(), as
// libFuzzer expects. In the misuse lane what is the callers' own is none. FINDINGS is
// $HIGHMEM_FINDINGS, or the directory of -artifact_prefix, or the current one. In a campaign
// (fuzz/campaign_link.h) it is written down, and the process goes on.
void RunTrace(const Trace& trace, const LaneReport& lane, std::span<const uint8_t> input);

// Likewise a program under the schedule that the chooser makes, which begins anew with every
// execution. The finding's trace has that schedule as decisions, and its name the hash of program
// and input.
void RunSchedule(const Trace& program, Chooser& chooser, std::span<const uint8_t> input);

// For LLVMFuzzerInitialize: reads -artifact_prefix and the environment, arranges for the summary at
// exit. A variable that makes no sense ends the process with a sentence and exit code 1.
void InitializeRuns(int argc, char** argv);

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_RUN_TRACE_H_
