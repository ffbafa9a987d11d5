#include "highmem/trace/generate.h"

#include <algorithm>
#include <array>

#include "highmem/trace/fuzz_codec.h"
#include "highmem/trace/lane.h"

namespace highmem {
namespace {

// splitmix64
uint64_t Next(uint64_t* state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

}  // namespace

void GenerateTrace(uint64_t seed, const Profile& profile, int records, Trace* out, FuzzMix mix) {
  std::array<uint8_t, kFuzzMaxSize> bytes;
  uint64_t state = seed;
  for (uint8_t& b : bytes) b = static_cast<uint8_t>(Next(&state) >> 56);
  const size_t size = std::min(bytes.size(), kFuzzRecordSize * (1 + static_cast<size_t>(records)));
  DecodeFuzz(bytes.data(), size, profile, out, mix);
  out->misuse = false;
  LaneReport report;
  FilterLane(out, &report);
}

}  // namespace highmem
