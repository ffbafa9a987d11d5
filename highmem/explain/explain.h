// A failure explained by experiments on it: how likely it was from each step on, what would have
// saved the run, and what has nothing to do with it.
#ifndef HIGHMEM_EXPLAIN_EXPLAIN_H_
#define HIGHMEM_EXPLAIN_EXPLAIN_H_

#include <string>

#include "highmem/explain/odds.h"
#include "highmem/report/report.h"
#include "highmem/trace/trace.h"
#include "highmem/verdict/finding.h"

namespace highmem {

struct ExplainOptions {
  OddsOptions odds;
  ReportOptions report;
};

// The terminal report with a column `fails`, the share of random continuations behind that row
// which fail, and below the lanes:
//
//   turns   the step behind which nothing but failure was seen
//   passes  the nearest traces that pass, one edit away each
//   free    what can be changed, one thing at a time, without losing the failure
//   needs   numbers of the machine that cannot
//
// The trace's schedule may be of any kind; the run explained is the first that fails.
std::string Explain(const Trace& trace, const ExplainOptions& options);

}  // namespace highmem

#endif  // HIGHMEM_EXPLAIN_EXPLAIN_H_
