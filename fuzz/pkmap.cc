// The pkmap target: kmap, kunmap, data and interrupts on two CPUs and four slots.

#include <cstddef>
#include <cstdint>

#include "fuzz/target.h"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  highmem::InitializeTarget(*argc, *argv);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const highmem::Profile& profile = *highmem::FindProfile("x86_tiny");
  return highmem::FuzzOne(profile, data, size);
}
