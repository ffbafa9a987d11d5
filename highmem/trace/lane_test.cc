// The lane filter: sections, maps of the pool, deadlocks, schedules.
#include <gtest/gtest.h>

#include <string>

#include "highmem/trace/lane_for_test.h"
#include "highmem/trace/trace_gen_for_test.h"

namespace highmem {
namespace {

TEST(Lane, AdmissibleProgramsStayAsTheyAre) {
  const std::string programs =
      "task T1@0:\n  a = kmap A\n  load a+31\n  store a+0 1\n  kunmap a\n"
      "irq H2@0 x2:\n  a = page_address L\n  load a+3\n";
  const Trace before = Parse(programs);
  const Filtered f = Filter(programs);
  EXPECT_TRUE(f.trace == before);
  EXPECT_EQ(f.report.kept, 6u);
  EXPECT_EQ(f.report.appended, 0u);
}

TEST(Lane, ContextMayNotSleepInSections) {
  for (const char* op : {"kmap A", "fill 1", "rotate 1", "yield"}) {
    for (const char* open : {"irq_save", "preempt_disable", "lock"})
      ExpectSkips("task T1@0:\n  " + std::string(open) + "\n  " + op + "\n", 1,
                  SkipReason::context);
  }
  ExpectSkips("task T1@0:\n  a = kmap A\n  irq_save\n  kunmap a\n", 2, SkipReason::context);
  ExpectSkips("irq H1@0:\n  kmap A\n", 0, SkipReason::context);
}

TEST(Lane, ContextReturnsWhenTheSectionCloses) {
  ExpectKeepsAll("task T1@0:\n  irq_save\n  irq_save\n  irq_restore\n  irq_restore\n  kmap A\n");
  ExpectSkips("task T1@0:\n  irq_save\n  irq_save\n  irq_restore\n  kmap A\n", 3,
              SkipReason::context);
  ExpectKeepsAll("task T1@0:\n  preempt_disable\n  lock\n  preempt_enable\n  unlock\n  kmap A\n");
}

TEST(Lane, FlushNeedsInterruptsAndNoLock) {
  ExpectKeepsAll("task T1@0:\n  preempt_disable\n  kmap_flush_unused\n");
  ExpectSkips("task T1@0:\n  irq_save\n  kmap_flush_unused\n", 1, SkipReason::context);
  ExpectSkips("task T1@0:\n  lock\n  kmap_flush_unused\n", 1, SkipReason::lock_held);
}

TEST(Lane, SectionsPair) {
  ExpectSkips("task T1@0:\n  irq_restore\n", 0, SkipReason::not_open);
  ExpectSkips("task T1@0:\n  preempt_enable\n", 0, SkipReason::not_open);
  ExpectSkips("task T1@0:\n  unlock\n", 0, SkipReason::not_open);
  ExpectSkips("task T1@0:\n  lock\n  preempt_enable\n", 1, SkipReason::not_open);
  ExpectSkips("task T1@0:\n  lock\n  lock\n", 1, SkipReason::lock_held);
  std::string deep = "task T1@0:\n";
  for (int i = 0; i <= LaneState::kMaxNesting; i++) deep += "  irq_save\n";
  ExpectSkips(deep, LaneState::kMaxNesting, SkipReason::too_deep);
}

TEST(Lane, KunmapNamesALiveMapOfTheSameActor) {
  ExpectSkips("task T1@0:\n  kunmap A\n", 0, SkipReason::not_mapped);
  ExpectSkips("task T1@0:\n  a = kmap A\n  kunmap a\n  kunmap a\n", 2, SkipReason::dead_variable);
  ExpectSkips("task T1@0:\n  a = kmap A\n  kunmap A\n  kunmap a\n", 2, SkipReason::dead_variable);
  ExpectSkips("task T1@0:\n  a = kmap A\ntask T2@0:\n  kunmap A\n", 0, SkipReason::not_mapped);
  ExpectSkips("task T1@0:\n  a = page_address A\n  kunmap a\n", 1, SkipReason::dead_variable);
  ExpectSkips("task T1@0:\n  kunmap L\n", 0, SkipReason::not_mapped);
}

TEST(Lane, KunmapOfAPageTakesTheNewestMap) {
  // So a is live, b is not.
  ExpectSkips("task T1@0:\n  a = kmap A\n  b = kmap A\n  kunmap A\n  load a+0\n  load b+0\n", 4,
              SkipReason::dead_variable);
  ExpectSkips("task T1@0:\n  a = kmap A\n  b = kmap any(A,B)\n  kunmap A\n", 2,
              SkipReason::doubtful);
  ExpectKeepsAll("task T1@0:\n  a = kmap A\n  b = kmap any(B,C)\n  kunmap A\n");
}

TEST(Lane, AccessNeedsAPin) {
  ExpectSkips("task T1@0:\n  a = kmap A\n  kunmap a\n  load a+0\n", 2, SkipReason::dead_variable);
  ExpectSkips("task T1@0:\n  a = page_address A\n  store a+0 1\n", 1, SkipReason::no_pin);
  ExpectSkips("task T1@0:\n  a = page_address any(A,L)\n  load a+0\n", 1, SkipReason::no_pin);
  ExpectKeepsAll("task T1@0:\n  a = page_address L\n  load a+0\n");
  ExpectKeepsAll("task T1@0:\n  a = kmap A\n  irq_save\n  load a+0\n");
}

TEST(Lane, AccessStaysWithinThePage) {
  Trace trace = Parse("task T1@0:\n  a = kmap A\n  load a+0\n");
  trace.ops[1].offset = 32;  // no text can say so
  LaneReport report;
  FilterLane(&trace, &report);
  ASSERT_EQ(report.skipped.size(), 1u);
  EXPECT_EQ(report.skipped[0].reason, SkipReason::offset);
}

TEST(Lane, UnknownPageNeedsAVariable) {
  ExpectSkips("task T1@0:\n  kmap any(A,B)\n", 0, SkipReason::unnamed);
  ExpectSkips("task T1@0:\n  a = kmap any(A,B)\n  a = kmap C\n", 1, SkipReason::unnamed);
  ExpectKeepsAll("task T1@0:\n  a = kmap A\n  a = kmap C\n");
}

TEST(Lane, PostNeedsALiveMapAndEndsIt) {
  ExpectSkips("task T1@0:\n  a = kmap A\n  post a\n  post a\n", 2, SkipReason::dead_variable);
  ExpectSkips("task T1@0:\n  a = kmap A\n  post a\n  load a+0\n", 2, SkipReason::dead_variable);
  ExpectSkips("task T1@0:\n  a = page_address A\n  post a\n", 1, SkipReason::dead_variable);
}

TEST(Lane, TakesNeedPosts) {
  const std::string poster = "task T1@0:\n  a = kmap A\n  post a\n";
  ExpectKeepsAll(poster + "task T2@0:\n  b = take T1\n  load b+0\n");
  ExpectSkips(poster + "task T2@0:\n  b = take T1\n  b = take T1\n", 1, SkipReason::unnamed);
  ExpectSkips(poster + "task T2@0:\n  b = take T1\n  c = take T1\n", 1, SkipReason::not_posted);
  ExpectSkips(poster + "task T2@0:\n  b = take T1\ntask T3@1:\n  b = take T1\n", 0,
              SkipReason::not_posted);
  ExpectSkips(poster + "task T2@0:\n  take T1\n", 0, SkipReason::unnamed);
  // A post that goes is not counted.
  const Filtered f =
      Filter("task T1@0:\n  a = page_address A\n  post a\ntask T2@0:\n  b = take T1\n");
  EXPECT_EQ(f.report.skipped.size(), 2u);
}

TEST(Lane, NobodyAloneTakesMoreThanThePool) {
  ExpectSkips("task T1@0:\n  kmap A\n  kmap B\n  kmap C\n  kmap D\n  kmap E\n", 4,
              SkipReason::deadlock);
  ExpectKeepsAll("task T1@0:\n  kmap A\n  kmap A\n  kmap A\n  kmap A\n  kmap A\n  kmap L\n");
  ExpectKeepsAll("task T1@0:\n  kmap A\n  kmap B\n  kmap C\n  kmap D\n  kunmap A\n  kmap E\n");
  ExpectSkips("task T1@0:\n  fill 5\n", 0, SkipReason::deadlock);
  ExpectSkips("task T1@0:\n  kmap A\n  fill 4\n", 1, SkipReason::deadlock);
  ExpectSkips(
      "task T1@0:\n  a = kmap any(A,B)\n  b = kmap any(A,B)\n  c = kmap any(A,B)\n"
      "  d = kmap any(A,B)\n  e = kmap any(A,B)\n",
      4, SkipReason::deadlock);
}

TEST(Lane, TogetherTasksLeaveOneSlotToTheOneThatWaits) {
  // (2 - 1) + (3 - 1) < 4, but not (3 - 1) + (3 - 1).
  const std::string three = "task T1@0:\n  kmap A\n  kmap B\n  kmap C\n";
  ExpectKeepsAll(three + "task T2@0:\n  kmap D\n  kmap E\n");
  ExpectSkips(three + "task T2@0:\n  kmap D\n  kmap E\n  kmap A\n", 2, SkipReason::deadlock);
  // Everybody may hold one.
  ExpectKeepsAll(
      "task T1@0:\n  kmap A\n  kmap B\n  kmap C\n  kmap D\ntask T2@0:\n  kmap E\n"
      "task T3@0:\n  kmap E\n");
}

TEST(Lane, PostedMapsStayPinned) {
  // T1 holds one at a time, but its posts pin three; T2 waits for a slot with one pinned at most.
  const std::string posts =
      "task T1@0:\n  a = kmap A\n  post a\n  a = kmap B\n  post a\n  a = kmap C\n  post a\n";
  ExpectKeepsAll(posts + "task T2@0:\n  kmap D\n");
  ExpectSkips(posts + "task T2@0:\n  kmap D\n  kmap E\n", 1, SkipReason::deadlock);
}

TEST(Lane, TakingIsHolding) {
  // T2 would wait for T1 with every slot in its hands.
  ExpectSkips(
      "task T1@0:\n  a = kmap A\n  post a\n"
      "task T2@0:\n  kmap B\n  kmap C\n  kmap D\n  b = take T1\n",
      3, SkipReason::deadlock);
  ExpectKeepsAll(
      "task T1@0:\n  a = kmap A\n  post a\n"
      "task T2@0:\n  kmap B\n  kmap C\n  b = take T1\n");
}

TEST(Lane, LoopsAreBalancedAndAddNothingUp) {
  const Filtered f = Filter("task T1@0:\n  a = kmap A\n  irq_save\n  loop\n");
  EXPECT_EQ(Program(f.trace, 0), "a = kmap A; irq_save; irq_restore; kunmap a; loop");
  EXPECT_EQ(f.report.appended, 2u);
}

TEST(Lane, ReleasesSectionsThenMapsNewestFirst) {
  const Filtered f = Filter(
      "task T1@0:\n  a = kmap A\n  kmap B\n  c = kmap any(A,B)\n  kmap C\n  preempt_disable\n"
      "  lock\n  irq_save\n");
  EXPECT_EQ(Program(f.trace, 0),
            "a = kmap A; kmap B; c = kmap any(A,B); kmap C; preempt_disable; lock; irq_save; "
            "irq_restore; unlock; preempt_enable; kunmap c; kunmap C; kunmap B; kunmap a");
  EXPECT_EQ(f.report.appended, 7u);
  EXPECT_EQ(f.report.kept, 7u);
}

TEST(Lane, VariablesExpectationsAndConditionsMoveUp) {
  const Filtered f = Filter(
      "task T1@0:\n  irq_save\n  a = kmap A -> pkmap:1\n  irq_restore\n  b = kmap B -> pkmap:2\n"
      "  check count(B)==2\n  load b+0 -> 7\n");
  EXPECT_EQ(Program(f.trace, 0),
            "irq_save; irq_restore; b = kmap B; check count(B)==2; load b+0; kunmap b");
  EXPECT_EQ(PrintOp(f.trace, 0, 2), "b = kmap B -> pkmap:2");
}

TEST(Lane, SchedulesGoOnMeaningTheSameOps) {
  const Filtered f = Filter(
      "task T1@0:\n  kunmap A\n  a = kmap A\n  kunmap B\ntask T2@1:\n  kmap B\n"
      "schedule:\n  at T1.1 lock -> T2\n  at T1.2 pte_set -> T2\n  at T1.1 op -> T2\n"
      "  at T1.3 op -> T2\n");
  ASSERT_EQ(f.trace.schedule.decisions.size(), 3u);
  EXPECT_EQ(f.report.lost_decisions, 1u) << "within an op that is gone";
  const auto decision = [&](size_t i) {
    return PrintDecision(f.trace, f.trace.schedule.decisions[i]);
  };
  EXPECT_EQ(decision(0), "at T1.1 pte_set -> T2");
  EXPECT_EQ(decision(1), "at T1.1 op -> T2") << "the beginning of the next op";
  EXPECT_EQ(decision(2), "at T1.2 op -> T2") << "the beginning of the releases";
}

TEST(Lane, TurnsShrinkWithTheirOps) {
  const Filtered f = Filter(
      "task T1@0:\n  kunmap A\n  a = kmap A\n  kunmap a\ntask T2@1:\n  kunmap B\n  yield\n"
      "schedule order T1*2 T2 T1 T2\n");
  const std::vector<Turn> turns = {{0, 1}, {0, 1}, {1, 1}};
  EXPECT_EQ(f.trace.schedule.turns, turns);
}

TEST(Lane, MisuseIsLeftAlone) {
  const std::string programs = "lane misuse\ntask T1@0:\n  kunmap A\n  irq_save\n  kmap B\n";
  const Trace before = Parse(programs);
  const Filtered f = Filter(programs);
  EXPECT_TRUE(f.trace == before);
  EXPECT_EQ(f.report.kept, 3u);
}

TEST(Lane, FilteringTwiceIsFilteringOnce) {
  TraceGenerator generator(1);
  for (int i = 0; i < 3000; i++) {
    Trace trace = generator.Next();
    trace.misuse = false;
    LaneReport report;
    FilterLane(&trace, &report);
    std::string error;
    ASSERT_TRUE(CheckTrace(trace, &error)) << error << "\n" << PrintTrace(trace);
    const Trace once = trace;
    FilterLane(&trace, &report);
    ASSERT_TRUE(trace == once) << PrintTrace(once) << PrintTrace(trace);
    EXPECT_TRUE(report.skipped.empty());
    EXPECT_EQ(report.appended, 0u);
  }
}

}  // namespace
}  // namespace highmem
