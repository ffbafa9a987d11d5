#include "properties/verdict_of.h"

#include "highmem/report/report.h"
#include "highmem/schedule/random.h"
#include "highmem/schedule/record.h"
#include "highmem/schedule/replay.h"
#include "highmem/shrink/shrink.h"

namespace highmem::properties {
namespace {

constexpr JudgeOptions kJudge = {.expectations = true};
constexpr double kShrinkSeconds = 20;

}  // namespace

Outcome VerdictOf(Executor& executor, const Trace& trace, Strategy strategy, uint64_t seed) {
  Judge judge(kJudge);
  if (strategy == Strategy::usual) {
    ReplayChooser replay;
    return RunOnce(executor, judge, trace, replay);
  }
  RandomChooser random(seed);
  return RunOnce(executor, judge, trace, random);
}

std::string Falsified(Executor& executor, const Trace& trace, Strategy strategy, uint64_t seed) {
  Trace failing = trace;
  if (strategy == Strategy::random) {
    RandomChooser random(seed);
    failing = RecordRun(executor, trace, nullptr, random);
  }
  const ShrinkResult small = Shrink(failing, {.judge = kJudge, .seconds = kShrinkSeconds});
  if (!small.finding) return "the recorded run does not fail";
  return TerminalReport(small.trace, small.finding, {.notes = {ShrinkText(small)}});
}

}  // namespace highmem::properties
