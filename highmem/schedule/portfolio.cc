#include "highmem/schedule/portfolio.h"

#include <algorithm>
#include <span>

namespace highmem {
namespace {

enum class Strategy : uint8_t { random, pct, few_decisions, sticky };

struct Share {
  Strategy strategy;
  int points;  // of pct: depth; of few_decisions: how many
  uint32_t weight;
};
constexpr Share kPortfolio[] = {
    {Strategy::random, 0, 4}, {Strategy::pct, 1, 1},           {Strategy::pct, 2, 3},
    {Strategy::pct, 3, 3},    {Strategy::pct, 4, 1},           {Strategy::few_decisions, 1, 2},
    {Strategy::sticky, 0, 4}, {Strategy::few_decisions, 2, 2},
};
constexpr Share kRandom[] = {{Strategy::random, 0, 1}};
constexpr Share kPct[] = {
    {Strategy::pct, 1, 1}, {Strategy::pct, 2, 3}, {Strategy::pct, 3, 3}, {Strategy::pct, 4, 1}};

std::span<const Share> SharesOf(Mix mix) {
  switch (mix) {
    case Mix::portfolio: return kPortfolio;
    case Mix::random: return kRandom;
    case Mix::pct: return kPct;
  }
  return kPortfolio;
}

const Share& Draw(std::span<const Share> shares, SeededNumbers& numbers) {
  uint32_t sum = 0;
  for (const Share& share : shares) sum += share.weight;
  uint32_t left = numbers.Below(sum);
  size_t i = 0;
  for (; left >= shares[i].weight; i++) left -= shares[i].weight;
  return shares[i];
}

}  // namespace

void PortfolioChooser::Begin(const Executor& executor) {
  if (has_points_) longest_ = std::max(longest_, step_);
  step_ = 0;
  const Share& share = Draw(SharesOf(mix_), numbers_);
  has_points_ = share.points > 0;
  const uint64_t seed = numbers_.Next();
  switch (share.strategy) {
    case Strategy::random:
      picked_ = RandomChooser(seed);
      name_ = "random";
      break;
    case Strategy::pct:
      picked_ = PctChooser(seed, share.points, longest_);
      name_ = "pct depth " + std::to_string(share.points);
      break;
    case Strategy::few_decisions:
      picked_ = FewDecisionsChooser(seed, share.points, longest_);
      name_ = std::to_string(share.points) + (share.points == 1 ? " decision" : " decisions");
      break;
    case Strategy::sticky:
      picked_ = StickyChooser(seed);
      name_ = "sticky";
      break;
  }
  Picked().Begin(executor);
}

Chooser& PortfolioChooser::Picked() {
  return std::visit([](auto& chooser) -> Chooser& { return chooser; }, picked_);
}

Move PortfolioChooser::NextMove(const Executor& executor, MoveMask enabled) {
  step_++;
  return Picked().NextMove(executor, enabled);
}

uint32_t PortfolioChooser::NextValue(const Executor& executor, const Move& move, uint32_t n) {
  return Picked().NextValue(executor, move, n);
}

}  // namespace highmem
