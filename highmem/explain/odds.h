// Where a failure stops being avoidable: how many of the ways a run could go on from each of its
// steps fail in the same way.
#ifndef HIGHMEM_EXPLAIN_ODDS_H_
#define HIGHMEM_EXPLAIN_ODDS_H_

#include <cstdint>
#include <vector>

#include "highmem/trace/executor.h"
#include "highmem/verdict/judge.h"

namespace highmem {

struct OddsOptions {
  uint32_t continuations = 256;  // from each step; fewer, at least 16, where that would be too much
  uint64_t seed = 1;
  uint64_t most_bytes = uint64_t{64} << 30;  // of the world to be copied for all of them
};

struct Odds {
  uint32_t continuations = 0;  // from each step
  // By micro-steps made, from 0 to the finding's step: so many continuations by random walks
  // (schedule/random.h) fail in the same way (SameFailure), so many in another one.
  std::vector<uint32_t> failing;
  std::vector<uint32_t> otherwise;

  // The step made last before nothing but this failure was seen any more; 0 if there never was
  // anything else.
  uint64_t point_of_no_return() const;
  // Share of failing continuations behind `step` micro-steps, rounded; 100 and 0 only if all, or
  // none, fail.
  int percent(uint64_t step) const;
};

// Runs `trace` by its decisions, which must end in `finding`, and tries the other ways on it.
// Uses executor and judge. Steps that leave no choice are not tried: their odds are those of the
// next. Same arguments, same numbers.
Odds FailureOdds(Executor& executor, Judge& judge, const Trace& trace, const Finding& finding,
                 const OddsOptions& options = {});

}  // namespace highmem

#endif  // HIGHMEM_EXPLAIN_ODDS_H_
