// A failing trace as a test that stays: what is adopted into corpus/regressions, or pasted into a
// googletest.
#ifndef HIGHMEM_REPORT_REGRESSION_H_
#define HIGHMEM_REPORT_REGRESSION_H_

#include <string>

#include "highmem/trace/trace.h"
#include "highmem/verdict/finding.h"

namespace highmem {

// "i7_kmap_x86_tiny1": the rule, the op in which it broke, the machine. A file's name without .hm.
std::string RegressionName(const Trace& trace, const Finding& finding);

// A litmus file that holds as soon as the failure is gone: the finding as a comment, `expect pass`.
// What the trace declares of its results is kept if it is what failed (CHECK), else left out.
std::string RegressionLitmus(const Trace& trace, const Finding& finding);

// A test body for googletest that says the same; it needs //highmem/schedule:litmus,
// //highmem/trace:text and the parts.
std::string RegressionGoogleTest(const Trace& trace, const Finding& finding);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_REGRESSION_H_
