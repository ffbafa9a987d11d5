#include "highmem/shrink/edit.h"

#include <gtest/gtest.h>

#include <string>

#include "highmem/trace/text.h"

namespace highmem {
namespace {

Trace Parsed(const std::string& text) {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(ParseTrace("#hm 1\nprofile x86_tiny\nlane misuse\n" + text, "test", &trace, &error))
      << error.Text();
  return trace;
}

std::string Programs(const Trace& trace) {
  const std::string text = PrintTrace(trace);
  return text.substr(text.find("task"));
}

const char kTwoMaps[] =
    "page A high\npage B high\n"
    "task T1@0:\n  a = kmap A\n  b = kmap B -> pkmap:2\n  load a+1\n  check count(A)==2\n"
    "  load b+2\n  kunmap a\n"
    "schedule:\n  at T1.5 load -> T1\n  at T1.1 lock -> T1\n";

TEST(Edit, WhatNeedsAVariableGoesWithIt) {
  Trace trace = Parsed(kTwoMaps);
  ASSERT_TRUE(KeepOps(&trace, {0, 1, 1, 1, 1, 1}));
  EXPECT_EQ(Programs(trace),
            "task T1@0:\n  a = kmap B -> pkmap:2\n  check count(A)==2\n  load a+2\n"
            "schedule:\n  at T1.3 load -> T1\n");
}

TEST(Edit, OrFindsAnother) {
  Trace trace = Parsed(kTwoMaps);
  ASSERT_TRUE(KeepOps(&trace, {0, 1, 1, 1, 1, 1}, /*retarget=*/true));
  EXPECT_EQ(Programs(trace),
            "task T1@0:\n  a = kmap B -> pkmap:2\n  load a+1\n  check count(A)==2\n  load a+2\n"
            "  kunmap A\nschedule:\n  at T1.4 load -> T1\n");
}

TEST(Edit, FillsStandInForMaps) {
  Trace trace = Parsed(
      "page A high\npage B high\n"
      "task T1@0:\n  a = kmap A\n  kunmap a\n  b = kmap B\n  load b+1\n  kunmap b\n");
  ASSERT_TRUE(FillInstead(&trace, 2));
  EXPECT_EQ(Programs(trace), "task T1@0:\n  a = kmap A\n  kunmap a\n  fill 1\n");
  EXPECT_FALSE(FillInstead(&trace, 1));
  EXPECT_FALSE(JoinFills(&trace, 2));
  ASSERT_TRUE(FillInstead(&trace, 0));
  ASSERT_TRUE(JoinFills(&trace, 1));
  EXPECT_EQ(Programs(trace), "task T1@0:\n  fill 2\n");
}

TEST(Edit, AFillOfAnotherActorStandsInForMaps) {
  Trace trace = Parsed(
      "page A high\npage B high\n"
      "task T1@0:\n  a = kmap A\n  load a+1\n  kunmap a\n  b = kmap B\n"
      "task T2@1:\n  fill 2\n");
  EXPECT_FALSE(FillMoreInstead(&trace, 1, 4));
  EXPECT_FALSE(FillMoreInstead(&trace, 0, 3));
  ASSERT_TRUE(FillMoreInstead(&trace, 0, 4));
  EXPECT_EQ(Programs(trace), "task T1@0:\n  a = kmap A\ntask T2@1:\n  fill 3\n");
}

const char kThreeActors[] =
    "page A high\n"
    "task T1@0:\n  a = kmap A\n  post a\n"
    "task T2@1:\n  a = take T1\n  kunmap a\n"
    "irq H3@0 x2:\n  a = page_address A\n"
    "schedule:\n  start T2\n  after 3 -> H3\n  at T2.2 op -> T1\n";

TEST(Edit, AnActorGoesWithItsDecisions) {
  Trace trace = Parsed(kThreeActors);
  ASSERT_TRUE(DropActor(&trace, 0));
  // T2 is the first now, and the take from T1 is gone with what it made.
  EXPECT_EQ(
      Programs(trace),
      "task T1@1:\nirq H2@0 x2:\n  a = page_address A\nschedule:\n  start T1\n  after 3 -> H2\n");
}

TEST(Edit, SwappedActorsKeepTheirDecisions) {
  Trace trace = Parsed(kThreeActors);
  ASSERT_TRUE(SwapActors(&trace, 1, 2));
  EXPECT_EQ(Programs(trace),
            "task T1@0:\n  a = kmap A\n  post a\nirq H2@0 x2:\n  a = page_address A\n"
            "task T3@1:\n  a = take T1\n  kunmap a\n"
            "schedule:\n  start T3\n  after 3 -> H2\n  at T3.2 op -> T1\n");
  // Whoever takes must come later.
  EXPECT_FALSE(SwapActors(&trace, 0, 2));
}

TEST(Edit, MergedProgramsFollowEachOther) {
  Trace trace = Parsed(
      "page A high\npage B high\n"
      "task T1@0:\n  a = kmap A\n  kunmap a\n"
      "task T2@1:\n  a = kmap B\n  kunmap a\n"
      "schedule:\n  at T2.1 lock -> T1\n  at T1.2 op -> T2\n");
  Trace first = trace, between = trace;
  ASSERT_TRUE(MergeActors(&trace, 0, 1, 2));
  EXPECT_EQ(Programs(trace),
            "task T1@0:\n  a = kmap A\n  kunmap a\n  b = kmap B\n  kunmap b\n"
            "schedule:\n  at T1.3 lock -> T1\n  at T1.2 op -> T1\n");
  ASSERT_TRUE(MergeActors(&first, 0, 1, 0));
  EXPECT_EQ(Programs(first),
            "task T1@0:\n  a = kmap B\n  kunmap a\n  b = kmap A\n  kunmap b\n"
            "schedule:\n  at T1.1 lock -> T1\n  at T1.4 op -> T1\n");
  ASSERT_TRUE(MergeActors(&between, 0, 1, 1));
  EXPECT_EQ(Programs(between),
            "task T1@0:\n  a = kmap A\n  b = kmap B\n  kunmap b\n  kunmap a\n"
            "schedule:\n  at T1.2 lock -> T1\n  at T1.4 op -> T1\n");
}

TEST(Edit, WhatNamesAnActorFollowsIt) {
  const std::string programs =
      "page A high\n"
      "task T1@0:\n  a = kmap_local_page A\n  kunmap_local a\n"
      "task T2@1:\n  check idx(T3)==0\n  check idx(T1)<=1\n"
      "task T3@0:\n  b = kmap_local_page A\n  kunmap_local b\n"
      "schedule:\n  after 3 -> migrate T3 1\n  after 2 -> ipi 0\n"
      "forbid idx(T3)>1\nforbid idx(T1)>1\n";
  Trace trace = Parsed(programs);
  ASSERT_TRUE(DropActor(&trace, 0));
  EXPECT_EQ(Programs(trace),
            "task T1@1:\n  check idx(T2)==0\n"
            "task T2@0:\n  b = kmap_local_page A\n  kunmap_local b\n"
            "schedule:\n  after 3 -> migrate T2 1\n  after 2 -> ipi 0\n"
            "forbid idx(T2)>1\n");
  trace = Parsed(programs);
  ASSERT_TRUE(SwapActors(&trace, 1, 2));
  EXPECT_EQ(Programs(trace),
            "task T1@0:\n  a = kmap_local_page A\n  kunmap_local a\n"
            "task T2@0:\n  b = kmap_local_page A\n  kunmap_local b\n"
            "task T3@1:\n  check idx(T2)==0\n  check idx(T1)<=1\n"
            "schedule:\n  after 3 -> migrate T2 1\n  after 2 -> ipi 0\n"
            "forbid idx(T2)>1\nforbid idx(T1)>1\n");
  trace = Parsed(programs);
  ASSERT_TRUE(MergeActors(&trace, 2, 0, 0));
  EXPECT_EQ(Programs(trace),
            "task T1@1:\n  check idx(T2)==0\n  check idx(T2)<=1\n"
            "task T2@0:\n  a = kmap_local_page A\n  kunmap_local a\n  b = kmap_local_page A\n"
            "  kunmap_local b\n"
            "schedule:\n  after 3 -> migrate T2 1\n  after 2 -> ipi 0\n"
            "forbid idx(T2)>1\nforbid idx(T2)>1\n");
}

const char kForeign[] =
    "page A high\n"
    "task T1@0:\n  a = kmap A\n  b = kmap_local_page A\n  load H3.b+0\n"
    "task T2@1:\n  load T1.a+0\n  load T1.b+1\n"
    "irq H3@0 x1:\n  a = page_address A\n  b = kmap_local_page A\n  kunmap_local T1.b\n";

TEST(Edit, VariablesOfOthersAreFollowed) {
  Trace trace = Parsed(kForeign);
  ASSERT_TRUE(KeepOps(&trace, {0, 1, 1, 1, 1, 0, 1, 1}));
  EXPECT_EQ(Programs(trace),
            "task T1@0:\n  a = kmap_local_page A\n  load H3.a+0\n"
            "task T2@1:\n  load T1.a+1\n"
            "irq H3@0 x1:\n  a = kmap_local_page A\n  kunmap_local T1.a\n");
  trace = Parsed(kForeign);
  ASSERT_TRUE(DropActor(&trace, 0));
  EXPECT_EQ(Programs(trace),
            "task T1@1:\nirq H2@0 x1:\n  a = page_address A\n  b = kmap_local_page A\n");
  trace = Parsed(kForeign);
  ASSERT_TRUE(SwapActors(&trace, 0, 2));
  EXPECT_EQ(Programs(trace),
            "task T2@1:\n  load T3.a+0\n  load T3.b+1\n"
            "task T3@0:\n  a = kmap A\n  b = kmap_local_page A\n  load H1.b+0\n");
  trace = Parsed(kForeign);
  ASSERT_TRUE(MergeActors(&trace, 0, 1, 3));
  EXPECT_EQ(Programs(trace),
            "task T1@0:\n  a = kmap A\n  b = kmap_local_page A\n  load H2.b+0\n  load a+0\n"
            "  load b+1\n"
            "irq H2@0 x1:\n  a = page_address A\n  b = kmap_local_page A\n  kunmap_local T1.b\n");
}

TEST(Edit, PagesMergeAndGo) {
  Trace trace = Parsed(
      "page A low\npage B high\npage C high\n"
      "task T1@0:\n  a = kmap any(B,C)\n  b = kmap C\nfinal count(C)==1\n");
  ASSERT_TRUE(MergePages(&trace, 2, 1));
  ASSERT_TRUE(DropUnusedPages(&trace));
  EXPECT_EQ(trace.pages.size(), 1u);
  EXPECT_EQ(Programs(trace), "task T1@0:\n  a = kmap any(A)\n  b = kmap A\nfinal count(A)==1\n");
}

TEST(Edit, DecisionsCountOnOverAGap) {
  Trace trace = Parsed(
      "page A high\ntask T1@0:\n  a = kmap A\n"
      "schedule:\n  after 3 -> T1\n  after 4 -> T1\n  after 5 -> T1\n");
  ASSERT_TRUE(DropDecisions(&trace, 0, 2));
  ASSERT_EQ(trace.schedule.decisions.size(), 1u);
  EXPECT_EQ(trace.schedule.decisions[0].steps, 12u);
  EXPECT_FALSE(DropDecisions(&trace, 0, 2));
}

TEST(Edit, NamesThatClashAreForgotten) {
  // Without page A the default name of the second page is A, too.
  Trace trace =
      Parsed("page X high\npage A high\npage C high\ntask T1@0:\n  a = kmap A\n  b = kmap C\n");
  ASSERT_TRUE(DropUnusedPages(&trace));
  EXPECT_EQ(Programs(trace), "task T1@0:\n  a = kmap A\n  b = kmap B\n");
}

TEST(Edit, IntoLaneDropsAndReleases) {
  Trace trace = Parsed("page A high\ntask T1@0:\n  kunmap A\n  a = kmap A\n");
  trace.misuse = false;
  ASSERT_TRUE(IntoLane(&trace));
  EXPECT_EQ(Programs(trace), "task T1@0:\n  a = kmap A\n  kunmap a\n");
}

}  // namespace
}  // namespace highmem
