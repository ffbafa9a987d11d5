// What every fuzz target has in common: bytes to trace, trace to run, run to verdict, and what
// happens to a finding.
#ifndef HIGHMEM_FUZZ_TARGET_H_
#define HIGHMEM_FUZZ_TARGET_H_

#include <cstddef>
#include <cstdint>

#include "highmem/trace/fuzz_codec.h"

namespace highmem {

// What a target fuzzes; each target's own file defines it.
struct TargetSpec {
  const char* profile;
  FuzzMix mix;
};
extern const TargetSpec kTarget;

// Runs one input. A finding is written as FINDINGS/<id>-<hash>.hm, reported on
// stderr, and ends the process by abort(), as libFuzzer expects. FINDINGS is $HIGHMEM_FINDINGS, or
// the directory of -artifact_prefix, or the current one.
int FuzzOne(const uint8_t* data, size_t size);

// For LLVMFuzzerInitialize: reads -artifact_prefix, arranges for the summary at exit.
void InitializeTarget(int argc, char** argv);

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_TARGET_H_
