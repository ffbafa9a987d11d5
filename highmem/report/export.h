// A failing run for machines and for browsers.
#ifndef HIGHMEM_REPORT_EXPORT_H_
#define HIGHMEM_REPORT_EXPORT_H_

#include <string>
#include <utility>
#include <vector>

#include "highmem/report/recording.h"
#include "highmem/trace/trace.h"
#include "highmem/verdict/finding.h"

namespace highmem {

struct ExportOptions {
  std::string file = {};        // that holds the trace
  std::vector<int> fails = {};  // per cent, by micro-steps made (explain/odds.h), or none
  uint64_t turns = 0;           // the step behind which nothing but failure was seen; 0: none
  std::vector<std::pair<std::string, std::string>> remarks = {};  // label, text
};

// One JSON object, ASCII, with a newline at its end; docs/TRACE_FORMAT.md has its fields.
std::string RunAsJson(const Trace& trace, const Finding& finding, const Recording& recording,
                      const ExportOptions& options);

// Trace events for chrome://tracing and Perfetto: a process a CPU, a thread an actor, a span a call
// (Recording::Span), a micro-step a microsecond.
std::string RunAsTraceEvents(const Trace& trace, const Finding& finding,
                             const Recording& recording);

// One page that needs nothing else: lanes, state at every step, slider, keyboard. Whatever the
// trace holds is shown as text, never run.
std::string RunAsPage(const Trace& trace, const Finding& finding, const Recording& recording,
                      const ExportOptions& options);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_EXPORT_H_
