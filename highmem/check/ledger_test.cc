#include "highmem/check/ledger.h"

#include "highmem/check/bench_for_test.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

using LedgerTest = CheckBench;

TEST_F(LedgerTest, BoundsMeetWhenNobodyIsInACall) {
  Begin(OpCode::kmap, A());
  EXPECT_EQ(checks_.ledger().page(A()).sure, 0);
  EXPECT_EQ(checks_.ledger().page(A()).possible, 1);
  EXPECT_FALSE(checks_.ledger().quiet());
  Lock();
  Install(1, A());
  Unlock();
  End(OpCode::kmap, A(), PKMAP_ADDR(1));
  EXPECT_EQ(checks_.ledger().page(A()).sure, 1);
  EXPECT_EQ(checks_.ledger().page(A()).possible, 1);
  EXPECT_EQ(checks_.ledger().page(A()).slot_plus_1, 2);
  EXPECT_TRUE(checks_.ledger().quiet());
  Begin(OpCode::kunmap, A());
  EXPECT_EQ(checks_.ledger().page(A()).sure, 0);
  EXPECT_EQ(checks_.ledger().page(A()).possible, 1);
}

TEST_F(LedgerTest, LowPagesAreNotBooked) {
  Begin(OpCode::kmap, L());
  End(OpCode::kmap, L(), lowmem_page_address(pfn_to_page(L())));
  EXPECT_EQ(checks_.ledger().page(L()).possible, 0);
  EXPECT_EQ(checks_.ledger().actor(kT1).owed, 0);
}

TEST_F(LedgerTest, ThePostCarriesTheDutyToRelease) {
  Kmap(A(), 1);
  EXPECT_EQ(checks_.ledger().actor(kT1).owed, 1);
  Mark(EventKind::post, A());
  EXPECT_EQ(checks_.ledger().actor(kT1).owed, 0);
  EXPECT_EQ(checks_.ledger().in_the_post(), 1);
  As(kT2, 1);
  Mark(EventKind::take, A());
  EXPECT_EQ(checks_.ledger().actor(kT2).owed, 1);
  EXPECT_EQ(checks_.ledger().in_the_post(), 0);
}

TEST_F(LedgerTest, ContextsThatAreNoActorsAreInNoOp) {
  Begin(OpCode::kmap, A());
  EXPECT_TRUE(checks_.ledger().In(kT1, OpCode::kmap));
  EXPECT_FALSE(checks_.ledger().In(kContextIpi, OpCode::kmap));
  EXPECT_FALSE(checks_.ledger().In(kContextHw + 1, OpCode::kmap));
}

}  // namespace
}  // namespace highmem
