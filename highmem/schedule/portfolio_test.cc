#include "highmem/schedule/portfolio.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "highmem/schedule/programs_for_test.h"

namespace highmem {
namespace {

Trace SomeProgram(uint64_t seed) {
  Programs programs(seed);
  std::string error;
  for (;;) {
    const Trace trace = programs.Make();
    const bool rich = !trace.misuse && trace.ops.size() > 10 && trace.task_count() > 1;
    if (rich && CheckTrace(trace, &error)) return trace;
  }
}

struct Execution {
  std::string picked;
  uint64_t hash = 0;
  friend bool operator==(const Execution&, const Execution&) = default;
};

std::vector<Execution> Runs(const Trace& trace, uint64_t seed, Mix mix, int n) {
  Executor executor;
  PortfolioChooser portfolio(seed, mix);
  std::vector<Execution> runs;
  for (int i = 0; i < n; i++) {
    HashSink sink;
    executor.Load(trace, &sink);
    executor.Run(portfolio);
    runs.push_back({portfolio.picked(), sink.hash()});
  }
  return runs;
}

TEST(Portfolio, SameSeedSameRuns) {
  const Trace trace = SomeProgram(1);
  EXPECT_EQ(Runs(trace, 5, Mix::portfolio, 200), Runs(trace, 5, Mix::portfolio, 200));
  EXPECT_NE(Runs(trace, 5, Mix::portfolio, 200), Runs(trace, 6, Mix::portfolio, 200));
}

TEST(Portfolio, PicksEveryStrategyOfTheMix) {
  const Trace trace = SomeProgram(2);
  const auto names = [&](Mix mix) {
    std::set<std::string> picked;
    for (const Execution& run : Runs(trace, 1, mix, 300)) picked.insert(run.picked);
    return picked;
  };
  const std::set<std::string> pct = {"pct depth 1", "pct depth 2", "pct depth 3", "pct depth 4"};
  std::set<std::string> all = pct;
  all.insert({"random", "sticky", "1 decision", "2 decisions"});
  EXPECT_EQ(names(Mix::portfolio), all);
  EXPECT_EQ(names(Mix::pct), pct);
  EXPECT_EQ(names(Mix::random), std::set<std::string>({"random"}));
}

// Each strategy makes many schedules out of many executions.
TEST(Portfolio, ExecutionsDiffer) {
  const Trace trace = SomeProgram(3);
  std::map<std::string, std::set<uint64_t>> schedules;
  for (const Execution& run : Runs(trace, 1, Mix::portfolio, 2000))
    schedules[run.picked].insert(run.hash);
  for (const auto& [name, hashes] : schedules) {
    if (name == "pct depth 1") continue;  // an order of priorities and no more
    EXPECT_GT(hashes.size(), 20u) << name;
  }
}

TEST(Portfolio, ACopyGoesOnLikeTheOriginalAndReplays) {
  Executor executor;
  std::map<std::string, int> replayed;
  for (uint64_t seed = 0; seed < 40; seed++) {
    const Trace trace = SomeProgram(seed);
    PortfolioChooser portfolio(seed);
    for (int i = 0; i < 25; i++) {
      PortfolioChooser copy = portfolio;
      HashSink sink, again;
      executor.Load(trace, &sink);
      executor.Run(portfolio);
      const Trace recorded = RecordRun(executor, trace, &again, copy);
      ASSERT_EQ(copy.picked(), portfolio.picked());
      ASSERT_EQ(again.hash(), sink.hash()) << portfolio.picked();
      int dropped = 0;
      ASSERT_EQ(HashOfReplay(executor, recorded, &dropped), sink.hash()) << portfolio.picked();
      replayed[portfolio.picked()]++;
    }
  }
  EXPECT_EQ(replayed.size(), 8u);
}

}  // namespace
}  // namespace highmem
