#include "highmem/coverage/state_cells.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "highmem/coverage/cells_listener_for_test.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

std::set<std::string> HitBy(const std::string& text) {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(ParseTrace("#hm 1\n" + text, "test", &trace, &error)) << error.Text();
  std::vector<uint8_t> counters(static_cast<size_t>(CellCount()));
  StateCells cells(counters);
  CellsListener listener(&cells);
  Executor executor;
  ReplayChooser replay;
  executor.Load(trace, &listener);
  executor.Run(replay);
  std::set<std::string> names;
  EXPECT_EQ(cells.contradictions(), 0);
  for (const uint16_t cell : cells.hit()) {
    EXPECT_EQ(counters[cell], 1);
    EXPECT_TRUE(names.insert(CellName(cell)).second) << CellName(cell);
  }
  return names;
}

TEST(Cells, HaveNamesOfTheirOwn) {
  const std::vector<std::string> names = AllCellNames();
  EXPECT_EQ(names.size(), static_cast<size_t>(CellCount()));
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), names.size());
  for (const std::string& name : names) EXPECT_EQ(std::count(name.begin(), name.end(), '/'), 2);
}

// What the valid lane refuses is no cell.
TEST(Cells, OnlyWhatARunCanReach) {
  EXPECT_GE(ContextCell(CallContext::task, OpCode::kmap), 0);
  EXPECT_EQ(ContextCell(CallContext::hardirq, OpCode::kmap), -1);
  EXPECT_EQ(PoolCell(SlotState::absent, OpFamily::kunmap), -1);
  EXPECT_GE(PoolCell(SlotState::one_user, OpFamily::kunmap), 0);
  EXPECT_EQ(WindowCell(PrimKind::idle, ContextKind::kHardirq), kNoCell);
  EXPECT_EQ(WindowCell(PrimKind::lock, ContextKind::kPreempt), kCannotBe);
  EXPECT_EQ(WindowCell(PrimKind::count, ContextKind::kPreempt), kCannotBe);
  EXPECT_EQ(WindowCell(PrimKind::load, ContextKind::kFault), kCannotBe);
  EXPECT_EQ(WindowCell(PrimKind::pick, ContextKind::kHardirq), kCannotBe);
  EXPECT_GE(WindowCell(PrimKind::pick, ContextKind::kNmi), 0);
  EXPECT_EQ(ContextCell(CallContext::task, OpCode::fill), kNoCell);
  EXPECT_EQ(DepthCell(DepthOf::users, 0), -1);
  EXPECT_EQ(DepthCell(DepthOf::users, 99), DepthCell(DepthOf::users, 6));
}

TEST(StateCells, StatesOfASlot) {
  const std::set<std::string> hit = HitBy(
      "profile x86_tiny1 cpus=1\npage A high\ntask T1@0:\n"
      "  a = kmap A\n  b = kmap A\n  kunmap b\n  kunmap a\n  c = kmap A\n  kunmap c\n");
  for (const char* name :
       {"pool/absent/kmap", "pool/one user/kmap", "pool/parked/kmap", "pool/more users/kunmap",
        "pool/one user/kunmap", "depth/users/2", "depth/parked/1", "context/task/kmap"})
    EXPECT_TRUE(hit.count(name)) << name;
  EXPECT_FALSE(hit.count("depth/users/3"));
  EXPECT_FALSE(hit.count("moment/sleeps for a slot/seen"));
}

TEST(StateCells, WhatComesInBetween) {
  const std::set<std::string> hit = HitBy(
      "profile x86_tiny\npage A high\ntask T1@0:\n  a = kmap_local_page A\n"
      "  kunmap_local a\nirq H2@0 x1:\n  b = kmap_local_page A\n  kunmap_local b\n"
      "schedule:\n  at T1.1 kmap_idx -> H2\n");
  for (const char* name :
       {"window/kmap_idx/hardirq", "context/hardirq/kmap_local_page", "depth/contexts/2",
        "pair, same cpu/local map/local map", "depth/local maps/1"})
    EXPECT_TRUE(hit.count(name)) << name;
  EXPECT_FALSE(hit.count("pair, two cpus/local map/local map"));
}

TEST(StateCells, APageFault) {
  const std::set<std::string> hit = HitBy(
      "profile x86_tiny\npage A high\ntask T1@0:\n  get_user\n"
      "fault F2@0:\n  a = kmap_local_page A\n  kunmap_local a\n");
  for (const char* name :
       {"window/user_access/fault", "depth/contexts/2", "context/page fault/kmap_local_page"})
    EXPECT_TRUE(hit.count(name)) << name;
}

// Guards of debugging are no maps; a section with interrupts off is one whatever is off besides.
TEST(StateCells, MapsAreCountedAndSectionsNamed) {
  const std::set<std::string> hit = HitBy(
      "profile x86_tiny_debug\npage A high\ntask T1@0:\n  local_bh_disable\n  irq_save\n"
      "  a = kmap_local_page A\n  kunmap_local a\n  irq_restore\n  local_bh_enable\n");
  EXPECT_TRUE(hit.count("depth/local maps/1"));
  EXPECT_FALSE(hit.count("depth/local maps/2"));
  EXPECT_TRUE(hit.count("context/irqs off/irq_restore"));
  EXPECT_TRUE(hit.count("context/softirq/local_bh_enable"));
}

TEST(StateCells, SleepersAndSwitches) {
  const std::set<std::string> hit = HitBy(
      "profile x86_tiny1 cpus=1\npage A high\npage B high\n"
      "task T1@0:\n  a = kmap A\n  kunmap a\n"
      "task T2@0:\n  b = kmap B\n  kunmap b\nschedule:\n  at T1.2 op -> T2\n");
  for (const char* name :
       {"moment/sleeps for a slot/seen", "moment/sweeps in vain/seen", "depth/waiters/1"})
    EXPECT_TRUE(hit.count(name)) << name;
  EXPECT_EQ(std::count_if(hit.begin(), hit.end(),
                          [](const std::string& name) {
                            return name.starts_with("window/") && name.ends_with("/switch");
                          }),
            1)
      << "the sleep";
}

}  // namespace
}  // namespace highmem
