// A litmus file is a trace with a schedule and verdicts: this runs it as its schedule says and
// judges what it declares. (DESIGN section 6)
#ifndef HIGHMEM_SCHEDULE_LITMUS_H_
#define HIGHMEM_SCHEDULE_LITMUS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "highmem/trace/executor.h"
#include "highmem/verdict/judge.h"

namespace highmem {

struct LitmusOptions {
  // Judge `->` results, checks and verdict lines; else a run is judged by model and checkers alone.
  bool expectations = true;
  FindingId only = FindingId::kNone;  // as JudgeOptions
  uint64_t max_states = 20'000'000;   // schedule all
  int runs_of_any = 16;               // schedule any: one default run and this many random ones
};

struct LitmusOutcome {
  bool holds = false;
  // If it does not hold: which line of the file is false, in words.
  std::string why;
  // The first run that broke a rule, or decided the verdict.
  Finding finding;
  RunStatus status = RunStatus::running;
  uint64_t runs = 0;
  uint64_t steps = 0;
  uint64_t states = 0;    // schedule all
  bool complete = false;  // schedule all: no bound was hit, no finding ended it
  int decisions_dropped = 0;
  std::string divergence;  // of a decision list: the first decision that could not be taken
};

// A trace without verdict lines means `expect pass`. `expect` and `final` must hold in every run of
// the schedule, `forbid` in none, `allow` in at least one.
LitmusOutcome RunLitmus(Executor& executor, const Trace& trace, const LitmusOptions& options);

// Process exit code of an outcome (DESIGN section 4).
int ExitCode(const LitmusOutcome& outcome);

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_LITMUS_H_
