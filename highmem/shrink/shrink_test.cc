#include "highmem/shrink/shrink.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <string>

#include "highmem/schedule/random.h"
#include "highmem/schedule/record.h"
#include "highmem/schedule/replay.h"
#include "highmem/shrink/edit.h"
#include "highmem/shrink/search.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

constexpr JudgeOptions kJudge = {.expectations = true};

Trace Parsed(const std::string& text) {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(ParseTrace("#hm 1\n" + text, "test", &trace, &error)) << error.Text();
  return trace;
}

ShrinkResult Shrunk(const Trace& trace) { return Shrink(trace, {.judge = kJudge}); }

Finding FindingOf(const Trace& trace) {
  Executor executor;
  Judge judge(kJudge);
  ReplayChooser replay;
  return RunOnce(executor, judge, trace, replay).finding;
}

// Failures that the implementation as it is can be brought to.
//
// A caller's mistake: a handler spins for a lock that it has interrupted.
const char kDeadlock[] =
    "profile x86_tiny cpus=2\nlane misuse\npage A high\npage B high\npage C low\n"
    "task T1@0:\n  a = kmap C\n  b = kmap A\n  store b+3 7\n  c = kmap B\n  kunmap c\n  kunmap b\n"
    "task T2@1:\n  a = kmap B\n  load a+5\n  kunmap a\n"
    "irq H3@0 x2:\n  kunmap A\n  a = page_address B\n"
    "schedule:\n  after 9 -> T2\n  after 5 -> T1\n  at T1.2 cursor -> H3\n";
// A claim that does not hold under every schedule.
const char kFalseClaim[] =
    "profile x86_tiny cpus=2\npage A high\npage B high\npage C high\n"
    "task T1@0:\n  a = kmap A\n  b = kmap B\n  store b+1 200\n  kunmap a\n  kunmap b\n"
    "task T2@1:\n  a = kmap C\n  check count(A)<=1\n  kunmap a\n"
    "task T3@1:\n  a = kmap A\n  load a+7\n  kunmap a\n"
    "schedule:\n  after 31 -> T3\n  at T1.3 op -> T2\n";

class ShrinkTest : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { ASSERT_TRUE(FindingOf(Parsed(GetParam()))); }
};
INSTANTIATE_TEST_SUITE_P(Failures, ShrinkTest, ::testing::Values(kDeadlock, kFalseClaim));

TEST_P(ShrinkTest, FailsTheSameAndIsSmaller) {
  const Trace trace = Parsed(GetParam());
  const Finding before = FindingOf(trace);
  const ShrinkResult result = Shrunk(trace);
  EXPECT_TRUE(SameFailure(result.finding, before));
  EXPECT_TRUE(SameFailure(FindingOf(result.trace), before));
  EXPECT_LT(result.after, result.before);
  EXPECT_LE(result.after.decisions, 1u);
  EXPECT_TRUE(result.minimal);
  std::string error;
  EXPECT_TRUE(CheckTrace(result.trace, &error)) << error;
}

TEST_P(ShrinkTest, SameInputSameResult) {
  const Trace trace = Parsed(GetParam());
  const ShrinkResult one = Shrunk(trace), two = Shrunk(trace);
  EXPECT_EQ(PrintTrace(one.trace), PrintTrace(two.trace));
  EXPECT_EQ(one.tries, two.tries);
  EXPECT_EQ(one.states, two.states);
}

TEST_P(ShrinkTest, AResultShrinksToItself) {
  const ShrinkResult once = Shrunk(Parsed(GetParam()));
  EXPECT_EQ(PrintTrace(Shrunk(once.trace).trace), PrintTrace(once.trace));
}

// Proven anew, by search, for every op and every number of the machine.
TEST_P(ShrinkTest, NothingCanBeTakenAway) {
  const ShrinkResult result = Shrunk(Parsed(GetParam()));
  Executor executor;
  Judge judge(kJudge);
  for (size_t i = 0; i < result.trace.ops.size(); i++) {
    Trace smaller = result.trace;
    std::vector<uint8_t> keep(smaller.ops.size(), 1);
    keep[i] = 0;
    if (!KeepOps(&smaller, keep) || !IntoLane(&smaller)) continue;
    if (smaller.ops.size() >= result.trace.ops.size()) continue;
    EXPECT_FALSE(FindSchedule(executor, judge, smaller, result.finding, {}, nullptr).found)
        << PrintTrace(smaller);
  }
  for (const ProfileField& field : ProfileFields()) {
    Trace smaller = result.trace;
    int& number = smaller.profile.*field.member;
    const bool counts = std::find(std::begin(kMachineNumbers), std::end(kMachineNumbers),
                                  field.member) != std::end(kMachineNumbers);
    if (!counts || number == field.min) continue;
    number = field.power_of_two ? number / 2 : number - 1;
    if (!Tidy(&smaller) || !IntoLane(&smaller)) continue;
    EXPECT_FALSE(FindSchedule(executor, judge, smaller, result.finding, {}, nullptr).found)
        << PrintTrace(smaller);
  }
}

TEST(Shrink, ADeadlockInOneHandlerIsTwoOps) {
  const ShrinkResult result = Shrunk(Parsed(kDeadlock));
  EXPECT_EQ(SizeText(result.after), "2 actors, 2 ops, 1 decision") << PrintTrace(result.trace);
  EXPECT_EQ(result.trace.profile.cpus, 1);
  EXPECT_EQ(result.begun, 2u);
  // The decision is anchored: it survives edits.
  ASSERT_EQ(result.trace.schedule.decisions.size(), 1u);
  EXPECT_EQ(result.trace.schedule.decisions[0].kind, DecisionKind::at);
}

// Random programs around a check that some schedules make false.
TEST(Shrink, FromRandomRuns) {
  std::mt19937_64 seeds(7);
  Trace trace = Parsed(kFalseClaim);
  Executor executor;
  Judge judge(kJudge);
  int shrunk = 0;
  for (int i = 0; i < 200 && shrunk < 10; i++) {
    RandomChooser random(seeds());
    RecordChooser recorder(random);
    if (!RunOnce(executor, judge, trace, recorder).finding) continue;
    Trace raw = trace;
    raw.schedule = {};
    raw.schedule.decisions = recorder.decisions();
    const ShrinkResult result = Shrunk(raw);
    EXPECT_LE(result.after.ops, 3u) << PrintTrace(result.trace);
    EXPECT_LE(result.after.decisions, 1u) << PrintTrace(result.trace);
    EXPECT_EQ(PrintTrace(Shrunk(result.trace).trace), PrintTrace(result.trace));
    shrunk++;
  }
  EXPECT_EQ(shrunk, 10);
}

TEST(Shrink, SchedulesOfEveryKind) {
  for (const char* schedule : {"schedule any\n", "schedule random 500 seed 3\n", "schedule all\n",
                               "schedule order T1 T2*2\n"}) {
    const std::string programs =
        "profile x86_tiny1 cpus=1\npage A high\ntask T1@0:\n  a = kmap A\n  kunmap a\n"
        "task T2@0:\n  yield\n  check count(A)==0\n";
    const ShrinkResult result = Shrunk(Parsed(programs + schedule));
    EXPECT_EQ(result.finding.id, FindingId::CHECK) << schedule;
    EXPECT_EQ(result.trace.schedule.kind, ScheduleKind::decisions) << schedule;
    EXPECT_EQ(result.after.ops, 3u) << PrintTrace(result.trace);
  }
}

TEST(Shrink, OtherFailuresAreKept) {
  // Without the check, or with it elsewhere, the handler can still deadlock.
  const Trace trace = Parsed(
      "profile x86_tiny cpus=2\nlane misuse\npage A high\n"
      "task T1@0:\n  a = kmap A\n  kunmap a\n"
      "irq H2@0 x1:\n  kunmap A\n"
      "task T3@1:\n  check count(A)!=2\n"
      "schedule:\n  at T1.2 op -> T3\n");
  const Finding before = FindingOf(trace);
  ASSERT_EQ(before.id, FindingId::CHECK);
  const ShrinkResult result = Shrunk(trace);
  EXPECT_TRUE(SameFailure(result.finding, before));
  ASSERT_EQ(result.others.size(), 1u);
  EXPECT_EQ(result.others[0].finding.id, FindingId::L1);
  EXPECT_EQ(FindingOf(result.others[0].trace).id, FindingId::L1);
}

// A task that ends without its unmap would fail otherwise.
TEST(Shrink, SaysHowManyOpsHaveBegunWhenItFails) {
  const ShrinkResult result =
      Shrunk(Parsed("profile x86_tiny cpus=1\npage A high\ntask T1@0:\n  a = kmap_local_page A\n"
                    "  check count(A)==3\n  kunmap_local a\n"));
  EXPECT_EQ(result.after.ops, 1u) << PrintTrace(result.trace);
  EXPECT_EQ(result.begun, 1u);
  const ShrinkResult whole =
      Shrunk(Parsed("profile x86_tiny cpus=1\npage A high\ntask T1@0:\n"
                    "  a = kmap_local_page A -> idx=2\n  kunmap_local a\n"));
  EXPECT_EQ(whole.after.ops, 2u) << PrintTrace(whole.trace);
  EXPECT_EQ(whole.begun, 1u);
}

// One `fill` does what takes a kmap and a kunmap, but then nobody sees which op fails.
TEST(Shrink, TheFailingOpStaysInSight) {
  const ShrinkResult result =
      Shrunk(Parsed("profile x86_tiny cpus=1\npage A high\npage B high\n"
                    "task T1@0:\n  fill 1\n  a = kmap A\n  kunmap a -> count=7\n"));
  EXPECT_EQ(result.finding.op, OpCode::kunmap);
  EXPECT_EQ(result.after.ops, 2u) << PrintTrace(result.trace);
}

TEST(Shrink, WhatPassesIsLeftAlone) {
  const Trace trace =
      Parsed("profile x86_tiny\npage A high\ntask T1@0:\n  a = kmap A\n  kunmap a\n");
  const ShrinkResult result = Shrunk(trace);
  EXPECT_FALSE(result.finding);
  EXPECT_EQ(result.trace, trace);
  EXPECT_FALSE(result.minimal);
}

TEST(Shrink, StopKeepsTheBestSoFar) {
  const Trace trace = Parsed(kFalseClaim);
  ASSERT_TRUE(FindingOf(trace));
  std::atomic<bool> stop = false;
  ShrinkOptions options{.judge = kJudge, .stop = &stop};
  int calls = 0;
  const ShrinkResult result = Shrink(trace, options, [&](const ShrinkProgress& progress) {
    EXPECT_LT(progress.size, SizeOf(trace));
    stop = ++calls == 2;
  });
  EXPECT_FALSE(result.minimal);
  EXPECT_EQ(calls, 2);
  EXPECT_TRUE(SameFailure(FindingOf(result.trace), FindingOf(trace)));
  EXPECT_LT(result.after, result.before);
  EXPECT_EQ(Shrink(trace, {.judge = kJudge, .max_tries = 0}).after.ops, result.before.ops);
}

TEST(Shrink, TextSaysWhatWasDone) {
  ShrinkResult result;
  result.before.ops = 24;
  result.before.actors = 1;
  result.removals_tried = 10;
  result.minimal = true;
  EXPECT_EQ(ShrinkText(result),
            "shrunk from 1 actor, 24 ops, 0 decisions in 0.0 s; each of 10 single removals passes");
  result.others.emplace_back().finding.id = FindingId::I14;
  result.minimal = false;
  EXPECT_EQ(ShrinkText(result),
            "shrunk from 1 actor, 24 ops, 0 decisions in 0.0 s; cut off, not minimal; "
            "1 other failure met: I14");
}

}  // namespace
}  // namespace highmem
