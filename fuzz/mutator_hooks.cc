// What libFuzzer looks for by name in a binary that brings its own mutations. Finding them, it also
// leaves -len_control off: inputs may be long from the first one on.

#include "fuzz/mutator.h"
#include "fuzz/target_spec.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  return highmem::Mutator(seed, highmem::kTarget.mix)
      .Mutate(data, size, max_size, LLVMFuzzerMutate);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* a, size_t a_size, const uint8_t* b,
                                            size_t b_size, uint8_t* out, size_t max_size,
                                            unsigned int seed) {
  return highmem::Mutator(seed, highmem::kTarget.mix)
      .CrossOver({a, a_size}, {b, b_size}, out, max_size);
}
