// Walks every interleaving of a small world, depth first: snapshot, make a move, hash, go deeper or
// back. Two states are the same if all their live bytes are. (DESIGN section 3 "State identity")
#ifndef HIGHMEM_SCHEDULE_EXPLORE_H_
#define HIGHMEM_SCHEDULE_EXPLORE_H_

#include <cstdint>
#include <vector>

#include "highmem/trace/executor.h"
#include "highmem/verdict/judge.h"

namespace highmem {

struct ExploreOptions {
  uint64_t max_states = 50'000'000;
  // Where a move is invisible (Executor::Invisible), take it alone.
  bool reduce = true;
  // Go on behind a finding, as `allow` needs; else the first one ends the walk.
  bool keep_going = false;
};

struct Choice {
  Move move;
  uint32_t value = 0;
};

struct ExploreResult {
  uint64_t states = 0;       // distinct
  uint64_t transitions = 0;  // moves made
  uint64_t ends = 0;         // states where a run is over
  uint64_t max_depth = 0;
  bool complete =
      false;        // every reachable state was visited: no bound was hit, no finding stopped it
  Finding finding;  // the first
  std::vector<Finding> findings;  // keep_going: one of each id
  std::vector<Choice> path;       // the moves that lead to `finding`
  std::vector<uint8_t>
      cond_seen;  // by index into Trace::verdicts: a run ended with its condition true
  std::vector<uint8_t> cond_missed;  // ... or false
};

// The trace's profile says whether fills and evictions are explored too.
ExploreResult Explore(Executor& executor, Judge& judge, const Trace& trace,
                      const ExploreOptions& options);

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_EXPLORE_H_
