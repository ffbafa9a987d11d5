// Two ways to write down when a decision fires: `after N` micro-steps, which says it exactly for
// one program, and `at ACTOR.OP PRIM#K`, which survives edits of the program. (RULINGS 10)
#ifndef HIGHMEM_SHRINK_ANCHOR_H_
#define HIGHMEM_SHRINK_ANCHOR_H_

#include <cstdint>
#include <vector>

#include "highmem/schedule/replay.h"
#include "highmem/trace/executor.h"

namespace highmem {

// The decisions of a replay that has just ended as `after N`, without those that never fired; the
// replay's run stays what it was. One that only says which task runs first becomes `start`.
std::vector<Decision> ResolvedDecisions(const Trace& trace, const ReplayChooser& replay);

// A moment at which one more decision could fire.
struct Moment {
  uint64_t steps = 0;  // micro-steps made before it
  bool has_anchor = false;
  Decision anchor;  // kind `at`, without a target
};

// The moments of the trace's run from the firing of its last decision on. Uses the executor.
std::vector<Moment> MomentsBehind(Executor& executor, const Trace& trace);

// `after N` decisions, as ResolvedDecisions gives them, with anchors in place of numbers where the
// run stays the same. Uses the executor.
std::vector<Decision> AnchoredDecisions(Executor& executor, const Trace& trace);

}  // namespace highmem

#endif  // HIGHMEM_SHRINK_ANCHOR_H_
