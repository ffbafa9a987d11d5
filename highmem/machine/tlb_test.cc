#include "highmem/machine/tlb.h"

#include <gtest/gtest.h>

#include "highmem/machine/access.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/event.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"

namespace highmem {
namespace {

// A TLB whose entries hold two neighbouring pages.
class PairedTlbTest : public testing::Test {
 protected:
  PairedTlbTest() {
    arena.Reset(1);
    MachineReset(*FindProfile("csky_tiny"));
    events.Clear();
    events.BeginStep(1, 0, 0);
  }
};

TEST_F(PairedTlbTest, NeighboursAreAnEvenAndAnOddPage) {
  EXPECT_EQ(TlbPairOf(0), 1);
  EXPECT_EQ(TlbPairOf(3), 2);
  for (int index = 0; index < FixKmapSlots(); index++) {
    const int pair = TlbPairOf(FixKmapVpn(index));
    if (pair < 0) continue;
    EXPECT_EQ(TlbPairOf(pair), FixKmapVpn(index));
    const Vaddr a = FixKmapAddr(index), b = FixKmapAddr(pair - machine.profile.last_pkmap);
    EXPECT_EQ(a ^ b, static_cast<Vaddr>(machine.profile.page_size));
  }
}

TEST_F(PairedTlbTest, AnEntryKnowsThatTheOtherPageWasNotThere) {
  PteSet(2, Pte::Of(5));
  EXPECT_EQ(CpuLoad(0, PKMAP_ADDR(2)), InitialByte(5, 0));
  PteSet(3, Pte::Of(6));
  EXPECT_TRUE(TlbHoldsNotPresent(0, 3));
  EXPECT_TRUE(TlbGet(0, 3).none());
  EXPECT_EQ(CpuLoad(0, PKMAP_ADDR(3)), kFault) << "nobody has flushed it";
  TlbFlush(0, 3, 4, /*all=*/false);
  EXPECT_EQ(CpuLoad(0, PKMAP_ADDR(3)), InitialByte(6, 0));
  EXPECT_EQ(TlbGet(0, 2).pfn(), 5) << "filled with its neighbour";
}

TEST_F(PairedTlbTest, FlushAndEvictionTakeBoth) {
  PteSet(0, Pte::Of(5));
  PteSet(1, Pte::Of(6));
  TlbFill(0, 0, /*speculative=*/true);
  EXPECT_EQ(TlbGet(0, 1).pfn(), 6);
  TlbFlush(0, 1, 2, /*all=*/false);
  EXPECT_TRUE(TlbGet(0, 0).none());
  TlbFill(0, 1, /*speculative=*/true);
  TlbEvict(0, 0);
  EXPECT_TRUE(TlbGet(0, 1).none());
}

}  // namespace
}  // namespace highmem
