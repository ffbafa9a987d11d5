#include "fuzz/swarm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

namespace highmem {
namespace {

constexpr FuzzMix kMixes[] = {FuzzMix::pkmap, FuzzMix::local, FuzzMix::dma, FuzzMix::arch,
                              FuzzMix::high_get};

TEST(Swarm, DrawsWhatItHoldsAndAllOfIt) {
  for (const FuzzMix mix : kMixes) {
    for (uint32_t seed = 0; seed < 50; seed++) {
      const Swarm swarm(seed, mix);
      Dice dice(seed);
      std::map<Wish, uint32_t> drawn;
      uint64_t sum = 0;
      for (const WishCodes& w : WishesOf(mix)) sum += swarm.WeightOf(w.wish);
      constexpr uint32_t kDraws = 4000;
      for (uint32_t i = 0; i < kDraws; i++) drawn[WishOf(mix, swarm.Draw(&dice))]++;
      for (const WishCodes& w : WishesOf(mix)) {
        const double expected =
            kDraws * static_cast<double>(swarm.WeightOf(w.wish)) / static_cast<double>(sum);
        if (expected == 0) {
          ASSERT_EQ(drawn[w.wish], 0u);
        } else {
          ASSERT_NEAR(drawn[w.wish], expected, 6 * std::sqrt(expected) + 6);
        }
      }
    }
  }
}

TEST(Swarm, SubsetsAndWeightsDiffer) {
  std::set<uint32_t> weights;
  int with = 0;
  for (uint32_t seed = 0; seed < 1000; seed++) {
    const uint32_t weight = Swarm(seed, FuzzMix::pkmap).WeightOf(Wish::store);
    weights.insert(weight);
    with += weight > 0;
  }
  EXPECT_EQ(weights, std::set<uint32_t>({0, 14, 28, 56, 112}));
  EXPECT_NEAR(with, 500, 60);
  EXPECT_EQ(Swarm(1, FuzzMix::pkmap).WeightOf(Wish::dma_map), 0u) << "not in the mix";
}

// With a subset alone the chance would be one in eight.
TEST(Swarm, NoneUnmapsInMoreThanOneOfFour) {
  int never = 0;
  for (uint32_t seed = 0; seed < 1000; seed++) {
    const Swarm swarm(seed, FuzzMix::high_get);
    never += swarm.WeightOf(Wish::kunmap) == 0 && swarm.WeightOf(Wish::unmap_local) == 0 &&
             swarm.WeightOf(Wish::unpin) == 0;
  }
  EXPECT_NEAR(never, 1000 * (0.25 + 0.75 / 8), 60);
}

TEST(Swarm, SameSeedSameSwarm) {
  for (uint32_t seed = 0; seed < 100; seed++)
    for (const WishCodes& w : WishesOf(FuzzMix::local))
      ASSERT_EQ(Swarm(seed, FuzzMix::local).WeightOf(w.wish),
                Swarm(seed, FuzzMix::local).WeightOf(w.wish));
}

}  // namespace
}  // namespace highmem
