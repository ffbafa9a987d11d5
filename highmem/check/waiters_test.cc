#include "highmem/check/waiters.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/kernel/sched.h"
#include "highmem/kernel/wait.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class WaitersTest : public CheckBench {
 protected:
  Pfn Page(int slot) const { return static_cast<Pfn>(A() + slot); }
  // T2 has mapped every slot.
  void UseUpThePool() {
    As(kT2, 1);
    for (int slot = 0; slot < machine.profile.last_pkmap; slot++) Kmap(Page(slot), slot);
    As(kT1, 0);
  }
  // T1 is asleep for page C + 5, properly queued.
  void PutT1ToSleep() {
    As(kT1, 0);
    Begin(OpCode::kmap, static_cast<Pfn>(C() + 5));
    Lock();
    Mark(EventKind::attempt, static_cast<Pfn>(C() + 5));
    Sweep({});
    Mark(EventKind::attempt_sleep, static_cast<Pfn>(C() + 5));
    SetTaskState(kT1, TaskState::kUninterruptible);
    WaitQueueAdd(0, kT1);
    Step();
    Unlock();
    Mark(EventKind::sleep, kT1);
  }
};

TEST_F(WaitersTest, SilentOnSleepAndWake) {
  UseUpThePool();
  PutT1ToSleep();
  As(kT2, 1);
  Begin(OpCode::kunmap, Page(1));
  Lock();
  Count(1, 1);
  Unlock();
  WaitQueueWake(0);
  Step();
  End(OpCode::kunmap, Page(1));  // T1 is still queued, but RUNNING
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(WaitersTest, I15SleepsWithoutASweepOfItsOwn) {
  UseUpThePool();
  Begin(OpCode::kmap, static_cast<Pfn>(C() + 5));
  Lock();
  Sweep({});
  Mark(EventKind::attempt, static_cast<Pfn>(C() + 5));  // a new attempt: that sweep was before it
  Mark(EventKind::attempt_sleep, static_cast<Pfn>(C() + 5));
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I15));
}

TEST_F(WaitersTest, I15SleepsAlthoughASlotIsLeft) {
  UseUpThePool();
  As(kT2, 1);
  Kunmap(Page(3), 3);
  As(kT1, 0);
  Begin(OpCode::kmap, static_cast<Pfn>(C() + 5));
  Lock();
  Mark(EventKind::attempt, static_cast<Pfn>(C() + 5));
  Sweep({});  // misses slot 3
  Mark(EventKind::attempt_sleep, static_cast<Pfn>(C() + 5));
  EXPECT_THAT(Fired(), Contains(FindingId::I15));
}

// wake-sampled-before-lock; a wake-up left out
TEST_F(WaitersTest, I16KunmapReturnsAndHasWokenNobody) {
  UseUpThePool();
  PutT1ToSleep();
  As(kT2, 1);
  Begin(OpCode::kunmap, Page(1));
  Lock();
  Count(1, 1);
  Unlock();
  EXPECT_THAT(Fired(), IsEmpty());
  End(OpCode::kunmap, Page(1));
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I16));
}

TEST_F(WaitersTest, I16NothingToDoWhileOthersUseTheSlot) {
  UseUpThePool();
  As(kT2, 1);
  KmapAgain(Page(1), 1);
  PutT1ToSleep();
  As(kT2, 1);
  Kunmap(Page(1), 1);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(WaitersTest, I17SecondMapOfAPageInUseElsewhere) {
  Kmap(A(), 1);
  As(kT2, 1);
  Begin(OpCode::kmap, A());
  End(OpCode::kmap, A(), PKMAP_ADDR(2));
  EXPECT_THAT(Fired(), Contains(FindingId::I17));
}

TEST_F(WaitersTest, I17AnotherSlotIsFineOnceNobodyUsesTheFirst) {
  Kmap(A(), 1);
  Kunmap(A(), 1);
  FlushUnused({1});
  Kmap(A(), 2);
  EXPECT_THAT(Fired(), IsEmpty());
}

}  // namespace
}  // namespace highmem
