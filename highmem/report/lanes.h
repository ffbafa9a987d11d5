// A run as rows: one per step that a reader would miss, in the lane of the CPU that made it.
#ifndef HIGHMEM_REPORT_LANES_H_
#define HIGHMEM_REPORT_LANES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "highmem/report/stacks.h"
#include "highmem/report/watch.h"
#include "highmem/trace/event_sink.h"
#include "highmem/trace/executor.h"
#include "highmem/verdict/finding.h"

namespace highmem {

struct Row {
  uint64_t step = 0;
  CpuId cpu = 0;
  std::string text;
  std::string place = {};               // "kmap_high:122", where the kernel made the step
  std::vector<std::string> state = {};  // by watched column: "" unchanged, else "old>new"; where
                                        // the finding showed, a value that did not change
  bool decided = false;                 // a decision of the schedule fired here
  bool here = false;                    // the finding showed here
  bool told = false;                    // a call's first, or of one that is told step by step
  bool quiet = false;                   // there for that reason only: changes nothing shown
};

struct Lanes {
  std::vector<Row> rows;
  std::vector<Watch::Column> columns;
  uint64_t steps = 0;  // made up to the finding
  bool found = false;  // the run got to the finding's step
  StackLine here;      // where whoever made that step stood as it began
};

// Runs the trace by its decisions up to the finding and leaves the executor there. The finding's
// step has a row in any case, and so has step `shown`. Told step by step are the call that failed,
// those that it interrupted, and, of a run that goes on no more, those that have not returned: what
// such a call leaves out shows in no event.
Lanes MakeLanes(Executor& executor, const Trace& trace, const Finding& finding, uint64_t shown = 0);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_LANES_H_
