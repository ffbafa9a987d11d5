// What every fuzz target has in common: bytes to trace, trace to run, run to verdict, and what
// happens to a finding.
#ifndef HIGHMEM_FUZZ_TARGET_H_
#define HIGHMEM_FUZZ_TARGET_H_

#include <cstddef>
#include <cstdint>

#include "fuzz/target_spec.h"

namespace highmem {

// Runs one input. A finding is written as FINDINGS/<id>-<hash>.hm, reported on
// stderr, and ends the process by abort(), as libFuzzer expects. FINDINGS is $HIGHMEM_FINDINGS, or
// the directory of -artifact_prefix, or the current one.
int FuzzOne(const uint8_t* data, size_t size);

// For LLVMFuzzerInitialize: reads -artifact_prefix, arranges for the summary at exit.
void InitializeTarget(int argc, char** argv);

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_TARGET_H_
