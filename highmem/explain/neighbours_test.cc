#include "highmem/explain/neighbours.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "highmem/schedule/replay.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

class NeighboursTest : public ::testing::Test {
 protected:
  void Look(const std::string& text) {
    ParseError error;
    ASSERT_TRUE(ParseTrace("#hm 1\n" + text, "test", &trace_, &error)) << error.Text();
    Executor executor;
    Judge judge({.expectations = true});
    ReplayChooser replay;
    const Finding finding = RunOnce(executor, judge, trace_, replay).finding;
    ASSERT_TRUE(finding);
    found_ = Neighbours(executor, judge, trace_, finding);
  }

  const Neighbour* Find(const std::string& edit) const {
    for (const Neighbour& n : found_)
      if (n.edit == edit) return &n;
    return nullptr;
  }
  int Count(EditKind kind, bool same) const {
    return static_cast<int>(std::count_if(found_.begin(), found_.end(), [&](const Neighbour& n) {
      return n.kind == kind && n.same == same;
    }));
  }

  Trace trace_;
  std::vector<Neighbour> found_;
};

// T2 has the page, too, if it comes before the check: the claim of T1 is false then.
const char kClaim[] =
    "profile x86_tiny cpus=2 spec_fills=0 tlb_evicts=0\npage A high\npage B high\n"
    "task T1@0:\n  a = kmap A\n  check count(A)==2\n  kunmap a\n"
    "task T2@1:\n  b = kmap A\n  store b+3 9\n  kunmap b\n"
    "schedule:\n  at T1.2 op -> T2\n  at T2.2 op -> T1\n";

TEST_F(NeighboursTest, EveryKindOfEdit) {
  Look(kClaim);
  const Neighbour* none = Find("without `at T1.2 op -> T2`, where not every decision can fire");
  ASSERT_NE(none, nullptr);
  EXPECT_FALSE(none->finding);
  const Neighbour* page = Find("`b = kmap B` instead of T2's `b = kmap A`");
  ASSERT_NE(page, nullptr);
  EXPECT_FALSE(page->finding);
  const Neighbour* byte = Find("`store b+3 1` instead of T2's `store b+3 9`");
  ASSERT_NE(byte, nullptr);
  EXPECT_TRUE(byte->same);
  const Neighbour* op = Find("without T2's `b = kmap A`");
  ASSERT_NE(op, nullptr);
  EXPECT_FALSE(op->finding);
  const Neighbour* slots = Find("last_pkmap=8 instead of 4");
  ASSERT_NE(slots, nullptr);
  EXPECT_TRUE(slots->same);
  EXPECT_EQ(slots->distance, 8);
}

// One CPU cannot be had: T2 is declared on the second.
TEST_F(NeighboursTest, WhatIsNoTraceIsNoNeighbour) {
  Look(kClaim);
  EXPECT_EQ(Find("cpus=1 instead of 2"), nullptr);
  EXPECT_NE(Find("cpus=3 instead of 2"), nullptr);
}

TEST_F(NeighboursTest, MomentsOfADecisionNearestFirst) {
  Look(kClaim);
  EXPECT_GT(Count(EditKind::moment, /*same=*/true), 3);
  EXPECT_GT(Count(EditKind::moment, /*same=*/false), 3);
  int last = 0;
  for (const Neighbour& n : found_) {
    if (n.kind != EditKind::moment) break;
    EXPECT_GE(std::abs(n.distance), last);
    last = std::abs(n.distance);
  }
  EXPECT_TRUE(
      std::is_sorted(found_.begin(), found_.end(),
                     [](const Neighbour& a, const Neighbour& b) { return a.kind < b.kind; }));
}

// A moment at which the decision cannot be taken is none: preemption is off there.
TEST_F(NeighboursTest, WhereADecisionCannotFireIsNoMoment) {
  Look(
      "profile x86_tiny cpus=1 spec_fills=0 tlb_evicts=0\npage A high\n"
      "task T1@0:\n  a = kmap A\n  check count(A)==2\n  kunmap a\n"
      "task T2@0:\n  b = kmap A\n  check idx(T2)==0\n  kunmap b\n"
      "schedule:\n  at T1.2 op -> T2\n  at T2.2 op -> T1\n");
  int inside = 0;
  for (const Neighbour& n : found_) {
    if (n.kind != EditKind::moment) continue;
    EXPECT_FALSE(n.edit.starts_with("`at T1.1 pte_set ")) << n.edit;
    EXPECT_FALSE(n.edit.starts_with("`at T1.1 count ")) << n.edit;
    inside++;
  }
  EXPECT_GT(inside, 3);
}

// What the lane would have to add again is not taken away.
TEST_F(NeighboursTest, ReleasesStay) {
  Look(kClaim);
  EXPECT_EQ(Find("without T1's `kunmap a`"), nullptr);
  EXPECT_EQ(Find("without T2's `kunmap b`"), nullptr);
}

// In the valid lane a page that one program has mapped locally is released in its order; an edit
// that breaks it is misuse and no neighbour.
TEST_F(NeighboursTest, StaysInTheLane) {
  Look(
      "profile x86_tiny cpus=1\npage A high\npage B high\n"
      "task T1@0:\n  a = kmap_local_page A\n  b = kmap_local_page B\n  check idx(T1)==7\n"
      "  kunmap_local b\n  kunmap_local a\n");
  EXPECT_EQ(Find("without T1's `kunmap_local b`"), nullptr);
  EXPECT_NE(Find("`b = kmap_local_page A` instead of T1's `b = kmap_local_page B`"), nullptr);
}

}  // namespace
}  // namespace highmem
