#include "fuzz/target.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "fuzz/run_trace.h"
#include "fuzz/target_spec.h"
#include "highmem/trace/fuzz_codec.h"
#include "highmem/trace/lane.h"

namespace highmem {
namespace {

// HIGHMEM_LANE=misuse: programs as the bytes have them, mistakes of callers included.
bool MisuseLane() {
  static const bool misuse = [] {
    const char* word = std::getenv("HIGHMEM_LANE");
    const std::string_view lane = word == nullptr ? "valid" : word;
    if (lane == "valid" || lane == "misuse") return lane == "misuse";
    std::fprintf(stderr, "highmem: HIGHMEM_LANE: expected valid or misuse, found '%s'\n", word);
    std::exit(1);
  }();
  return misuse;
}

}  // namespace

void InitializeTarget() { MisuseLane(); }

int FuzzOne(const uint8_t* data, size_t size) {
  static Trace trace;
  static LaneReport lane;
  const ChosenInput input = Choose(kTarget, data, size);
  DecodeFuzz(input.data, input.size, *FindProfile(input.spec.profile), &trace, input.spec.mix);
  trace.misuse = kTarget.misuse || MisuseLane();
  FilterLane(&trace, &lane);
  RunTrace(trace, lane, {data, size});
  return 0;
}

}  // namespace highmem
