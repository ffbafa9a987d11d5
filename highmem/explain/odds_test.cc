#include "highmem/explain/odds.h"

#include <gtest/gtest.h>

#include <string>

#include "highmem/schedule/random.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

// A handler spins for the lock that it has interrupted: only if it comes inside of kmap.
const char kDeadlock[] =
    "profile x86_tiny1 cpus=1 spec_fills=0 tlb_evicts=0\npage A high\nlane misuse\n"
    "task T1@0:\n  a = kmap A\nirq H2@0 x1:\n  kunmap A\n"
    "schedule:\n  at T1.1 unlock -> H2\n";

class OddsTest : public ::testing::Test {
 protected:
  Odds Of(const std::string& text, uint32_t continuations = 256) {
    ParseError error;
    EXPECT_TRUE(ParseTrace("#hm 1\n" + text, "test", &trace_, &error)) << error.Text();
    ReplayChooser replay;
    finding_ = RunOnce(executor_, judge_, trace_, replay).finding;
    EXPECT_TRUE(finding_);
    return FailureOdds(executor_, judge_, trace_, finding_, {.continuations = continuations});
  }

  Executor executor_;
  Judge judge_{{.expectations = true}};
  Trace trace_;
  Finding finding_;
};

TEST_F(OddsTest, TheWayFromNoReturnOn) {
  const Odds odds = Of(kDeadlock);
  ASSERT_EQ(odds.failing.size(), finding_.step + 1);
  const uint64_t turn = odds.point_of_no_return();
  ASSERT_GT(turn, 0u);
  EXPECT_LT(odds.failing[turn - 1], odds.continuations);
  for (uint64_t step = turn; step < odds.failing.size(); step++)
    EXPECT_EQ(odds.failing[step], odds.continuations) << step;
  // Interrupts are on, and nobody can take the handler back that has come with the lock held.
  EXPECT_EQ(turn, 19u);
}

// From the start it is what a run of its own is.
TEST_F(OddsTest, FromTheStartTheOddsAreThoseOfRandomRuns) {
  const Odds odds =
      Of("profile x86_tiny cpus=2\npage A high\ntask T1@0:\n  a = kmap A\n  check count(A)==2\n"
         "  kunmap a\ntask T2@1:\n  b = kmap A\n  kunmap b\n"
         "schedule:\n  at T1.2 op -> T2\n  at T2.2 op -> T1\n");
  RandomChooser random(OddsOptions().seed);
  uint32_t failing = 0;
  for (uint32_t i = 0; i < odds.continuations; i++)
    failing += RunOnce(executor_, judge_, trace_, random).finding ? 1 : 0;
  EXPECT_EQ(odds.failing[0], failing);
  EXPECT_GT(failing, 0u);
  EXPECT_LT(failing, odds.continuations);
}

TEST_F(OddsTest, SameNumbersTwice) {
  const Odds once = Of(kDeadlock), twice = Of(kDeadlock);
  EXPECT_EQ(once.failing, twice.failing);
}

TEST_F(OddsTest, WhatAlwaysFailsHasNoTurn) {
  const Odds odds =
      Of("profile x86_tiny1 cpus=1\npage A high\ntask T1@0:\n  a = kmap A\n"
         "  check count(A)==7\n  kunmap a\n");
  EXPECT_EQ(odds.point_of_no_return(), 0u);
  EXPECT_EQ(odds.percent(0), 100);
}

TEST(Odds, PerCentAreWholeOnlyIfAllOrNoneFail) {
  const Odds odds = {256, {0, 1, 128, 255, 256}, {}};
  EXPECT_EQ(odds.percent(0), 0);
  EXPECT_EQ(odds.percent(1), 1);
  EXPECT_EQ(odds.percent(2), 50);
  EXPECT_EQ(odds.percent(3), 99);
  EXPECT_EQ(odds.percent(4), 100);
  EXPECT_EQ(odds.percent(9), 100);
  EXPECT_EQ(odds.point_of_no_return(), 4u);
}

}  // namespace
}  // namespace highmem
