#include "highmem/explain/odds.h"

#include <algorithm>
#include <bit>

#include "highmem/machine/arena.h"
#include "highmem/schedule/random.h"
#include "highmem/schedule/replay.h"

namespace highmem {
namespace {

bool HardwareHasChoice(const Executor& executor) {
  for (int c = 0; c < machine.profile.cpus; c++) {
    const auto cpu = static_cast<CpuId>(c);
    if ((executor.Fillable(cpu) | executor.Evictable(cpu) | executor.Droppable(cpu)) != 0)
      return true;
  }
  for (int t = 0; t < task_count(); t++)
    if (executor.MigratableTo(static_cast<TaskId>(t)) != 0) return true;
  return false;
}

// The replayed run, which stops before every move to try others.
class OddsChooser : public Chooser {
 public:
  OddsChooser(Executor& executor, Judge& judge, const OddsOptions& options, uint64_t last_step)
      : executor_(executor), judge_(judge), options_(options), random_(options.seed) {
    failing_.assign(last_step + 1, kUnknown);
  }

  void Begin(const Executor& executor) override { replay_.Begin(executor); }

  Move NextMove(const Executor& executor, MoveMask enabled) override {
    const Move move = replay_.NextMove(executor, enabled);
    const bool forced = std::has_single_bit(enabled) && executor.ChoicesOf(move) <= 1 &&
                        !HardwareHasChoice(executor);
    if (!forced && executor.steps() < failing_.size()) failing_[executor.steps()] = Try();
    return move;
  }

  uint32_t NextValue(const Executor& executor, const Move& move, uint32_t n) override {
    return replay_.NextValue(executor, move, n);
  }

  // The failing run itself is the only way on from its last step.
  std::vector<uint32_t> TakeFailing() {
    failing_.back() = options_.continuations;
    for (size_t i = failing_.size(); i-- > 0;)
      if (failing_[i] == kUnknown) failing_[i] = failing_[i + 1];
    return std::move(failing_);
  }

 private:
  static constexpr uint32_t kUnknown = ~0u;

  uint32_t Try() {
    arena.Save(&here_);
    const Executor::Position position = executor_.position();
    uint32_t failing = 0;
    for (uint32_t i = 0; i < options_.continuations; i++) {
      executor_.Run(random_);
      judge_.Finish(executor_);
      failing += judge_.finding() ? 1 : 0;
      judge_.ForgetFinding();
      arena.Restore(here_);
      executor_.set_position(position);
    }
    return failing;
  }

  Executor& executor_;
  Judge& judge_;
  const OddsOptions& options_;
  ReplayChooser replay_;
  RandomChooser random_;
  Arena::Snapshot here_;
  std::vector<uint32_t> failing_;
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
  OddsChooser chooser(executor, judge, options, finding.step);
  executor.Load(trace, &judge);
  executor.Run(chooser);
  judge.Finish(executor);
  return {options.continuations, chooser.TakeFailing()};
}

}  // namespace highmem
