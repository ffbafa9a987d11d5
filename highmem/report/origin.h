// Of a byte that was read wrong, or a valid access that faulted: where the wrong one came from, and
// where the right one is.
#ifndef HIGHMEM_REPORT_ORIGIN_H_
#define HIGHMEM_REPORT_ORIGIN_H_

#include <string>

#include "highmem/trace/executor.h"
#include "highmem/verdict/finding.h"

namespace highmem {

// Two sentences; empty where the finding is about something else.
struct Origin {
  // "0x04 is of page B, stored by T1's `store b+0 4` in step 12: in memory; the TLB of CPU1 has had
  // pkmap:0 at page B since step 15, while the PTE has been at page A since step 20"
  std::string came;
  // "0x09 of page A, stored by T1's `store a+0 9` in step 30, lies in cache line 4, dirty"
  std::string right;
};

// Runs the trace by its decisions up to the finding, D1 or D2 of an access by a CPU, and leaves the
// executor there.
Origin FindOrigin(Executor& executor, const Trace& trace, const Finding& finding);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_ORIGIN_H_
