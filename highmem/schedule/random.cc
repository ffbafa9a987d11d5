#include "highmem/schedule/random.h"

#include "highmem/schedule/moves.h"
#include "highmem/trace/executor.h"

namespace highmem {
namespace {

// One step in so many is a speculative fill, one an eviction, one a migration.
constexpr uint32_t kHardwareOdds = 16;

}  // namespace

void RandomChooser::Begin(const Executor& /*executor*/) {}

Move RandomChooser::NextMove(const Executor& executor, MoveMask enabled) {
  Move move;
  if (AnyHardwareMove(executor, kHardwareOdds, numbers_, &move)) return move;
  return AnyMove(executor, enabled, numbers_);
}

uint32_t RandomChooser::NextValue(const Executor& /*executor*/, const Move& /*move*/, uint32_t n) {
  return numbers_.Below(n);
}

}  // namespace highmem
