#include "highmem/explain/odds.h"

#include <algorithm>
#include <bit>

#include "highmem/machine/arena.h"
#include "highmem/schedule/moves.h"
#include "highmem/schedule/random.h"
#include "highmem/schedule/replay.h"

namespace highmem {
namespace {

bool HardwareHasChoice(const Executor& executor) {
  std::vector<Move> moves;
  ListHardwareMoves(executor, &moves);
  return !moves.empty();
}

// The replayed run, which stops before every move to try others.
class OddsChooser : public Chooser {
 public:
  OddsChooser(Executor& executor, Judge& judge, const Finding& finding, const OddsOptions& options)
      : executor_(executor),
        judge_(judge),
        finding_(finding),
        options_(options),
        random_(options.seed) {}

  void Begin(const Executor& executor) override {
    replay_.Begin(executor);
    const uint64_t steps = finding_.step + 1;
    odds_.failing.assign(steps, kUnknown);
    odds_.otherwise.assign(steps, 0);
    const uint64_t affordable = options_.most_bytes / steps / (arena.snapshot_bytes() + 1);
    odds_.continuations = static_cast<uint32_t>(
        std::min<uint64_t>(options_.continuations, std::max<uint64_t>(affordable, kFewest)));
  }

  Move NextMove(const Executor& executor, MoveMask enabled) override {
    const Move move = replay_.NextMove(executor, enabled);
    const bool forced = std::has_single_bit(enabled) && executor.ChoicesOf(move) <= 1 &&
                        !HardwareHasChoice(executor);
    if (!forced && executor.steps() < odds_.failing.size()) Try(executor.steps());
    return move;
  }

  uint32_t NextValue(const Executor& executor, const Move& move, uint32_t n) override {
    return replay_.NextValue(executor, move, n);
  }

  // From its last step the run itself is the only way on.
  Odds Take() {
    odds_.failing.back() = odds_.continuations;
    odds_.otherwise.back() = 0;
    for (size_t i = odds_.failing.size(); i-- > 0;) {
      if (odds_.failing[i] != kUnknown) continue;
      odds_.failing[i] = odds_.failing[i + 1];
      odds_.otherwise[i] = odds_.otherwise[i + 1];
    }
    return std::move(odds_);
  }

 private:
  static constexpr uint32_t kUnknown = ~0u;
  static constexpr uint64_t kFewest = 16;

  void Try(uint64_t step) {
    arena.Save(&here_);
    const Executor::Position position = executor_.position();
    odds_.failing[step] = 0;
    for (uint32_t i = 0; i < odds_.continuations; i++) {
      executor_.Run(random_);
      judge_.Finish(executor_);
      if (const Finding finding = judge_.finding())
        (SameFailure(finding, finding_) ? odds_.failing : odds_.otherwise)[step]++;
      judge_.ForgetFinding();
      arena.Restore(here_);
      executor_.set_position(position);
    }
  }

  Executor& executor_;
  Judge& judge_;
  const Finding& finding_;
  const OddsOptions& options_;
  ReplayChooser replay_;
  RandomChooser random_;
  Arena::Snapshot here_;
  Odds odds_;
};

}  // namespace

uint64_t Odds::point_of_no_return() const {
  const auto avoidable = std::find_if(failing.rbegin(), failing.rend(),
                                      [this](uint32_t n) { return n < continuations; });
  return static_cast<uint64_t>(failing.rend() - avoidable);
}

int Odds::percent(uint64_t step) const {
  if (failing.empty() || continuations == 0) return 0;
  const uint64_t n = failing[std::min<uint64_t>(step, failing.size() - 1)];
  if (n == 0 || n == continuations) return n == 0 ? 0 : 100;
  return std::clamp(static_cast<int>((n * 100 + continuations / 2) / continuations), 1, 99);
}

Odds FailureOdds(Executor& executor, Judge& judge, const Trace& trace, const Finding& finding,
                 const OddsOptions& options) {
  OddsChooser chooser(executor, judge, finding, options);
  executor.Load(trace, &judge);
  executor.Run(chooser);
  judge.Finish(executor);
  return chooser.Take();
}

}  // namespace highmem
