#include "highmem/verdict/judge.h"

#include <gtest/gtest.h>

#include <string>

#include "highmem/check/random_walk_for_test.h"
#include "highmem/trace/fuzz_codec.h"
#include "highmem/trace/lane.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

// Small traces, run on the implementation that is linked in.
class JudgeTest : public testing::Test {
 protected:
  Outcome Run(const std::string& text, const JudgeOptions& options = {.expectations = true}) {
    ParseError error;
    trace_.Clear();
    EXPECT_TRUE(ParseTrace("#hm 1\n" + text, "test", &trace_, &error)) << error.Text();
    Judge judge(options);
    RandomWalk chooser(1);
    const Outcome outcome = RunOnce(executor_, judge, trace_, chooser);
    sentence_ = Sentence(outcome.finding, trace_);
    return outcome;
  }

  Executor executor_;
  Trace trace_;
  std::string sentence_;
};

constexpr char kPages[] = "profile x86_tiny\npage A high\npage B high\npage L low\n";

TEST_F(JudgeTest, PassesTheGoldenTraceOfFillAndWrap) {  // SPEC P1, with four slots
  const Outcome o = Run(std::string(kPages) +
                        "page C high\npage D high\npage E high\ntask T1@0:\n"
                        "  a = kmap A -> pkmap:1 count=2 CH=0\n"
                        "  b = kmap B -> pkmap:2\n"
                        "  c = kmap C -> pkmap:3\n"
                        "  d = kmap D -> pkmap:0 CH=1 GF=0 SW=1\n"
                        "  kunmap a -> ok count=1\n"
                        "  kunmap b\n  kunmap c\n  kunmap d\n"
                        "  e = kmap E -> pkmap:0 CH=1 GF=1 cursor=0\n"
                        "  p = page_address A -> null\n"
                        "  kunmap e\n"
                        "final CH==2\n");
  EXPECT_TRUE(o.passed()) << sentence_;
  EXPECT_EQ(o.status, RunStatus::done);
  EXPECT_EQ(ExitCode(o), 0);
}

TEST_F(JudgeTest, CheckFalseExpectation) {
  const Outcome o = Run(std::string(kPages) + "task T1@0:\n  a = kmap A -> pkmap:2\n  kunmap a\n");
  EXPECT_EQ(o.finding.id, FindingId::CHECK);
  EXPECT_EQ(ExitCode(o), 69);
  EXPECT_EQ(sentence_,
            "CPU0 T1 in `a = kmap A` did not end as expected, `pkmap:2`, it is 1: a check or final "
            "condition of the trace is false (CHECK)");
}

TEST_F(JudgeTest, AnyAlternativeWillDo) {
  EXPECT_TRUE(Run(std::string(kPages) +
                  "task T1@0:\n  a = kmap A -> pkmap:2 | pkmap:1 count=2\n  kunmap a\n")
                  .passed())
      << sentence_;
}

TEST_F(JudgeTest, CheckOpAndFinalCondition) {
  EXPECT_EQ(Run(std::string(kPages) + "task T1@0:\n  check cursor==3\n").finding.id,
            FindingId::CHECK);
  EXPECT_EQ(Run(std::string(kPages) + "task T1@0:\n  yield\nfinal GF==1\n").finding.id,
            FindingId::CHECK);
  EXPECT_EQ(sentence_,
            "`final GF==1` is false at the end, it is 0: a check or final condition of the trace "
            "is false (CHECK)");
  EXPECT_TRUE(Run(std::string(kPages) + "task T1@0:\n  yield\nfinal GF==1\n", {}).passed());
}

TEST_F(JudgeTest, DeservedBugEndsTheRunAndPasses) {  // SPEC P6
  const Outcome o = Run(std::string(kPages) +
                        "lane misuse\ntask T1@0:\n  a = kmap A\n  kunmap a\n"
                        "  kunmap A -> BUG:kunmap_high_count\n");
  EXPECT_TRUE(o.passed()) << sentence_;
  EXPECT_EQ(o.status, RunStatus::bug);
}

TEST_F(JudgeTest, BugThatTheTraceDidNotExpectIsACheck) {
  const Outcome o = Run(std::string(kPages) + "lane misuse\ntask T1@0:\n  kunmap A -> ok\n");
  EXPECT_EQ(o.finding.id, FindingId::CHECK);
}

TEST_F(JudgeTest, DeservedSplatIsNoFinding) {
  const Outcome o = Run(std::string(kPages) +
                        "lane misuse\ntask T1@0:\n  preempt_disable\n"
                        "  a = kmap A -> SPLAT:kmap_might_sleep pkmap:1\n  preempt_enable\n"
                        "  kunmap a\n");
  EXPECT_TRUE(o.passed()) << sentence_;
}

TEST_F(JudgeTest, OnlyOneCheckerIsOn) {
  const std::string hoard =
      "profile x86_tiny1\npage A high\npage B high\nlane misuse\n"
      "task T1@0:\n  a = kmap A\n  b = kmap B\n";
  EXPECT_EQ(Run(hoard).finding.id, FindingId::L1);
  EXPECT_TRUE(Run(hoard, {.only = FindingId::D1}).passed());
}

TEST_F(JudgeTest, HangIsWhatAHoarderMayExpect) {
  const Outcome o =
      Run("profile x86_tiny1\npage A high\npage B high\nlane misuse\n"
          "task T1@0:\n  a = kmap A\n  b = kmap B -> HANG\nexpect HANG\n");
  EXPECT_EQ(o.finding.id, FindingId::L1);
  EXPECT_EQ(ExitCode(o), 67);
  EXPECT_EQ(sentence_.substr(0, 20), "T1 can never go on: ");
}

// The property that everything else stands on: valid programs pass under every schedule.
TEST_F(JudgeTest, SilentOnValidProgramsUnderRandomSchedules) {
  RandomWalk chooser(1);
  Judge judge;
  uint64_t seed = 42;
  const auto random_byte = [&seed] {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return static_cast<uint8_t>(seed >> 56);
  };
  for (int i = 0; i < 400; i++) {
    uint8_t bytes[kFuzzMaxSize];
    for (uint8_t& b : bytes) b = random_byte();
    Profile profile = NamedProfiles()[static_cast<size_t>(i) % 4];
    profile.cpus = 1 + i % 3;
    LaneReport report;
    DecodeFuzz(bytes, sizeof(bytes), profile, &trace_);
    trace_.misuse = false;
    FilterLane(&trace_, &report);
    const Outcome o = RunOnce(executor_, judge, trace_, chooser);
    // A random walk may dawdle; that is no fault of the implementation.
    if (o.finding.id == FindingId::L3) continue;
    ASSERT_TRUE(o.passed()) << Sentence(o.finding, trace_) << "\n" << PrintTrace(trace_);
  }
}

}  // namespace
}  // namespace highmem
