// What a person sees of a failure: one screen, at most 100 columns, plain ASCII.
//
//   FAIL id and sentence · the rule · lanes: time downwards, one column per CPU, beside each step
//   what it changed, the failing one marked · the stack of whoever failed · the trace · how to
//   replay it
#ifndef HIGHMEM_REPORT_REPORT_H_
#define HIGHMEM_REPORT_REPORT_H_

#include <string>
#include <utility>
#include <vector>

#include "highmem/report/plain_text.h"
#include "highmem/report/table.h"
#include "highmem/trace/trace.h"
#include "highmem/verdict/finding.h"
#include "highmem/verdict/judge.h"

namespace highmem {

struct ReportOptions {
  std::string file = {};                // that holds the trace, for the replay line; may be empty
  std::vector<std::string> notes = {};  // lines to put below the rule, such as how it was shrunk
  TableOptions table = {};              // of the lanes
  std::vector<std::pair<std::string, std::string>> remarks = {};  // label, text: below the lanes
  // How to judge when the failing run has to be found again: a schedule that is no list of
  // decisions.
  JudgeOptions judge = {.expectations = true};
};

// Runs the trace once more, up to the finding, which must be one of this trace's.
std::string TerminalReport(const Trace& trace, const Finding& finding,
                           const ReportOptions& options = {});

}  // namespace highmem

#endif  // HIGHMEM_REPORT_REPORT_H_
