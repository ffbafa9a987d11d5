// Is a failing trace minimal? Takes away one thing at a time and runs what is left. Works on the
// trace's text and shares nothing with the shrinker (highmem/shrink), whose results it judges.
#ifndef HIGHMEM_EXPLAIN_REMOVALS_H_
#define HIGHMEM_EXPLAIN_REMOVALS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "highmem/trace/trace.h"
#include "highmem/verdict/finding.h"
#include "highmem/verdict/judge.h"

namespace highmem {

struct RemovalOptions {
  JudgeOptions judge = {.expectations = true};
  uint32_t random_schedules = 64;  // of what is left, besides the decisions that are left
  uint64_t seed = 1;
};

struct RemovalResult {
  Finding finding;     // of the trace itself; kNone: it passes, and nothing was tried
  uint32_t tried = 0;  // removals that leave a smaller trace
  // Those that leave one which fails in the same way: "without line 7, `  kunmap a`".
  std::vector<std::string> still_fail;
};

// Of the trace as its lane has it, under its decisions. Tries: every op (with what cannot be
// without it), page (with its users), decision, actor (task or handler), run of a handler, the next
// smaller number of every `fill` and `rotate`, and the next smaller value of every size of the
// machine: CPUs, frames, bytes of page and line, slots, colours, hash buckets, kinds of choices the
// hardware has. What the lane has to add again is no removal, nor is what leaves no trace: a frame
// that a page still takes.
RemovalResult TryRemovals(const Trace& trace, const RemovalOptions& options = {});

}  // namespace highmem

#endif  // HIGHMEM_EXPLAIN_REMOVALS_H_
