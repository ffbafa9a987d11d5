#include "fuzz/swarm.h"

namespace highmem {
namespace {

constexpr uint32_t kNeverUnmapOdds = 4;

bool Unmaps(Wish wish) {
  return wish == Wish::kunmap || wish == Wish::unmap_local || wish == Wish::unpin ||
         wish == Wish::dma_unmap;
}

}  // namespace

Swarm::Swarm(uint32_t seed, FuzzMix mix) : wishes_(WishesOf(mix)) {
  Dice dice(seed);
  const bool never_unmap = dice.OneIn(kNeverUnmapOdds);
  while (sum_ == 0) {
    for (size_t i = 0; i < wishes_.size(); i++) {
      const uint32_t times = dice.OneIn(2) ? 0 : 1u << dice.Below(4);
      weights_[i] = never_unmap && Unmaps(wishes_[i].wish) ? 0 : wishes_[i].codes * times;
      sum_ += weights_[i];
    }
  }
}

Swarm::Swarm(FuzzMix mix) : wishes_(WishesOf(mix)), sum_(kFuzzLiteral) {
  for (size_t i = 0; i < wishes_.size(); i++) weights_[i] = wishes_[i].codes;
}

uint32_t Swarm::WeightOf(Wish wish) const {
  for (size_t i = 0; i < wishes_.size(); i++)
    if (wishes_[i].wish == wish) return weights_[i];
  return 0;
}

uint8_t Swarm::Draw(Dice* dice) const {
  uint32_t left = dice->Below(sum_), start = 0;
  size_t i = 0;
  for (; left >= weights_[i]; i++) {
    left -= weights_[i];
    start += wishes_[i].codes;
  }
  return static_cast<uint8_t>(start + dice->Below(wishes_[i].codes));
}

}  // namespace highmem
