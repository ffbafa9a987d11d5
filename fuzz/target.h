// What a target does with an input. Most know a machine and read bytes as programs
// (trace/fuzz_codec.h; fuzz/target.cc): they define kTarget. Others define these two.
#ifndef HIGHMEM_FUZZ_TARGET_H_
#define HIGHMEM_FUZZ_TARGET_H_

#include <cstddef>
#include <cstdint>

namespace highmem {

// Before the first input. What is wrong with the environment is said on stderr and ends the process
// with exit code 1.
void InitializeTarget();

// Runs one input as fuzz/run_trace.h says.
int FuzzOne(const uint8_t* data, size_t size);

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_TARGET_H_
