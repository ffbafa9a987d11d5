#include "highmem/shrink/search.h"

#include <gtest/gtest.h>

#include <string>

#include "highmem/schedule/replay.h"
#include "highmem/shrink/anchor.h"
#include "highmem/shrink/size.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

// T2 sees a waiter only while T1 or T3 holds the slot and the other one sleeps. The default order
// lets T1 come to its end first.
const char kWaiterSeen[] =
    "#hm 1\nprofile x86_tiny1 cpus=1\npage A high\npage B high\n"
    "task T1@0:\n  a = kmap A\n  kunmap a\n"
    "task T2@0:\n  check waiters==0\n"
    "task T3@0:\n  a = kmap B\n  kunmap a\n";

Trace Parsed(const std::string& text) {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(ParseTrace(text, "test", &trace, &error)) << error.Text();
  return trace;
}

Finding FalseCheck() {
  Finding finding;
  finding.id = FindingId::CHECK;
  finding.op = OpCode::check;
  return finding;
}

class SearchTest : public ::testing::Test {
 protected:
  SearchResult Find(const Trace& trace, const SearchLimits& limits) {
    return FindSchedule(executor_, judge_, trace, FalseCheck(), limits, nullptr);
  }

  Executor executor_;
  Judge judge_{{.expectations = true}};
};

TEST_F(SearchTest, FindsTheFewestDecisions) {
  Trace trace = Parsed(kWaiterSeen);
  const SearchResult none = Find(trace, {.max_decisions = 0});
  EXPECT_FALSE(none.found);
  EXPECT_TRUE(none.complete);
  const SearchResult one = Find(trace, {.max_decisions = 3});
  ASSERT_TRUE(one.found);
  trace.schedule.decisions = one.decisions;
  EXPECT_EQ(SizeOf(trace).decisions, 1u);
  ReplayChooser replay;
  EXPECT_EQ(RunOnce(executor_, judge_, trace, replay).finding.id, FindingId::CHECK);
  EXPECT_EQ(replay.dropped(), 0);
}

TEST_F(SearchTest, SaysWhenABoundWasHit) {
  const Trace trace = Parsed(kWaiterSeen);
  const SearchResult cut = Find(trace, {.max_states = 50, .max_decisions = 3});
  EXPECT_FALSE(cut.found);
  EXPECT_FALSE(cut.complete);
  EXPECT_TRUE(Find(trace, {.max_decisions = 2, .max_inside = 0}).found);
}

TEST_F(SearchTest, WhoStartsIsNoDecision) {
  const Trace trace = Parsed(
      "#hm 1\nprofile x86_tiny cpus=1\npage A high\n"
      "task T1@0:\n  check slot(A)==-1\n"
      "task T2@0:\n  a = kmap A\n  kunmap a\n");
  const SearchResult found = Find(trace, {.max_decisions = 0});
  ASSERT_TRUE(found.found);
  ASSERT_EQ(found.decisions.size(), 1u);
  EXPECT_EQ(found.decisions[0].kind, DecisionKind::start);
}

TEST_F(SearchTest, TellsOfOtherFailures) {
  const Trace trace = Parsed(kWaiterSeen);
  Finding wanted = FalseCheck();
  wanted.id = FindingId::D1;
  int others = 0;
  FindSchedule(executor_, judge_, trace, wanted, {},
               [&](const Finding& finding, const std::vector<Decision>&) {
                 EXPECT_EQ(finding.id, FindingId::CHECK);
                 others++;
               });
  EXPECT_GT(others, 0);
}

TEST_F(SearchTest, AnchorsSayTheSameAsNumbers) {
  Trace trace = Parsed(kWaiterSeen);
  trace.schedule.decisions = Find(trace, {}).decisions;
  ReplayChooser numbered, anchored;
  const Outcome before = RunOnce(executor_, judge_, trace, numbered);
  EXPECT_EQ(ResolvedDecisions(trace, numbered), trace.schedule.decisions);
  trace.schedule.decisions = AnchoredDecisions(executor_, trace);
  const Outcome after = RunOnce(executor_, judge_, trace, anchored);
  EXPECT_EQ(numbered.fired_at(), anchored.fired_at());
  EXPECT_EQ(before.steps, after.steps);
  EXPECT_EQ(before.finding.step, after.finding.step);
  int anchors = 0;
  for (const Decision& d : trace.schedule.decisions) anchors += d.kind == DecisionKind::at;
  EXPECT_GT(anchors, 0);
}

}  // namespace
}  // namespace highmem
