// The lane filter: local maps, and every context that may hold them.
#include <gtest/gtest.h>

#include <string>

#include "highmem/trace/lane_for_test.h"

namespace highmem {
namespace {

std::string Nested(const std::string& actor, int maps, const std::string& op = "kmap_local_page") {
  std::string program = actor + ":\n";
  for (int i = 0; i < maps; i++) {
    program += "  ";
    program += static_cast<char>('a' + i);
    program += " = " + op + " A\n";
  }
  return program;
}

TEST(LaneLocalMaps, TheNewestGoesFirst) {
  const std::string two = "task T1@0:\n  a = kmap_local_page A\n  b = kmap_local_page B\n";
  ExpectKeepsAll(two + "  kunmap_local b\n  kunmap_local a\n");
  ExpectSkips(two + "  kunmap_local a\n", 2, SkipReason::not_newest);
  ExpectSkips(two + "  kunmap_local b\n  kunmap_local b\n", 3, SkipReason::dead_variable);
  ExpectSkips(two + "  kunmap_local B\n", 2, SkipReason::not_newest);
  ExpectKeepsAll(two + "  kunmap_local b+31\n");
  ExpectSkips(two + "  kunmap_local b+32\n", 2, SkipReason::offset);
  // A map of a low page has no slot, and still its place in the order.
  ExpectSkips("task T1@0:\n  a = kmap_local_page A\n  b = kmap_local_page L\n  kunmap_local a\n", 2,
              SkipReason::not_newest);
}

TEST(LaneLocalMaps, EveryMapIsReleasedAsItsKind) {
  const std::string local = "task T1@0:\n  a = kmap_local_page A\n";
  const std::string atomic = "task T1@0:\n  a = kmap_atomic A\n";
  const std::string pool = "task T1@0:\n  a = kmap A\n";
  ExpectSkips(local + "  kunmap a\n", 1, SkipReason::dead_variable);
  ExpectSkips(local + "  kunmap A\n", 1, SkipReason::not_mapped);
  ExpectSkips(local + "  preempt_disable\n  kunmap_atomic a\n", 2, SkipReason::not_newest);
  ExpectSkips(atomic + "  kunmap_local a\n", 1, SkipReason::not_newest);
  ExpectSkips(pool + "  kunmap_local a\n", 1, SkipReason::not_newest);
  ExpectKeepsAll("task T1@0:\n  a = kmap_local_pfn L\n  kunmap_local a\n");
  ExpectKeepsAll("task T1@0:\n  a = kmap_atomic_pfn A\n  kunmap_atomic a\n");
}

TEST(LaneLocalMaps, NeedAVariableOfTheirOwn) {
  ExpectSkips("task T1@0:\n  kmap_local_page A\n", 0, SkipReason::unnamed);
  ExpectSkips("task T1@0:\n  a = kmap_local_page A\n  a = kmap_local_page B\n", 1,
              SkipReason::unnamed);
  ExpectSkips("task T1@0:\n  a = kmap_local_page A\n  post a\n", 1, SkipReason::dead_variable);
}

TEST(LaneLocalMaps, PoolAndWindowDoNotMix) {
  // Four local maps leave the pool of four slots alone.
  ExpectKeepsAll(Nested("task T1@0", 4) + "  kmap B\n  kmap C\n  kmap D\n  kmap E\n");
  ExpectSkips("task T1@0:\n  a = kmap_local_page A\n  b = kmap A\n  kunmap A\n  load b\n", 3,
              SkipReason::dead_variable);
  ExpectKeepsAll("task T1@0:\n  b = kmap A\n  a = kmap_local_page B\n  kunmap b\n  load a\n");
}

TEST(LaneLocalMaps, AccessNeedsALiveMap) {
  ExpectKeepsAll("task T1@0:\n  a = kmap_local_page A\n  load a+31\n  store a 1\n  yield\n");
  ExpectSkips("task T1@0:\n  a = kmap_local_page A\n  kunmap_local a\n  load a\n", 2,
              SkipReason::dead_variable);
  ExpectSkips("task T1@0:\n  a = page_address A\n  kmap_to_page a\n", 1, SkipReason::no_pin);
  ExpectKeepsAll("task T1@0:\n  a = kmap_local_page A\n  kmap_to_page a+31\n");
}

TEST(LaneLocalMaps, AtomicMapsOpenASection) {
  const std::string atomic = "task T1@0:\n  a = kmap_atomic A\n";
  for (const char* op : {"kmap B", "yield", "exit_to_user", "fill 1"})
    ExpectSkips(atomic + "  " + op + "\n", 1, SkipReason::context);
  ExpectKeepsAll(atomic + "  load a\n  kunmap_atomic a\n  kmap B\n  get_user\n");
  // The window is not what makes it one: a low page has no slot.
  ExpectSkips("task T1@0:\n  a = kmap_atomic L\n  kmap B\n", 1, SkipReason::context);
}

TEST(LaneLocalMaps, WindowHoldsFourMapsOfOneTask) {
  ExpectKeepsAll(Nested("task T1@0", 4));
  ExpectSkips(Nested("task T1@0", 5), 4, SkipReason::local_depth);
  ExpectSkips(Nested("task T1@0", 5, "kmap_atomic"), 4, SkipReason::local_depth);
  ExpectKeepsAll(Nested("task T1@0", 4) + "  e = kmap_local_page L\n");
  ExpectSkips(Nested("task T1@0", 4) + "  e = kmap_local_pfn L\n", 4, SkipReason::local_depth);
  ExpectKeepsAll(Nested("task T1@0", 4) + "  kunmap_local d\n  d = kmap_local_page B\n");
  ExpectKeepsAll(Nested("task T1@0", 4) + Nested("task T2@0", 4));
}

// The same slots serve the task and whatever interrupts it.
TEST(LaneLocalMaps, DepthAddsUpOverTheContexts) {
  const std::string handlers[] = {"fault F2@0", "softirq S2@0", "irq H2@0", "nmi N2@1"};
  for (const std::string& handler : handlers) {
    ExpectKeepsAll(Nested("task T1@0", 3) + Nested(handler, 1));
    ExpectSkips(Nested("task T1@0", 3) + Nested(handler, 2), 1, SkipReason::local_depth);
  }
  const std::string one_of_each = Nested("task T1@0", 1) + Nested("softirq S2@0", 1) +
                                  Nested("irq H3@0", 1) + Nested("nmi N4@0", 1);
  ExpectKeepsAll(one_of_each);
  ExpectSkips(one_of_each + Nested("fault F5@0", 1), 0, SkipReason::local_depth);
}

TEST(LaneLocalMaps, OnlyFaultsNestInTheirOwnKind) {
  for (const std::string kind : {"softirq", "irq", "nmi"})
    ExpectKeepsAll(Nested("task T1@0", 2) + Nested(kind + " X2@0", 2) + Nested(kind + " X3@0", 2));
  ExpectSkips(Nested("task T1@0", 2) + Nested("fault F2@0", 2) + Nested("fault F3@0", 1), 0,
              SkipReason::local_depth);
}

TEST(LaneLocalMaps, DebugOptionsOfTheProfile) {
  const auto skipped = [](const std::string& profile, const std::string& program) {
    Trace trace;
    ParseError error;
    EXPECT_TRUE(ParseTrace("#hm 1\nprofile " + profile + "\npage A high\npage L low\n" + program,
                           "test", &trace, &error))
        << error.Text();
    LaneReport report;
    FilterLane(&trace, &report);
    return report.skipped.size();
  };
  const std::string five = Nested("task T1@0", 5);
  EXPECT_EQ(skipped("x86_tiny_debug", five), 1u) << "nine slots, every second one a guard";
  EXPECT_EQ(skipped("x86_tiny km_max_idx=6", five), 0u);
  const std::string low = Nested("task T1@0", 4) + "  e = kmap_local_page L\n";
  EXPECT_EQ(skipped("x86_tiny", low), 0u);
  EXPECT_EQ(skipped("x86_tiny force_map=1", low), 1u) << "low pages take a slot too";
}

TEST(LaneLocalMaps, OpsKnowTheirContexts) {
  ExpectKeepsAll("fault F1@0:\n  yield\n  get_user\n  a = page_address A\n  local_bh_disable\n");
  for (const char* op : {"kmap A", "kmap_flush_unused", "exit_to_user", "lock", "fill 1"})
    ExpectSkips("fault F1@0:\n  " + std::string(op) + "\n", 0, SkipReason::context);
  ExpectKeepsAll("softirq S1@0:\n  get_user\n  page_address A\n  preempt_disable\n");
  for (const char* op : {"kmap A", "yield", "irq_save", "lock", "local_bh_disable"})
    ExpectSkips("softirq S1@0:\n  " + std::string(op) + "\n", 0, SkipReason::context);
  ExpectKeepsAll("nmi N1@0:\n  get_user\n  clear_warn_once\n");
  for (const char* op : {"page_address A", "preempt_disable", "irq_save", "yield"})
    ExpectSkips("nmi N1@0:\n  " + std::string(op) + "\n", 0, SkipReason::context);
  // Nobody but misuse.
  for (const char* op : {"local_irq_enable", "local_irq_disable", "set_page_address L"})
    ExpectSkips("task T1@0:\n  " + std::string(op) + "\n", 0, SkipReason::context);
}

TEST(LaneLocalMaps, BottomHalvesAreASection) {
  ExpectSkips("task T1@0:\n  local_bh_enable\n", 0, SkipReason::not_open);
  ExpectSkips("task T1@0:\n  local_bh_disable\n  kmap A\n", 1, SkipReason::context);
  ExpectSkips("task T1@0:\n  irq_save\n  local_bh_disable\n", 1, SkipReason::context);
  ExpectSkips("task T1@0:\n  local_bh_disable\n  local_bh_disable\n", 1, SkipReason::context);
  ExpectKeepsAll("task T1@0:\n  local_bh_disable\n  get_user\n  local_bh_enable\n  kmap A\n");
}

TEST(LaneLocalMaps, ForkTakesAFreshTask) {
  const std::string poster = "task T1@0:\n  a = kmap A\n  post a\n";
  ExpectKeepsAll("task T1@0:\n  fork T2\ntask T2@1:\n");
  ExpectKeepsAll("task T1@0:\ntask T2@1:\n  fork T1\n");
  // Its parent may be waiting for the taker, or be the taker.
  ExpectSkips(poster + "task T2@0:\n  b = take T1\n  fork T1\n", 1, SkipReason::forked);
  ExpectSkips(poster + "task T2@0:\n  fork T1\n  b = take T1\n", 1, SkipReason::forked);
  ExpectSkips("task T2@1:\ntask T1@0:\n  preempt_disable\n  fork T2\n", 1, SkipReason::context);
}

TEST(LaneLocalMaps, NobodyUsesWhatIsAnothers) {
  const std::string handler = "irq H1@0:\n  a = kmap_local_page A\n  kunmap_local a\n";
  ExpectSkips(handler + "task T2@0:\n  load H1.a\n", 0, SkipReason::foreign);
  ExpectSkips(handler + "task T2@0:\n  kunmap_local H1.a\n", 0, SkipReason::foreign);
  ExpectSkips("irq H1@0:\n  iret\n", 0, SkipReason::context);
}

TEST(LaneLocalMaps, UserModeHasNone) {
  ExpectKeepsAll("task T1@0:\n  a = kmap A\n  b = kmap_local_page L\n  exit_to_user\n");
  ExpectSkips("task T1@0:\n  a = kmap_local_page A\n  exit_to_user\n", 1, SkipReason::local_maps);
  ExpectKeepsAll("task T1@0:\n  a = kmap_local_page A\n  kunmap_local a\n  exit_to_user\n");
}

// Sections first, then what is mapped for the context, newest first, then the pool.
TEST(LaneLocalMaps, Releases) {
  const Filtered f = Filter(
      "task T1@0:\n  a = kmap_local_page A\n  kmap B\n  b = kmap_atomic A\n  c = kmap_local_page "
      "B\n"
      "  preempt_disable\n  local_bh_disable\n  preempt_disable\n");
  EXPECT_EQ(Program(f.trace, 0),
            "a = kmap_local_page A; kmap B; b = kmap_atomic A; c = kmap_local_page B; "
            "preempt_disable; local_bh_disable; preempt_disable; "
            "preempt_enable; local_bh_enable; preempt_enable; "
            "kunmap_local c; kunmap_atomic b; kunmap_local a; kunmap B");
  EXPECT_EQ(f.report.appended, 7u);
  const Filtered loop = Filter("task T1@0:\n  a = kmap_atomic A\n  local_bh_disable\n  loop\n");
  EXPECT_EQ(Program(loop.trace, 0),
            "a = kmap_atomic A; local_bh_disable; local_bh_enable; kunmap_atomic a; loop");
}

TEST(LaneLocalMaps, HandlersReleaseWhatTheyMapped) {
  const Filtered f = Filter("nmi N1@0:\n  a = kmap_local_page A\n  b = kmap_atomic B\n");
  EXPECT_EQ(Program(f.trace, 0),
            "a = kmap_local_page A; b = kmap_atomic B; kunmap_atomic b; kunmap_local a");
}

}  // namespace
}  // namespace highmem
