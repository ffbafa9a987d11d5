#include "highmem/model/locals.h"

#include <gtest/gtest.h>

#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"

namespace highmem::model {
namespace {

// Two stacks on CPU0 of x86_tiny, which has room for four maps each.
class LocalsTest : public testing::Test {
 protected:
  static constexpr int kStack = 0, kOther = 1;
  static constexpr ActorId kTask = 0, kHandler = 2;
  static constexpr Pfn kA = 2, kB = 3;

  LocalsTest() {
    arena.Reset(1);
    MachineReset(*FindProfile("x86_tiny"));
    locals_.Begin(2);
  }

  static Vaddr Slot(int slot) { return FixKmapAddr(slot); }
  void Map(ActorId who, Pfn page, int slot, int stack = kStack) {
    locals_.MapBegin(stack);
    locals_.MapEnd(stack, who, page, Slot(slot));
  }
  void Unmap(ActorId who, Vaddr address, int stack = kStack, bool anywhere = false) {
    locals_.UnmapBegin(stack, who, address, anywhere);
    locals_.UnmapEnd(stack, address);
  }
  bool Good(ActorId who, Pfn page, int slot, int stack = kStack) const {
    return locals_.IsGood(stack, who, page, Slot(slot));
  }

  Locals locals_;
};

TEST_F(LocalsTest, AMapIsGoodToItsMakerWhileItIsLive) {
  Map(kTask, kA, 0);
  EXPECT_TRUE(Good(kTask, kA, 0));
  EXPECT_FALSE(Good(kTask, kB, 0));
  EXPECT_FALSE(Good(kTask, kA, 1));
  EXPECT_FALSE(Good(kHandler, kA, 0));
  EXPECT_FALSE(Good(kTask, kA, 0, kOther));
  Unmap(kTask, Slot(0) + 5);
  EXPECT_FALSE(Good(kTask, kA, 0));
  EXPECT_EQ(locals_.depth(kStack), 0);
}

TEST_F(LocalsTest, WhoIsOnTopComesFirst) {
  Map(kTask, kA, 0);
  Map(kHandler, kB, 1);
  EXPECT_TRUE(locals_.IsNewest(kStack, Slot(1)));
  EXPECT_EQ(locals_.NewestOwner(kStack), kHandler);
  EXPECT_EQ(locals_.PageAt(kStack, Slot(0)), kA);
  Unmap(kHandler, Slot(1), kStack, /*anywhere=*/true);
  EXPECT_TRUE(locals_.IsNewest(kStack, Slot(0)));
  EXPECT_EQ(locals_.PageAt(kStack, Slot(1)), kNoPfn);
  EXPECT_FALSE(locals_.lost());
}

// SPEC P13: B goes although A was named. A stays good; what is mapped at B's address next is not,
// until it has been released by its own address.
TEST_F(LocalsTest, AReleaseOutOfOrderTaintsTheAddressOfTheMapThatGoes) {
  Map(kTask, kA, 0);
  Map(kTask, kB, 1);
  Unmap(kTask, Slot(0));
  EXPECT_TRUE(Good(kTask, kA, 0));
  EXPECT_FALSE(Good(kTask, kB, 1));
  Map(kTask, kB, 1);
  EXPECT_FALSE(Good(kTask, kB, 1));
  EXPECT_EQ(locals_.PageAt(kStack, Slot(1)), kB);
  Unmap(kTask, Slot(1));
  Map(kTask, kB, 1);
  EXPECT_TRUE(Good(kTask, kB, 1));
  EXPECT_FALSE(locals_.lost());
}

TEST_F(LocalsTest, CallsUnderWayMakeTheDepthDoubtful) {
  for (int i = 0; i < 3; i++) Map(kTask, kA, i);
  EXPECT_FALSE(locals_.IsFull(kStack));
  locals_.MapBegin(kStack);  // the task's fourth, or not yet
  EXPECT_FALSE(locals_.MayOverflow(kStack));
  locals_.MapBegin(kStack);  // a handler's
  EXPECT_TRUE(locals_.MayOverflow(kStack));
  EXPECT_FALSE(locals_.IsFull(kStack));
  EXPECT_FALSE(locals_.MayOverflow(kOther));
  locals_.MapEnd(kStack, kHandler, kB, Slot(3));
  EXPECT_TRUE(locals_.IsFull(kStack));
  locals_.UnmapBegin(kStack, kHandler, Slot(3), true);
  EXPECT_FALSE(locals_.IsFull(kStack));
}

TEST_F(LocalsTest, WhatAHandlerLeavesBehindStays) {
  Map(kTask, kA, 0);
  Map(kHandler, kB, 1);
  locals_.HandlerEnd(kStack, kHandler, /*anywhere=*/false);
  EXPECT_FALSE(locals_.lost());
  EXPECT_EQ(locals_.depth(kStack), 2);
  EXPECT_TRUE(Good(kTask, kA, 0));
}

TEST_F(LocalsTest, LeftInTheMiddleOfACallItLosesTheCount) {
  Map(kTask, kA, 0);
  locals_.UnmapBegin(kStack, kTask, Slot(0), false);
  Map(kHandler, kB, 1);
  locals_.HandlerEnd(kStack, kHandler, false);
  EXPECT_TRUE(locals_.lost());
  EXPECT_FALSE(Good(kTask, kA, 0));
}

TEST_F(LocalsTest, SoDoesAnInterruptThatTakesATasksMapAway) {
  Map(kTask, kA, 0);
  Unmap(kHandler, Slot(0), kStack, /*anywhere=*/true);
  EXPECT_TRUE(locals_.lost());
}

TEST_F(LocalsTest, APageFaultsHandlerTakesItWhereItsTaskStandsStill) {
  Map(kTask, kA, 0);
  Unmap(kHandler, Slot(0), kStack, /*anywhere=*/false);
  EXPECT_FALSE(locals_.lost());
  EXPECT_EQ(locals_.depth(kStack), 0);
}

TEST_F(LocalsTest, AReleaseOfAnotherThanTheNewestThatIsNotItsOwnLosesTheCount) {
  Map(kTask, kA, 0);
  Map(kHandler, kB, 1);
  locals_.UnmapBegin(kStack, kTask, Slot(0), false);
  EXPECT_TRUE(locals_.lost());
}

TEST_F(LocalsTest, ATaintedAddressIsNobodysGood) {
  Map(kTask, kA, 0, kOther);
  Map(kTask, kB, 0);
  Map(kTask, kB, 1);
  Unmap(kTask, Slot(1));
  Unmap(kTask, Slot(1));
  EXPECT_EQ(locals_.SomeAddressIsTainted(), machine.profile.quirk(5));
  EXPECT_EQ(Good(kTask, kA, 0, kOther), !machine.profile.quirk(5));
}

TEST_F(LocalsTest, AReleaseInAnotherColourLeavesAnEntry) {
  MachineReset(*FindProfile("xtensa_tiny"));
  locals_.Begin(1);
  const int even = FixKmapIndexOf(0, 0, 0), odd = FixKmapIndexOf(0, 0, 1);
  Map(kTask, kA, even);
  EXPECT_TRUE(locals_.IsInNewestSlot(kStack, Slot(odd)));
  EXPECT_FALSE(locals_.IsNewest(kStack, Slot(odd)));
  EXPECT_FALSE(locals_.MayHaveLeftAnEntry());
  locals_.UnmapBegin(kStack, kTask, Slot(odd), false);
  EXPECT_TRUE(locals_.MayHaveLeftAnEntry());
}

}  // namespace
}  // namespace highmem::model
