#include "fuzz/state_feedback.h"

#include <cstdio>
#include <cstdlib>

#include "fuzz/ablate.h"

namespace highmem {
namespace {

constexpr size_t kMostCells = 2048;

// libFuzzer finds the section by its name, and knows whatever is not 0 in it for a feature.
__attribute__((section("__libfuzzer_extra_counters"))) uint8_t seen_by_engine[kMostCells];
uint8_t unseen[kMostCells];

uint8_t* Counters() {
  static uint8_t* const counters = Ablated().cells ? unseen : seen_by_engine;
  return counters;
}

}  // namespace

StateCells& FeedbackCells() {
  static StateCells cells = [] {
    if (static_cast<size_t>(CellCount()) > kMostCells) {
      std::fprintf(stderr, "highmem: %d cells, room for %zu\n", CellCount(), kMostCells);
      std::abort();
    }
    return StateCells({Counters(), kMostCells});
  }();
  return cells;
}

void ClearFeedback() {
  for (const uint16_t cell : FeedbackCells().hit()) Counters()[cell] = 0;
}

}  // namespace highmem
