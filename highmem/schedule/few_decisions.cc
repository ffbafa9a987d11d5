#include "highmem/schedule/few_decisions.h"

#include <algorithm>

#include "highmem/schedule/moves.h"

namespace highmem {
namespace {

// One decision in half as many is a fill or an eviction.
constexpr uint32_t kFewHardwareOdds = 8;

}  // namespace

void FewDecisionsChooser::Begin(const Executor& /*executor*/) {
  order_.Begin();
  for (uint32_t& at : at_) at = numbers_.Below(steps_);
}

bool FewDecisionsChooser::IsTime(const Executor& executor) const {
  const auto* end = at_.begin() + decisions_;
  return std::find(at_.begin(), end, executor.steps()) != end;
}

// As a decision towards some target, so that the order goes on as it does when that is replayed.
Move FewDecisionsChooser::Deviate(const Executor& executor, MoveMask enabled) {
  Move move;
  if (!AnyHardwareMove(executor, kFewHardwareOdds, numbers_, &move))
    move = AnyMove(executor, enabled, numbers_);
  const uint32_t ways = executor.ChoicesOf(move);
  const uint32_t value = ways == 1 ? 0 : numbers_.Below(ways);
  const Target target = order_.Towards(executor, move, value, enabled);
  if (order_.Obey(executor, target, enabled, &move)) return move;
  move = order_.Next(executor, enabled);
  order_.Took(executor, move);
  return move;
}

Move FewDecisionsChooser::NextMove(const Executor& executor, MoveMask enabled) {
  if (IsTime(executor)) return Deviate(executor, enabled);
  const Move move = order_.Next(executor, enabled);
  order_.Took(executor, move);
  return move;
}

uint32_t FewDecisionsChooser::NextValue(const Executor& executor, const Move& move, uint32_t n) {
  if (executor.RunContext(move.cpu).pending.kind == PrimKind::choose) return numbers_.Below(n);
  return order_.NextValue(executor, move, n);
}

}  // namespace highmem
