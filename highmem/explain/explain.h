// A failure explained by experiments on it: how likely it was from each step on, what would have
// saved the run, and what has nothing to do with it. Experiments are samples: they say what was
// seen, and of how many.
#ifndef HIGHMEM_EXPLAIN_EXPLAIN_H_
#define HIGHMEM_EXPLAIN_EXPLAIN_H_

#include <string>
#include <utility>
#include <vector>

#include "highmem/explain/odds.h"
#include "highmem/report/report.h"
#include "highmem/trace/trace.h"
#include "highmem/verdict/finding.h"

namespace highmem {

struct Explanation {
  Finding finding;  // kNone: the trace passes, and nothing else is set
  Trace trace;      // its schedule: the decisions of the run explained
  Odds odds;
  // By label, each one sentence or several behind semicolons:
  //   turns   the step behind which nothing but failure was seen
  //   passes  the nearest traces that pass, one edit away each
  //   free    what was changed, one thing at a time, without losing the failure
  //   needs   numbers of the machine whose next value passes
  std::vector<std::pair<std::string, std::string>> remarks;
};

// The trace's schedule may be of any kind; the run explained is the first that fails.
Explanation ExplainFailure(const Trace& trace, const JudgeOptions& judge,
                           const OddsOptions& options = {});

// The share of failing continuations by micro-steps made, in per cent: for a column `fails`. Empty
// where it would say 100 everywhere.
std::vector<int> FailsColumn(const Explanation& explanation);

// The terminal report with that column, and the remarks below the lanes.
std::string ExplanationReport(const Explanation& explanation, const ReportOptions& options = {});

}  // namespace highmem

#endif  // HIGHMEM_EXPLAIN_EXPLAIN_H_
