// Several strategies by turns: each execution of a chooser draws one of them, since none finds
// every bug soonest. Weights are in portfolio.cc.
#ifndef HIGHMEM_SCHEDULE_PORTFOLIO_H_
#define HIGHMEM_SCHEDULE_PORTFOLIO_H_

#include <cstdint>
#include <string>
#include <variant>

#include "highmem/schedule/few_decisions.h"
#include "highmem/schedule/pct.h"
#include "highmem/schedule/random.h"
#include "highmem/schedule/seed.h"
#include "highmem/schedule/sticky.h"
#include "highmem/trace/chooser.h"

namespace highmem {

enum class Mix : uint8_t {
  portfolio,  // random, pct of depth 1 to 4, few decisions, sticky
  random,     // uniform random walks alone
  pct,        // pct of depth 1 to 4
};

// PCT and few decisions spread their points over the longest execution of theirs so far (random
// walks are longer). So an execution follows from seed, mix and those before it. A copy goes on
// like the original.
class PortfolioChooser : public Chooser {
 public:
  explicit PortfolioChooser(uint64_t seed, Mix mix = Mix::portfolio)
      : numbers_(seed), mix_(mix), picked_(RandomChooser(seed)) {}
  void Begin(const Executor& executor) override;
  Move NextMove(const Executor& executor, MoveMask enabled) override;
  uint32_t NextValue(const Executor& executor, const Move& move, uint32_t n) override;

  // What the execution begun last goes by: "random", "pct depth 2", "2 decisions", "sticky".
  const std::string& picked() const { return name_; }

 private:
  Chooser& Picked();

  SeededNumbers numbers_;
  Mix mix_;
  std::variant<RandomChooser, PctChooser, FewDecisionsChooser, StickyChooser> picked_;
  std::string name_;
  bool has_points_ = false;  // the strategy picked
  uint32_t step_ = 0;
  uint32_t longest_ = 1;  // micro-steps
};

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_PORTFOLIO_H_
