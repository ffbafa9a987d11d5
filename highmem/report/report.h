// What a person sees of a failure: one screen, at most 100 columns, plain ASCII.
//
//   FAIL id and sentence · the rule · lanes: time downwards, one column per CPU, beside each step
//   what it changed, the failing one marked · the stack of whoever failed · the trace · how to
//   replay it
#ifndef HIGHMEM_REPORT_REPORT_H_
#define HIGHMEM_REPORT_REPORT_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "highmem/trace/trace.h"
#include "highmem/verdict/finding.h"
#include "highmem/verdict/judge.h"

namespace highmem {

struct ReportOptions {
  std::string file = {};                // that holds the trace, for the replay line; may be empty
  bool tty = false;                     // colours
  size_t max_rows = 40;                 // of the lanes
  std::vector<std::string> notes = {};  // lines to put below the rule, such as how it was shrunk
  std::vector<int> fails = {};  // a column of the lanes: per cent, by micro-steps made; or none
  uint64_t turns = 0;           // a step whose row is shown in any case
  std::vector<std::pair<std::string, std::string>> remarks = {};  // label, text: below the lanes
  // How to judge when the failing run has to be found again: a schedule that is no list of
  // decisions.
  JudgeOptions judge = {.expectations = true};
};

inline constexpr size_t kReportColumns = 100;

// Runs the trace once more, up to the finding, which must be one of this trace's.
std::string TerminalReport(const Trace& trace, const Finding& finding,
                           const ReportOptions& options = {});

// Control characters and whatever else a terminal might obey become \xNN.
std::string Printable(std::string_view text);
// As one word of a shell's command line.
std::string ShellWord(std::string_view text);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_REPORT_H_
