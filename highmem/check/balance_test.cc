#include "highmem/check/balance.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/kernel/spinlock_state.h"

namespace highmem {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class BalanceTest : public CheckBench {
 protected:
  BalanceTest() {
    machine.cpus[0].curr = kT1;
    Current().preempt_count = 0;
  }
  Task& Current() { return task(kT1); }
};

TEST_F(BalanceTest, SilentOnABalancedCall) {
  Begin(OpCode::kmap_flush_unused);
  Current().preempt_count = 1;
  Mark(EventKind::sweep_begin);
  Current().preempt_count = 0;
  End(OpCode::kmap_flush_unused);
  Mark(EventKind::actor_end, kT1);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(BalanceTest, B1CallLeavesPreemptionOff) {
  Begin(OpCode::kmap_flush_unused);
  Current().preempt_count = 1;
  End(OpCode::kmap_flush_unused);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::B1));
}

TEST_F(BalanceTest, B1CallTurnsInterruptsOn) {
  machine.cpus[0].irqs_on = 0;
  Begin(OpCode::page_address, A());
  machine.cpus[0].irqs_on = 1;
  End(OpCode::page_address, A());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::B1));
}

TEST_F(BalanceTest, OpsThatOpenASectionMay) {
  Begin(OpCode::preempt_disable);
  Current().preempt_count = 1;
  End(OpCode::preempt_disable);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(BalanceTest, B1TaskEndsInsideASection) {
  Current().preempt_count = 1;
  Mark(EventKind::actor_end, kT1);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::B1));
}

TEST_F(BalanceTest, B1TaskEndsWithALock) {
  LockTake(LockId::kKmapLock, kT1);
  Mark(EventKind::actor_end, kT1);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::B1));
}

TEST_F(BalanceTest, B1HandlerReturnsWithAnotherDepth) {
  As(kContextIpi, 0);
  Emit(EventKind::irq_enter, 0, 3, kHardirqOffset + 3);
  Step();
  Emit(EventKind::irq_exit, 0, kHardirqOffset + 3, 3);
  Step();
  EXPECT_THAT(Fired(), IsEmpty());
  Emit(EventKind::irq_enter, 0, 3, kHardirqOffset + 3);
  Step();
  Emit(EventKind::irq_exit, 0, kHardirqOffset + 4, 4);
  Step();
  EXPECT_THAT(Fired(), ElementsAre(FindingId::B1));
}

}  // namespace
}  // namespace highmem
