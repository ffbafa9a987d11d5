// Swarm testing: which kinds of op an input is made of is drawn before its ops are. Some faults
// show only where an op that hides them is missing for a while: a pool fills up where nobody
// unmaps.
#ifndef HIGHMEM_FUZZ_SWARM_H_
#define HIGHMEM_FUZZ_SWARM_H_

#include <cstdint>
#include <span>

#include "fuzz/dice.h"
#include "highmem/trace/fuzz_wishes.h"

namespace highmem {

class Swarm {
 public:
  // A subset of the mix's wishes, each in it with one chance in two and one to eight times as often
  // as in the mix. One in four is without any that unmaps. Same seed, same swarm.
  Swarm(uint32_t seed, FuzzMix mix);
  // All wishes, as often as in the mix.
  explicit Swarm(FuzzMix mix);

  // How often a wish is drawn, against the others; 0: never.
  uint32_t WeightOf(Wish wish) const;
  // A code below kFuzzLiteral that stands for a wish of the subset.
  uint8_t Draw(Dice* dice) const;

 private:
  static constexpr size_t kMost = 32;
  std::span<const WishCodes> wishes_;
  uint32_t weights_[kMost] = {};
  uint32_t sum_ = 0;
};

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_SWARM_H_
