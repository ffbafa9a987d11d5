// A target that knows a machine and reads bytes as programs (trace/fuzz_codec.h).
#ifndef HIGHMEM_FUZZ_TARGET_H_
#define HIGHMEM_FUZZ_TARGET_H_

#include <cstddef>
#include <cstdint>

#include "fuzz/target_spec.h"

namespace highmem {

// Runs one input as fuzz/run_trace.h says.
int FuzzOne(const uint8_t* data, size_t size);

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_TARGET_H_
