// A failing run with the machine's state, step by step: what machines and pages read. The state:
// counts and cursors of the pool, page table, TLBs, lines of the caches that software can see with
// their bytes, the first 64 bytes of the declared pages (of a compound page's first frame) in
// memory, and of each task how many local maps it has and its preempt_count.
#ifndef HIGHMEM_REPORT_RECORDING_H_
#define HIGHMEM_REPORT_RECORDING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "highmem/report/lanes.h"
#include "highmem/trace/executor.h"
#include "highmem/verdict/finding.h"

namespace highmem {

struct Recording {
  // One value that can be looked at: a count, a page-table entry, an entry of a TLB, a line.
  struct Cell {
    std::string group;  // "pkmap", "page table", "TLB0", "cache", "memory", "tasks"
    std::string name;   // "pkmap:0", "line 4", "A"
    std::string first;  // value before the first step
  };
  struct Change {
    uint64_t step = 0;
    size_t cell = 0;
    std::string value;
  };
  // What a micro-step did.
  struct Step {
    CpuId cpu = 0;
    std::string who;   // "T1", "H2", "IPI", "idle", "CPU" for the hardware itself
    std::string what;  // names of its events (machine/events.def)
  };
  // An op from its begin to its end, or a call that one of these makes (`fill`, `rotate`, a release
  // that was missing); `end` 0: it never ended.
  struct Span {
    ActorId actor = 0;
    CpuId cpu = 0;
    uint64_t begin = 0;
    uint64_t end = 0;
    std::string text;
  };

  Lanes lanes;                  // the rows of the terminal's report
  std::vector<Step> steps;      // by micro-step, the first is step 1
  std::vector<Cell> cells;      // those that change at all
  std::vector<Change> changes;  // by step
  std::vector<Span> spans;      // by begin
};

// Runs the trace by its decisions up to the finding; `shown` as for MakeLanes.
Recording RecordState(Executor& executor, const Trace& trace, const Finding& finding,
                      uint64_t shown = 0);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_RECORDING_H_
