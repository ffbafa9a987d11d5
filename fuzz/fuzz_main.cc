// A target's binary: libFuzzer's entry points.

#include <cstddef>
#include <cstdint>

#include "fuzz/run_trace.h"
#include "fuzz/target.h"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  highmem::InitializeTarget();
  highmem::InitializeRuns(*argc, *argv);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return highmem::FuzzOne(data, size);
}
