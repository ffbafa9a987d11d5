#include "highmem/check/local_ledger.h"

#include "highmem/check/bench_for_test.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

class LocalLedgerTest : public CheckBench {
 protected:
  LocalLedgerTest() : CheckBench(true, /*local=*/true) {}
  const LocalLedger& Books() const { return checks_.local_ledger(); }
};

TEST_F(LocalLedgerTest, AMapCountsFromItsEndToTheBeginningOfItsRelease) {
  Begin(OpCode::kmap_local_page, A());
  EXPECT_EQ(Books().depth(kT1), 0);
  EXPECT_EQ(Books().under_way(kT1), 1);
  SetLocal(0, A());
  EXPECT_TRUE(Books().MayHold(kT1, 0, A()));
  EXPECT_FALSE(Books().MayHold(kT1, 0, B()));
  EXPECT_FALSE(Books().MayHold(kT1, 1, A()));
  End(OpCode::kmap_local_page, A(), LocalAddress(0));
  EXPECT_EQ(Books().under_way(kT1), 0);
  ASSERT_EQ(Books().depth(kT1), 1);
  EXPECT_EQ(Books().maps(kT1)[0], (LocalLedger::Map{A(), 0, kT1, 0}));
  Begin(OpCode::kunmap_local, A(), LocalAddress(0) + 7);
  EXPECT_EQ(Books().depth(kT1), 0);
  EXPECT_EQ(Books().call(kT1).offset, 7);
  EXPECT_TRUE(Books().MayHold(kT1, 0, A()));
}

TEST_F(LocalLedgerTest, HandlersMapOnTopOfCurrent) {
  MapLocal(A(), 0);
  EnterIrq();
  MapLocal(B(), 1, OpCode::kmap_atomic);
  ASSERT_EQ(Books().depth(kT1), 2);
  EXPECT_EQ(Books().maps(kT1)[1], (LocalLedger::Map{B(), 1, kH3, 1}));
  EXPECT_EQ(Books().At(kT1, 1)->page, B());
  EXPECT_EQ(Books().Find(0, A()), Books().At(kT1, 0));
  EXPECT_EQ(Books().At(kT2, 1), nullptr);
}

TEST_F(LocalLedgerTest, LowPagesTakeASlotByFrameOnly) {
  Begin(OpCode::kmap_local_page, L());
  EXPECT_EQ(Books().under_way(kT1), 0);
  End(OpCode::kmap_local_page, L(), lowmem_page_address(pfn_to_page(L())));
  EXPECT_EQ(Books().depth(kT1), 0);
  MapLocal(L(), 0, OpCode::kmap_local_pfn);
  EXPECT_EQ(Books().depth(kT1), 1);
}

TEST_F(LocalLedgerTest, AReleaseThatIsNotOfTheNewestMapLosesTaskAndCpu) {
  Misuse();
  MapLocal(A(), 0);
  MapLocal(B(), 1);
  Begin(OpCode::kunmap_local, A(), LocalAddress(0));
  EXPECT_TRUE(Books().Lost(kT1, 0));
  EXPECT_TRUE(Books().Lost(kT2, 0));
  EXPECT_FALSE(Books().Lost(kT2, 1));
  EXPECT_EQ(Books().depth(kT1), 1);
}

TEST_F(LocalLedgerTest, AHandlerThatLeavesAMapBehindLosesThemToo) {
  Misuse();
  EnterIrq();
  MapLocal(A(), 0);
  Mark(EventKind::actor_end, kH3);
  EXPECT_TRUE(Books().Lost(kT1, 0));
}

TEST_F(LocalLedgerTest, APageForAnAddressReleasesNothing) {
  Misuse();
  MapLocal(A(), 0);
  Begin(OpCode::kunmap_local, A(), struct_page_address(pfn_to_page(A())));
  End(OpCode::kunmap_local, A());
  EXPECT_TRUE(Books().Cast(kT1));
  EXPECT_EQ(Books().depth(kT1), 1);
  EXPECT_FALSE(Books().Lost(kT1, 0));
}

TEST_F(LocalLedgerTest, KindsThatDoNotMatchAreMixed) {
  Misuse();
  MapLocal(A(), 0);
  UnmapLocal(A(), 0, OpCode::kunmap_atomic);
  EXPECT_TRUE(Books().Mixed(kT1));
  EXPECT_FALSE(Books().Lost(kT1, 0));
}

TEST_F(LocalLedgerTest, PreemptionEnabledThatTheCallerHadNotDisabledLosesTheTask) {
  Misuse();
  Begin(OpCode::preempt_disable, kNoPfn);
  End(OpCode::preempt_disable, kNoPfn);
  Begin(OpCode::preempt_enable, kNoPfn);
  End(OpCode::preempt_enable, kNoPfn);
  EXPECT_FALSE(Books().Lost(kT1, 0));
  Begin(OpCode::preempt_enable, kNoPfn);
  EXPECT_TRUE(Books().Lost(kT1, 0));
}

}  // namespace
}  // namespace highmem
