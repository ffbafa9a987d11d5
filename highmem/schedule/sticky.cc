#include "highmem/schedule/sticky.h"

#include "highmem/schedule/moves.h"
#include "highmem/trace/executor.h"

namespace highmem {
namespace {

// One step in half as many is a fill or an eviction.
constexpr uint32_t kStickyHardwareOdds = 64;

}  // namespace

void StickyChooser::Begin(const Executor& /*executor*/) {
  cpu_ = static_cast<CpuId>(numbers_.Below(static_cast<uint32_t>(machine.profile.cpus)));
}

Move StickyChooser::NextMove(const Executor& executor, MoveMask enabled) {
  Move move;
  if (AnyHardwareMove(executor, kStickyHardwareOdds, numbers_, &move)) return move;
  if ((enabled & RunBit(cpu_)) != 0 && numbers_.Below(odds_) != 0) return {MoveKind::run, cpu_, 0};
  move = AnyMove(executor, enabled, numbers_);
  cpu_ = move.cpu;
  return move;
}

uint32_t StickyChooser::NextValue(const Executor& /*executor*/, const Move& /*move*/, uint32_t n) {
  return numbers_.Below(n);
}

}  // namespace highmem
