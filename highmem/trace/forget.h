// A trace's programs without what it says of them.
#ifndef HIGHMEM_TRACE_FORGET_H_
#define HIGHMEM_TRACE_FORGET_H_

#include "highmem/trace/trace.h"

namespace highmem {

// Results and verdicts belong to the file's own schedule, which goes with them; `check` lines are
// part of the programs and stay.
inline void ForgetExpectations(Trace* trace) {
  for (Op& op : trace->ops) op.expect_count = op.expect_first = 0;
  trace->expects.clear();
  trace->verdicts.clear();
  trace->schedule = {};
}

}  // namespace highmem

#endif  // HIGHMEM_TRACE_FORGET_H_
