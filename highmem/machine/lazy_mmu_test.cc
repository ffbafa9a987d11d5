#include "highmem/machine/lazy_mmu.h"

#include <gtest/gtest.h>

#include "highmem/machine/arena.h"
#include "highmem/machine/event.h"
#include "highmem/machine/page_table.h"

namespace highmem {
namespace {

class LazyMmuTest : public testing::Test {
 protected:
  LazyMmuTest() {
    arena.Reset(1);
    MachineReset(*FindProfile("x86_tiny_pv"));
    events.Clear();
    events.BeginStep(1, 0, 0);
  }
};

TEST_F(LazyMmuTest, WritesWaitUntilTheyAreFlushed) {
  LazyMmuEnter(0);
  EXPECT_TRUE(LazyMmuIsOn(0));
  EXPECT_FALSE(LazyMmuIsOn(1));
  LazyMmuQueue(0, 2, Pte::Of(5));
  EXPECT_TRUE(PteGet(2).none());
  LazyMmuFlush(0);
  EXPECT_EQ(PteGet(2).pfn(), 5);
  EXPECT_TRUE(LazyMmuIsOn(0)) << "a flush does not end the mode";
}

TEST_F(LazyMmuTest, LeavingFlushesInOrder) {
  LazyMmuEnter(0);
  LazyMmuQueue(0, 2, Pte::Of(5));
  LazyMmuQueue(0, 2, Pte{});
  LazyMmuLeave(0);
  EXPECT_TRUE(PteGet(2).none());
  EXPECT_FALSE(LazyMmuIsOn(0));
}

TEST_F(LazyMmuTest, AFullBatchFlushesItself) {
  LazyMmuEnter(0);
  for (int i = 0; i <= kLazyWrites; i++) LazyMmuQueue(0, i, Pte::Of(5));
  EXPECT_EQ(PteGet(0).pfn(), 5);
  EXPECT_TRUE(PteGet(kLazyWrites).none()) << "the newest one waits";
}

TEST_F(LazyMmuTest, ElsewhereThereIsNoSuchMode) {
  arena.Reset(1);
  MachineReset(*FindProfile("x86_tiny"));
  LazyMmuEnter(0);
  EXPECT_FALSE(LazyMmuIsOn(0));
}

}  // namespace
}  // namespace highmem
