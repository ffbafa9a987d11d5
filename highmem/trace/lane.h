// The lane filter. In the valid lane every op that might be misuse, or might deadlock, is dropped,
// and what a program leaves open or mapped is released at its end; a run of what remains must pass
// under every schedule. The rules, with their reasons: lane_state.h. (DESIGN section 4)
#ifndef HIGHMEM_TRACE_LANE_H_
#define HIGHMEM_TRACE_LANE_H_

#include <cstdint>
#include <vector>

#include "highmem/trace/lane_state.h"
#include "highmem/trace/trace.h"

namespace highmem {

struct SkippedOp {
  ActorId actor = 0;
  OpCode code = OpCode::check;
  SkipReason reason = SkipReason::none;
  uint32_t op = 0;  // its index in the actor's program as it was given, from 0
  friend bool operator==(const SkippedOp&, const SkippedOp&) = default;
};

struct LaneReport {
  std::vector<SkippedOp> skipped;  // by actor, then by op
  uint32_t kept = 0;               // ops of the trace that are executed
  uint32_t appended = 0;           // releases that were missing
  uint32_t lost_decisions = 0;     // anchored in an op that is gone

  void Clear() {
    skipped.clear();
    kept = appended = lost_decisions = 0;
  }
};

// Takes a trace that passed CheckTrace. Ops are judged actor by actor in order of declaration, each
// in the state that the kept ones before it leave: where two actors ask too much of the pool
// together, the one declared later yields. Releases go to the end of the program, before a final
// `loop`: sections in the reverse order of their opening, then kunmap of the live maps, newest
// first.
//
// Schedules follow: `at` decisions and turns go on meaning the same ops, those of dropped ops go
// too. Filtering twice is filtering once. In the misuse lane nothing changes; `kept` is all ops.
void FilterLane(Trace* trace, LaneReport* report);

}  // namespace highmem

#endif  // HIGHMEM_TRACE_LANE_H_
