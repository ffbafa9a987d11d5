#include "ci/ablation_stats/stats.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace highmem {
namespace {

using ::testing::HasSubstr;

using Runs = std::vector<AblationRun>;

constexpr char kNames[] = "mutant\tconfiguration\tseed\texecutions\toutcome\n";

// Quantiles of the exponential distribution of this mean: its sample, without chance. What lies
// beyond the cap is censored there.
Runs Exponential(double mean, int n, uint64_t cap = UINT64_MAX) {
  Runs runs;
  for (int i = 0; i < n; i++) {
    const double x = -mean * std::log(1 - (i + 0.5) / n);
    const auto executions = static_cast<uint64_t>(x) + 1;
    runs.push_back({.executions = std::min(executions, cap), .found = executions <= cap});
  }
  return runs;
}

TEST(Ablation, RatioOfKnownRates) {
  const Ratio three = AblationRatio(Exponential(1000, 20), Exponential(3000, 20));
  EXPECT_NEAR(three.value, 3, 0.05);
  // The logarithm of a rate from 20 findings has a deviation of about 1 / sqrt(20).
  EXPECT_NEAR(std::log(three.low), std::log(3) - 1.96 * std::sqrt(2.0 / 20), 0.15);
  EXPECT_NEAR(std::log(three.high), std::log(3) + 1.96 * std::sqrt(2.0 / 20), 0.15);
  const Ratio same = AblationRatio(Exponential(500, 20), Exponential(500, 20));
  EXPECT_DOUBLE_EQ(same.value, 1);
  EXPECT_LT(same.low, 1);
  EXPECT_GT(same.high, 1);
}

TEST(Ablation, CensoredRunsDoNotBiasIt) {
  const Ratio ratio = AblationRatio(Exponential(1000, 40), Exponential(4000, 40, 5000));
  EXPECT_NEAR(ratio.value, 4, 0.25);
}

TEST(Ablation, NeverFoundIsStillARatio) {
  // 20.5 findings in 2000 executions against half a one in 20000.
  const Ratio ratio = AblationRatio(Runs(20, {100, true}), Runs(20, {1000, false}));
  EXPECT_NEAR(ratio.value, 410, 1e-6);
}

TEST(Ablation, MeanOfMutantsIsGeometric) {
  AblationRuns runs;
  runs["a"] = {{"full", Runs(20, {100, true})}, {"swarm", Runs(20, {200, true})}};
  runs["b"] = {{"full", Runs(20, {100, true})}, {"swarm", Runs(20, {800, true})}};
  runs["c"] = {{"full", Runs(20, {100, true})}};
  const Ratio ratio = AblationRatio(runs, "swarm");
  EXPECT_NEAR(ratio.value, 4, 1e-9);
  EXPECT_NEAR(ratio.low, 4, 1e-9) << "seeds that agree leave no doubt";
  EXPECT_DOUBLE_EQ(AblationRatio(runs, "mutator").value, 1) << "no runs";
}

TEST(Ablation, SameRunsSameInterval) {
  const Ratio a = AblationRatio(Exponential(10, 20), Exponential(20, 20));
  const Ratio b = AblationRatio(Exponential(10, 20), Exponential(20, 20));
  EXPECT_EQ(a.low, b.low);
  EXPECT_EQ(a.high, b.high);
}

TEST(Ablation, MediansOfCensoredRuns) {
  EXPECT_EQ(MedianExecutions({{30, true}, {10, true}, {20, true}}), "20");
  EXPECT_EQ(MedianExecutions({{30, true}, {10, true}, {99, false}}), "30");
  EXPECT_EQ(MedianExecutions({{99, false}, {10, true}, {99, false}}), "> 99");
}

TEST(Ablation, TableSaysWhatIsSignificant) {
  AblationRuns runs;
  runs["a-b"] = {{"full", Runs(20, {100, true})},
                 {"mutator", Runs(20, {500, true})},
                 {"swarm", Exponential(100, 20)}};
  EXPECT_THAT(AblationTable(runs),
              HasSubstr("| mutant | full | without mutator | ratio | without swarm | ratio |\n"
                        "|---|---|---|---|---|---|\n"
                        "| a-b | 100 | 500 | 5.00 (5.00 to 5.00) |"));
  EXPECT_THAT(AblationTable(runs), HasSubstr("- mutator: significantly better with"));
  EXPECT_THAT(AblationTable(runs), HasSubstr("- swarm: not significantly better with"));
  std::swap(runs["a-b"]["full"], runs["a-b"]["mutator"]);
  EXPECT_THAT(AblationTable(runs), HasSubstr("- mutator: significantly worse with"));
}

TEST(Ablation, ReadsItsRows) {
  AblationRuns runs;
  std::string error;
  const std::string text =
      std::string(kNames) + "a\tfull\t1\t17\tfound\na\tswarm\t1\t90\tcensored\n";
  ASSERT_TRUE(ParseAblationRuns(text, &runs, &error)) << error;
  EXPECT_EQ(runs["a"]["full"][0].executions, 17u);
  EXPECT_TRUE(runs["a"]["full"][0].found);
  EXPECT_EQ(runs["a"]["swarm"][0].executions, 90u);
  EXPECT_FALSE(runs["a"]["swarm"][0].found);
}

TEST(Ablation, WrongRowsGetASentence) {
  const auto error_of = [](const std::string& rows, const std::string& names = kNames) {
    AblationRuns runs;
    std::string error;
    EXPECT_FALSE(ParseAblationRuns(names + rows, &runs, &error)) << rows;
    return error;
  };
  EXPECT_EQ(error_of("", ""), "expected runs, found none");
  EXPECT_EQ(error_of("a\tfull\t1\t17\tfound\n", ""),
            "line 1: expected the line of names, found 'a\tfull\t1\t17\tfound'");
  EXPECT_EQ(error_of("a\tfull\tx\t17\tfound\n"), "line 2: expected a seed, found 'x'");
  EXPECT_EQ(error_of("a\tfull\t1\t0\tfound\n"),
            "line 2: expected a number of executions, found '0'");
  EXPECT_EQ(error_of("a\tfull\t1\t17\n"), "line 2: expected found or censored, found ''");
  EXPECT_EQ(error_of("a\tfull\t1\t17\tfound\t\n"),
            "line 2: expected found or censored, found 'found\t'");
  EXPECT_EQ(error_of("\n"), "line 2: expected a mutant and a configuration");
  EXPECT_EQ(error_of("a\tfull\t1\t17\tfound\na\tfull\t01\t17\tfound\n"),
            "line 3: expected one run a seed, found a full 01 again");
  EXPECT_EQ(error_of("a\tswarm\t1\t17\tfound\n"),
            "expected runs of a with everything (full), found none");
}

}  // namespace
}  // namespace highmem
