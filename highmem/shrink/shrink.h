// Makes a failing trace small: fewer ops, actors, decisions, a smaller machine, smaller operands,
// until nothing can be taken away any more. (RULINGS 10, 19)
//
// The failure is pinned to (id, op kind, role), verdict/finding.h. Other failures met on the way
// are kept in `others`, never followed. After every edit the schedule is looked for anew, since it
// rarely survives one: the old decisions, by anchors and by numbers; none; all schedules of few
// decisions, as far as max_states goes; and where that is not far enough, random ones.
//
// Same trace and options, same result; a result shrinks to itself. Only stop, max_tries and seconds
// cut off: then the best so far is returned, and `minimal` is false.
#ifndef HIGHMEM_SHRINK_SHRINK_H_
#define HIGHMEM_SHRINK_SHRINK_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "highmem/shrink/ahead.h"
#include "highmem/shrink/size.h"
#include "highmem/trace/trace.h"
#include "highmem/verdict/judge.h"

namespace highmem {

struct ShrinkOptions {
  JudgeOptions judge;
  uint64_t max_tries = 1'000'000;  // candidate traces
  double seconds = 0;              // 0: no limit
  const std::atomic<bool>* stop = nullptr;
  int jobs = 1;  // processes (ahead.h); the result is the same
  double worth_a_process = kWorthAProcess;

  uint64_t max_states = 20'000;  // of one search for a schedule
  int max_decisions = 3;         // in such a search
  int random_schedules = 32;     // where the search is not complete
  bool machine = true;           // make the machine smaller, too
};

struct ShrinkProgress {
  TraceSize size;  // of the best so far
  uint64_t tries = 0;
  double seconds = 0;
};

struct OtherFailure {
  Finding finding;
  Trace trace;  // the smallest seen that ends in it
};

struct ShrinkResult {
  Finding finding;  // of `trace`; kNone if the given trace did not fail
  Trace trace;
  TraceSize before;
  TraceSize after;
  uint32_t begun = 0;   // ops of `trace` that have begun when it fails; the rest make it whole
  uint64_t tries = 0;   // candidate traces
  uint64_t runs = 0;    // executions, not counting the searches
  uint64_t states = 0;  // visited by the searches
  double seconds = 0;
  // No op, actor, decision or number of the machine can be taken away alone: so many removals were
  // tried on the final trace, and of that many it is certain, since every schedule with at most
  // max_decisions was tried.
  bool minimal = false;
  uint32_t removals_tried = 0;
  uint32_t removals_proven = 0;
  std::vector<OtherFailure> others;  // by id
};

// A schedule of any kind will do; the first failure of its runs counts. `progress` (may be empty)
// is called for every improvement.
ShrinkResult Shrink(const Trace& failing, const ShrinkOptions& options,
                    const std::function<void(const ShrinkProgress&)>& progress = {});

// "shrunk from 3 actors, 24 ops, 105 decisions in 0.6 s; each of 10 single removals passes; 1 other
// failure met: I14"
std::string ShrinkText(const ShrinkResult& result);

}  // namespace highmem

#endif  // HIGHMEM_SHRINK_SHRINK_H_
