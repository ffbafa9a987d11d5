#include "highmem/model/actors.h"

#include <gtest/gtest.h>

#include "highmem/machine/arena.h"

namespace highmem::model {
namespace {

// Tasks T1 and T2, softirq, hardirq, NMI and page fault, on CPU0 or CPU1 as events say.
class ActorsTest : public testing::Test {
 protected:
  enum : ActorId { kT1, kT2, kSoftirq, kIrq, kNmi, kFault };

  ActorsTest() {
    trace_.profile = *FindProfile("x86_tiny");
    trace_.actors.resize(6);
    trace_.actors[kSoftirq].kind = ActorKind::softirq;
    trace_.actors[kIrq].kind = ActorKind::irq;
    trace_.actors[kNmi].kind = ActorKind::nmi;
    trace_.actors[kFault].kind = ActorKind::fault;
    arena.Reset(1);
    MachineReset(trace_.profile);
    actors_.Begin(trace_);
  }

  void Op(ActorId who, OpCode code) {
    actors_.OpBegin({1, who, 0, EventKind::op_begin, 0, 0, static_cast<uint32_t>(code), kNoPfn, 0});
    actors_.OpEnd({1, who, 0, EventKind::op_end, 0, 0, static_cast<uint32_t>(code), 0, kNoPfn});
  }
  void Enter(ActorId who, CpuId cpu = 0) {
    actors_.HandlerBegin({1, who, cpu, EventKind::actor_begin, 0, who, 0, 0, 0});
  }
  void Switch(CpuId cpu, uint32_t task) {
    actors_.TaskSwitch({1, kT1, cpu, EventKind::task_switch, 0, 0, 0, task, 0});
  }

  Trace trace_;
  Actors actors_;
};

TEST_F(ActorsTest, SectionsForbidSleepAndFaults) {
  EXPECT_EQ(actors_.MaySleep(kT1), Known::yes);
  EXPECT_EQ(actors_.FaultsServed(kT1), Known::yes);
  for (const auto& [open, close] : {std::pair{OpCode::preempt_disable, OpCode::preempt_enable},
                                    std::pair{OpCode::lock, OpCode::unlock},
                                    std::pair{OpCode::local_bh_disable, OpCode::local_bh_enable},
                                    std::pair{OpCode::kmap_atomic, OpCode::kunmap_atomic}}) {
    Op(kT1, open);
    EXPECT_EQ(actors_.MaySleep(kT1), Known::no);
    EXPECT_EQ(actors_.InAtomic(kT1), Known::yes);
    EXPECT_EQ(actors_.FaultsServed(kT1), Known::no);
    EXPECT_EQ(actors_.InAtomicMap(kT1), open == OpCode::kmap_atomic);
    Op(kT1, close);
    EXPECT_EQ(actors_.MaySleep(kT1), Known::yes);
  }
  EXPECT_EQ(actors_.MaySleep(kT2), Known::yes);
}

TEST_F(ActorsTest, InterruptsOffForbidSleepYetAreNotAtomic) {
  Op(kT1, OpCode::irq_save);
  Op(kT1, OpCode::irq_save);
  Op(kT1, OpCode::irq_restore);
  EXPECT_EQ(actors_.InterruptsOn(kT1), Known::no);
  EXPECT_EQ(actors_.MaySleep(kT1), Known::no);
  EXPECT_EQ(actors_.InAtomic(kT1), Known::no);
  Op(kT1, OpCode::irq_restore);
  EXPECT_EQ(actors_.InterruptsOn(kT1), Known::yes);
  Op(kT1, OpCode::local_irq_disable);
  EXPECT_EQ(actors_.InterruptsOn(kT1), Known::no);
  Op(kT1, OpCode::local_irq_enable);
  EXPECT_EQ(actors_.InterruptsOn(kT1), Known::yes);
}

TEST_F(ActorsTest, HandlersFindWhatTheirKindFinds) {
  Enter(kSoftirq);
  EXPECT_EQ(actors_.InterruptsOn(kSoftirq), Known::yes);
  EXPECT_EQ(actors_.InHardirq(kSoftirq), Known::no);
  EXPECT_EQ(actors_.MaySleep(kSoftirq), Known::no);
  Enter(kIrq);
  EXPECT_EQ(actors_.InterruptsOn(kIrq), Known::no);
  EXPECT_EQ(actors_.InHardirq(kIrq), Known::yes);
  Op(kIrq, OpCode::local_irq_enable);
  EXPECT_EQ(actors_.InterruptsOn(kIrq), Known::yes);
  actors_.HandlerEnd(kIrq);
  Enter(kIrq);
  EXPECT_EQ(actors_.InterruptsOn(kIrq), Known::no);
  EXPECT_EQ(actors_.MaySleep(kT1), Known::yes);
}

TEST_F(ActorsTest, HandlersStackOnWhateverTheCpuRuns) {
  EXPECT_EQ(actors_.StackOf(kT2), 1);
  EXPECT_EQ(actors_.stacks(), 4);
  Enter(kIrq, 1);
  EXPECT_EQ(actors_.StackOf(kIrq), 3);  // CPU1's idle task
  actors_.HandlerEnd(kIrq);
  Switch(1, 1);
  Enter(kIrq, 1);
  EXPECT_EQ(actors_.StackOf(kIrq), 1);
  Enter(kNmi, 1);
  EXPECT_EQ(actors_.StackOf(kNmi), 1);
}

TEST_F(ActorsTest, APageFaultsHandlerIsAsFreeAsItsTask) {
  Switch(0, 0);
  Enter(kFault);
  EXPECT_EQ(actors_.MaySleep(kFault), Known::yes);
  actors_.HandlerEnd(kFault);
  Op(kT1, OpCode::irq_save);
  Enter(kFault);
  EXPECT_EQ(actors_.MaySleep(kFault), Known::no);
  EXPECT_EQ(actors_.InAtomic(kFault), Known::no);
}

// SPEC X19: what was not open is closed.
TEST_F(ActorsTest, OffTheRailsNobodyCanSay) {
  Op(kT1, OpCode::kmap_local_page);
  Op(kT1, OpCode::kunmap_atomic);
  EXPECT_EQ(actors_.MaySleep(kT1), Known::unknown);
  EXPECT_EQ(actors_.FaultsServed(kT1), Known::unknown);
  EXPECT_EQ(actors_.MaySleep(kT2), Known::yes);
}

TEST_F(ActorsTest, AHandlerThatLeavesASectionOpenDerailsEverybody) {
  Enter(kSoftirq);
  Op(kSoftirq, OpCode::kmap_atomic);
  actors_.HandlerEnd(kSoftirq);
  EXPECT_EQ(actors_.MaySleep(kT2), Known::unknown);
}

}  // namespace
}  // namespace highmem::model
