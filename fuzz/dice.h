// Chance of the mutations, from a seed.
#ifndef HIGHMEM_FUZZ_DICE_H_
#define HIGHMEM_FUZZ_DICE_H_

#include <cstdint>
#include <random>

namespace highmem {

class Dice {
 public:
  // Seeds close to each other begin with numbers close to each other.
  explicit Dice(uint32_t seed) : random_(seed) { random_.discard(2); }

  // From 0 to n - 1; 0 for n = 0.
  uint32_t Below(uint32_t n) {
    constexpr uint64_t kRange = std::minstd_rand::max() - std::minstd_rand::min() + 1;
    return static_cast<uint32_t>((random_() - std::minstd_rand::min()) * uint64_t{n} / kRange);
  }
  bool OneIn(uint32_t n) { return Below(n) == 0; }

 private:
  std::minstd_rand random_;
};

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_DICE_H_
