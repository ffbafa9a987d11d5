// Instead of mutations: inputs stay as they are, so that an engine's own cost can be measured on
// the inputs that a program without engine runs (ci/bench/fuzzers).

#include <cstddef>
#include <cstdint>

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* /*data*/, size_t size, size_t /*max_size*/,
                                          unsigned int /*seed*/) {
  return size;
}
