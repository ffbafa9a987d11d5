#include "highmem/machine/machine.h"

#include <gtest/gtest.h>

#include "highmem/machine/access.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/event.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"

namespace highmem {
namespace {

class MachineTest : public ::testing::Test {
 protected:
  void SetUp() override {
    arena.Reset(1);
    MachineReset(*FindProfile("x86_tiny"));
    events.Clear();
    events.BeginStep(1, 0, 0);
  }
};

TEST_F(MachineTest, LowPagesComeFirstAndBytesTellPagesApart) {
  EXPECT_FALSE(PageHighMem(pfn_to_page(1)));
  EXPECT_TRUE(PageHighMem(pfn_to_page(2)));
  for (int a = 0; a < machine.profile.pages(); a++) {
    EXPECT_NE(InitialByte(static_cast<Pfn>(a), 0), 0);
    for (int b = 0; b < a; b++)
      EXPECT_NE(InitialByte(static_cast<Pfn>(a), 0), InitialByte(static_cast<Pfn>(b), 0));
  }
}

TEST_F(MachineTest, EveryByteOfEveryPageIsItsInitialByte) {
  for (const char* name : {"x86_tiny", "x86_8", "x86_pae", "sparc"}) {
    arena.Reset(1);
    MachineReset(*FindProfile(name));
    int wrong = 0;
    for (int pfn = 0; pfn < machine.profile.pages(); pfn++)
      for (int i = 0; i < machine.profile.page_size; i++)
        wrong += machine.memory[(pfn << machine.page_shift) + i] !=
                 InitialByte(static_cast<Pfn>(pfn), static_cast<uint32_t>(i));
    EXPECT_EQ(wrong, 0) << name;
  }
}

TEST_F(MachineTest, AddressesAndPageNumbersAgree) {
  for (int nr = 0; nr < machine.profile.last_pkmap; nr++) {
    EXPECT_EQ(PKMAP_NR(PKMAP_ADDR(nr) + 5), nr);
    EXPECT_EQ(VpnOf(PKMAP_ADDR(nr) + 5), nr);
  }
  EXPECT_FALSE(InPkmap(PKMAP_ADDR(machine.profile.last_pkmap))) << "the end is outside";
  for (int i = 0; i < FixKmapSlots(); i++) {
    EXPECT_TRUE(InFixKmap(FixKmapAddr(i) + 3));
    EXPECT_EQ(FixKmapIndex(FixKmapAddr(i) + 3), i);
    EXPECT_EQ(VpnOf(FixKmapAddr(i)), machine.profile.last_pkmap + i);
  }
  EXPECT_FALSE(InFixKmap(FixKmapAddr(FixKmapSlots())));
  EXPECT_FALSE(InFixKmap(FixKmapAddr(0) + 32));
  EXPECT_EQ(VpnOf(0), -1);
  EXPECT_EQ(VpnOf(kPageOffset), -1) << "the linear map needs no PTE";
}

TEST_F(MachineTest, ALoadFillsTheTlbAndAStaleEntryOutlivesThePte) {
  const Vaddr a = PKMAP_ADDR(1);
  EXPECT_EQ(CpuLoad(0, a), kFault);
  PteSet(1, Pte::Of(4));
  EXPECT_EQ(CpuLoad(0, a), InitialByte(4, 0));
  PteSet(1, Pte::Of(5));
  EXPECT_EQ(CpuLoad(0, a), InitialByte(4, 0)) << "nobody flushed CPU 0";
  EXPECT_EQ(CpuLoad(1, a), InitialByte(5, 0)) << "CPU 1 had nothing cached";
  TlbFlush(0, 1, 2, /*all=*/false);
  EXPECT_EQ(CpuLoad(0, a), InitialByte(5, 0));
  PteSet(1, Pte{});
  EXPECT_EQ(CpuLoad(1, a), InitialByte(5, 0));
  TlbFlush(1, 0, 0, /*all=*/true);
  EXPECT_EQ(CpuLoad(1, a), kFault) << "not-present entries are not cached";
}

TEST_F(MachineTest, StoresReachMemoryThroughAnyAlias) {
  PteSet(0, Pte::Of(3));
  PteSet(1, Pte::Of(3));
  EXPECT_EQ(CpuStore(0, PKMAP_ADDR(0) + 9, 0x77), 0x77);
  EXPECT_EQ(CpuLoad(1, PKMAP_ADDR(1) + 9), 0x77);
  EXPECT_EQ(CpuStore(0, 4, 1), kFault);
}

TEST_F(MachineTest, LowPagesNeedNeitherPteNorTlb) {
  EXPECT_EQ(CpuLoad(0, lowmem_page_address(pfn_to_page(1)) + 2), InitialByte(1, 2));
  EXPECT_EQ(CpuLoad(0, kPageOffset + 2u * 32), kFault) << "a high frame has no linear address";
}

TEST_F(MachineTest, SpeculationAndEvictionAreEvents) {
  PteSet(2, Pte::Of(6));
  events.Clear();
  TlbFill(1, 2, /*speculative=*/true);
  TlbEvict(1, 2);
  ASSERT_EQ(events.pending().size(), 2u);
  EXPECT_EQ(events.pending()[0].kind, EventKind::tlb_fill);
  EXPECT_EQ(events.pending()[0].aux, 1u);
  EXPECT_EQ(events.pending()[1].kind, EventKind::tlb_evict);
  EXPECT_TRUE(TlbGet(1, 2).none());
}

TEST_F(MachineTest, AFullRingIsSaidNotHidden) {
  for (int i = 0; i < EventRing::kCapacity; i++) Emit(EventKind::load);
  EXPECT_FALSE(events.overflow());
  Emit(EventKind::load);
  EXPECT_TRUE(events.overflow());
  EXPECT_EQ(events.pending().size(), static_cast<size_t>(EventRing::kCapacity));
}

}  // namespace
}  // namespace highmem
