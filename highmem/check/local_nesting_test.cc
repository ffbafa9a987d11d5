#include "highmem/check/local_nesting.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/kernel/primitive.h"

namespace highmem {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LocalNestingTest : public CheckBench {
 protected:
  LocalNestingTest() : CheckBench(true, /*local=*/true) {}
};

TEST_F(LocalNestingTest, SilentOnABalancedHandlerInsideAMap) {
  Begin(OpCode::kmap_local_page, A());
  Pin(1);
  task(kT1).preempt_count = 1;
  Idx(1);
  EnterIrq();
  MapLocal(B(), 1);
  UnmapLocal(B(), 1);
  ExitIrq(kT1);
  LocalPte(0, A());
  Saved(0, A());
  task(kT1).preempt_count = 0;
  End(OpCode::kmap_local_page, A(), LocalAddress(0));
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(LocalNestingTest, I33TheIndexIsNotPutBack) {
  MapLocal(A(), 0);
  EnterIrq();
  Idx(2);
  ExitIrq(kT1);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I33));
}

TEST_F(LocalNestingTest, I33ASlotOfACallUnderWayIsEmptied) {
  Begin(OpCode::kmap_local_page, A());
  SetLocal(0, A());
  task(kT1).preempt_count = 1;
  EnterIrq();
  LocalPte(0, kNoPfn);
  EXPECT_THAT(Fired(), IsEmpty());
  ExitIrq(kT1);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I33));
}

TEST_F(LocalNestingTest, I33AHandlerWritesTheSlotBelow) {
  MapLocal(A(), 0);
  EnterIrq();
  Begin(OpCode::kmap_local_page, B());
  LocalPte(0, B());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I33, FindingId::I25));
}

// What lies above the index is nobody's: ctl-pop-then-clear-saved.
TEST_F(LocalNestingTest, SilentWhereTheSavedCopyIsStillThereAboveTheIndex) {
  MapLocal(A(), 0);
  Begin(OpCode::kunmap_local, A(), LocalAddress(0));
  task(kT1).preempt_count = 1;
  LocalPte(0, kNoPfn);
  Idx(0);
  EnterIrq();
  MapLocal(B(), 0);
  UnmapLocal(B(), 0);
  ExitIrq(kT1);
  EXPECT_THAT(Fired(), IsEmpty());
}

// atomic-pop-before-clear
TEST_F(LocalNestingTest, I33TheSlotAHandlerTakesIsInUse) {
  MapLocal(A(), 0);
  Begin(OpCode::kunmap_local, A(), LocalAddress(0));
  task(kT1).preempt_count = 1;
  Idx(0);
  EnterIrq();
  Begin(OpCode::kmap_local_page, B());
  Mark(EventKind::bug, static_cast<uint32_t>(Site::kmap_local_pfn_prot_pte));
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I33));
}

}  // namespace
}  // namespace highmem
