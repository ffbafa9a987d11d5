// The functions that libFuzzer calls, called as it does, and as it should not.

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "fuzz/target_spec.h"
#include "highmem/trace/fuzz_codec.h"

namespace {

constexpr highmem::TargetSpec kMachines[] = {{"x86_tiny", highmem::FuzzMix::pkmap},
                                             {"x86_tiny_smp", highmem::FuzzMix::local},
                                             {"armv5_vivt2", highmem::FuzzMix::dma}};

}  // namespace

const highmem::TargetSpec highmem::kTarget = {.any_of = kMachines, .count = 3};

// As libFuzzer's own: it never makes nothing, and asserts the same of its arguments.
extern "C" size_t LLVMFuzzerMutate(uint8_t* /*data*/, size_t size, size_t max_size) {
  EXPECT_GT(max_size, 0u);
  EXPECT_LE(size, max_size);
  return std::clamp<size_t>(size, 1, max_size);
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed);
extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* a, size_t a_size, const uint8_t* b,
                                            size_t b_size, uint8_t* out, size_t max_size,
                                            unsigned int seed);

namespace highmem {
namespace {

using Bytes = std::vector<uint8_t>;

const size_t kSizes[] = {0, 1, 3, 5, 6, 40, kFuzzMaxSize + 1, 2000};

TEST(MutatorHooks, AnySizesAtAll) {
  for (const size_t size : kSizes) {
    for (const size_t max_size : kSizes) {
      for (uint32_t seed = 0; seed < 100; seed++) {
        Bytes bytes(std::max(size, max_size) + 1, 0xee);
        const size_t now = LLVMFuzzerCustomMutator(bytes.data(), size, max_size, seed);
        ASSERT_LE(now, max_size);
        ASSERT_EQ(now == 0, max_size == 0);
        ASSERT_EQ(bytes.back(), 0xee);
      }
    }
  }
}

TEST(MutatorHooks, AnySizesOfTwo) {
  int done = 0;
  for (const size_t a : kSizes) {
    for (const size_t b : kSizes) {
      for (const size_t max_size : kSizes) {
        const Bytes first(a, 1), second(b, 2);
        Bytes out(max_size + 1, 0xee);
        for (uint32_t seed = 0; seed < 20; seed++) {
          const size_t size = LLVMFuzzerCustomCrossOver(first.data(), a, second.data(), b,
                                                        out.data(), max_size, seed);
          ASSERT_LE(size, max_size);
          ASSERT_EQ(out.back(), 0xee);
          if (size == 0) continue;
          ASSERT_EQ(out[0], 1) << "the machine of the first";
          done++;
        }
      }
    }
  }
  EXPECT_GT(done, 100);
}

TEST(MutatorHooks, NowAndThenAnotherMachine) {
  std::set<uint8_t> machines;
  int changed = 0;
  for (uint32_t seed = 0; seed < 3000; seed++) {
    Bytes bytes(81, 0);
    const size_t size = LLVMFuzzerCustomMutator(bytes.data(), 41, bytes.size(), seed);
    changed += bytes[0] != 0;
    machines.insert(bytes[0]);
    ASSERT_GE(size, 37u);
  }
  EXPECT_EQ(machines, std::set<uint8_t>({0, 1, 2}));
  EXPECT_NEAR(changed, 3000 / 32 * 2 / 3, 25);
}

}  // namespace
}  // namespace highmem
