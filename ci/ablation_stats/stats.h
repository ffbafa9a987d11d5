// What a part of the fuzzer is worth, from runs with and without it (made by ci/ablation).
//
// A run ends with its first finding or, censored, at a cap. Executions until the finding are taken
// as exponential: the likeliest rate is findings / executions, over the seeds of a mutant and a
// configuration, and a censored run counts with all its executions. Both sides of a ratio get half
// a finding more, so that a mutant that was never found has a rate.
#ifndef HIGHMEM_CI_ABLATION_STATS_STATS_H_
#define HIGHMEM_CI_ABLATION_STATS_STATS_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace highmem {

struct AblationRun {
  uint64_t executions = 0;
  bool found = false;  // else it went to the cap
};

// By mutant, then by configuration: `full`, or what it is without.
using AblationRuns = std::map<std::string, std::map<std::string, std::vector<AblationRun>>>;

// Reads lines of mutant, configuration, seed, executions (1 or more), `found` or `censored`, with
// tabs between; the first line holds those names. False, with a sentence that names line and what
// was expected, if the text is not that, if a run is there twice, or if a mutant has no run of
// `full`.
bool ParseAblationRuns(std::string_view text, AblationRuns* runs, std::string* error);

struct Ratio {
  double value = 1;  // how many times as many executions it takes without; above 1: worth it
  double low = 1, high = 1;  // 95 in 100 resamplings of the seeds lie between
};

// Of one mutant, or, as geometric mean, of all that have runs of both. Deterministic.
Ratio AblationRatio(const std::vector<AblationRun>& full, const std::vector<AblationRun>& without);
Ratio AblationRatio(const AblationRuns& runs, const std::string& without);

// The executions within which half the runs found it: "123", or "> 20000" where fewer than half
// did.
std::string MedianExecutions(std::vector<AblationRun> runs);

// A Markdown table: a row a mutant, a last one for all, and a sentence for each configuration that
// says whether `full` is significantly better, that is, the whole interval lies above 1.
std::string AblationTable(const AblationRuns& runs);

}  // namespace highmem

#endif  // HIGHMEM_CI_ABLATION_STATS_STATS_H_
