// What a person sees when a rule is broken: one screen that says who saw what, which rule it breaks,
// how it came to that, and how to see it again.
#ifndef HIGHMEM_REPORT_REPORT_H_
#define HIGHMEM_REPORT_REPORT_H_

#include <string>

#include "highmem/trace/trace.h"
#include "highmem/verdict/finding.h"

namespace highmem {

struct ReportOptions {
  std::string file;   // where the trace lies, for the replay command; may be empty
  int max_rows = 44;  // rows of the lanes; the ones nearest the failure are kept
  bool with_trace = true;
};

// Runs the trace once more, by its decisions or its order, and describes it. Other schedules have no
// one run to show: then it is sentence, rule and trace. Plain ASCII, at most 100 columns; names from
// the trace are escaped. docs/REPORT.md explains every part.
std::string TerminalReport(const Trace& trace, const Finding& finding, const ReportOptions& options);

// `text` with everything but printable ASCII written as \xNN.
std::string Escape(const std::string& text);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_REPORT_H_
