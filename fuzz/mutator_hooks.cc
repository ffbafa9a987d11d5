// What libFuzzer looks for by name in a binary that brings its own mutations. Finding them, it also
// leaves -len_control off: inputs may be long from the first one on.

#include <algorithm>
#include <random>

#include "fuzz/ablate.h"
#include "fuzz/mutator.h"
#include "fuzz/target_spec.h"

namespace highmem {
namespace {

constexpr uint32_t kMachineOdds = 32;

// Bytes in front of the program.
size_t Prefix() { return kTarget.count == 0 ? 0 : 1; }

}  // namespace
}  // namespace highmem

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

// Now and then the same program on another machine.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  using highmem::Choose, highmem::kTarget;
  size = std::min(size, max_size);
  if (max_size == 0) return 0;
  if (highmem::Ablated().mutator) return LLVMFuzzerMutate(data, size, max_size);
  const size_t prefix = highmem::Prefix();
  if (prefix > 0) {
    std::minstd_rand random(seed);
    if (size == 0) data[0] = static_cast<uint8_t>(random());
    if (size > prefix && random() % highmem::kMachineOdds == 0) {
      data[0] = static_cast<uint8_t>(random() % kTarget.count);
      return size;
    }
    if (size == 0) size = prefix;
  }
  return prefix + highmem::Mutator(seed, Choose(kTarget, data, size).spec.mix)
                      .Mutate(data + prefix, size - prefix, max_size - prefix, LLVMFuzzerMutate);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* a, size_t a_size, const uint8_t* b,
                                            size_t b_size, uint8_t* out, size_t max_size,
                                            unsigned int seed) {
  if (highmem::Ablated().mutator) return 0;  // its own is among LLVMFuzzerMutate's
  const size_t prefix = highmem::Prefix();
  if (a_size < prefix || b_size < prefix || max_size < prefix) return 0;
  const highmem::ChosenInput first = highmem::Choose(highmem::kTarget, a, a_size);
  if (prefix > 0) out[0] = a[0];
  const size_t size = highmem::Mutator(seed, first.spec.mix)
                          .Cross({first.data, first.size}, {b + prefix, b_size - prefix},
                                 out + prefix, max_size - prefix);
  return size == 0 ? 0 : prefix + size;
}
