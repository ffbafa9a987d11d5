#include "highmem/machine/cache.h"

#include <gtest/gtest.h>

#include "highmem/machine/access.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/event.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"

namespace highmem {
namespace {

constexpr Pfn kA = 2, kB = 3;

class CacheTest : public ::testing::Test {
 protected:
  void SetUp() override { Reset("armv5_vivt"); }
  static void Reset(const char* profile) {
    arena.Reset(1);
    MachineReset(*FindProfile(profile));
    events.Clear();
    events.BeginStep(1, 0, 0);
  }
  // As a kernel that forgets the cache would.
  static void Map(int nr, Pfn pfn) {
    PteSet(nr, pfn == kNoPfn ? Pte{} : Pte::Of(pfn));
    TlbFlush(0, 0, 0, /*all=*/true);
  }
  // On VIVT the frame behind the address does not matter.
  static int LineAt(Vaddr address) { return CacheLineAt(address, kNoPfn); }
  static int Count(EventKind kind) {
    int n = 0;
    for (const Event& e : events.pending()) n += e.kind == kind;
    return n;
  }
};

TEST_F(CacheTest, AStoreReachesMemoryWhenItsLineIsWrittenBack) {
  Map(1, kA);
  const Vaddr a = PKMAP_ADDR(1) + 9;
  CpuStore(0, a, 200);
  EXPECT_EQ(MemoryByte(kA, 9), InitialByte(kA, 9));
  EXPECT_EQ(CpuLoad(0, a), 200);
  const int line = LineAt(a);
  EXPECT_EQ(FrameOfLine(line), kA);
  EXPECT_TRUE(LineIsDirty(line));
  LineClean(line);
  EXPECT_EQ(MemoryByte(kA, 9), 200);
  EXPECT_TRUE(LineIsValid(line));
  EXPECT_FALSE(LineIsDirty(line));
  EXPECT_EQ(Count(EventKind::line_fill), 1);
  EXPECT_EQ(Count(EventKind::line_writeback), 1);
}

TEST_F(CacheTest, TwoAddressesOfAFrameAreTwoCopies) {
  Map(1, kA);
  Map(2, kA);
  EXPECT_EQ(CpuLoad(0, PKMAP_ADDR(2)), InitialByte(kA, 0));
  CpuStore(0, PKMAP_ADDR(1), 200);
  LineClean(LineAt(PKMAP_ADDR(1)));
  EXPECT_EQ(CpuLoad(0, PKMAP_ADDR(2)), InitialByte(kA, 0))
      << "its own copy, though memory moved on";
  LineInvalidate(LineAt(PKMAP_ADDR(2)));
  EXPECT_EQ(CpuLoad(0, PKMAP_ADDR(2)), 200);
}

TEST_F(CacheTest, ALineOutlivesItsMappingAndGoesHome) {
  Map(1, kA);
  CpuStore(0, PKMAP_ADDR(1), 200);
  Map(1, kB);
  EXPECT_EQ(CpuLoad(0, PKMAP_ADDR(1)), 200) << "A's line hits";
  CpuStore(0, PKMAP_ADDR(1) + 1, 201);
  const int line = LineAt(PKMAP_ADDR(1));
  EXPECT_EQ(FrameOfLine(line), kA);
  LineClean(line);
  EXPECT_EQ(MemoryByte(kA, 1), 201) << "B's store is in A";
  EXPECT_EQ(MemoryByte(kB, 1), InitialByte(kB, 1));
}

TEST_F(CacheTest, InvalidatingADirtyLineLosesTheStore) {
  CpuStore(0, kPageOffset + 8, 200);
  LineInvalidate(LineAt(kPageOffset + 8));
  EXPECT_EQ(CpuLoad(0, kPageOffset + 8), InitialByte(0, 8));
  const Event& drop = events.pending()[events.pending().size() - 3];
  EXPECT_EQ(drop.kind, EventKind::line_drop);
  EXPECT_EQ(drop.new_value, 1u);
}

TEST_F(CacheTest, TheHardwareTakesOneStepAtATime) {
  CpuStore(0, kPageOffset, 200);
  const int line = LineAt(kPageOffset);
  LineEvict(line);
  EXPECT_TRUE(LineIsValid(line));
  EXPECT_EQ(MemoryByte(0, 0), 200);
  LineEvict(line);
  EXPECT_FALSE(LineIsValid(line));
}

TEST_F(CacheTest, APhysicalCacheHasOneCopyOfAFrame) {
  Reset("armv7_dma_tiny");
  Map(1, kA);
  Map(2, kA);
  CpuStore(0, PKMAP_ADDR(1), 200);
  EXPECT_EQ(CpuLoad(0, PKMAP_ADDR(2)), 200);
  EXPECT_EQ(MemoryByte(kA, 0), InitialByte(kA, 0)) << "what a device sees";
  EXPECT_EQ(FrameOfLine(CacheLineAt(PKMAP_ADDR(1), kA)), kA);
}

TEST_F(CacheTest, OnX86ThereIsNoCacheToBeSeen) {
  Reset("x86_tiny");
  EXPECT_FALSE(HasCache());
  CpuStore(0, kPageOffset, 200);
  EXPECT_EQ(MemoryByte(0, 0), 200);
}

// A cache with two colours: an address of the other colour has lines of its own.
TEST_F(CacheTest, ColoursAreCopiesOfTheirOwn) {
  Reset("xtensa_tiny");
  Map(2, kA);
  Map(3, kA);
  EXPECT_EQ(AddressColour(PKMAP_ADDR(2)), PageColour(kA));
  EXPECT_EQ(AddressColour(user_address(kA)), PageColour(kA));
  CpuStore(0, PKMAP_ADDR(2), 9);
  EXPECT_EQ(CpuLoad(0, user_address(kA)), 9) << "the same colour";
  EXPECT_EQ(CpuLoad(0, PKMAP_ADDR(3)), InitialByte(kA, 0)) << "the other one: memory's byte";
  LineClean(CacheLineAt(PKMAP_ADDR(2), kA));
  EXPECT_EQ(CpuLoad(0, PKMAP_ADDR(3)), InitialByte(kA, 0)) << "and it stays in its line";
  LineInvalidate(CacheLineAt(PKMAP_ADDR(3), kA));
  EXPECT_EQ(CpuLoad(0, PKMAP_ADDR(3)), 9);
}

TEST_F(CacheTest, AnOuterCacheLiesBetweenAndIsReachedByFrame) {
  Reset("armv7_outer_tiny");
  Map(1, kA);
  const Vaddr a = PKMAP_ADDR(1) + 9;
  CpuStore(0, a, 200);
  const int outer = OuterLineAt(kA, 9);
  EXPECT_TRUE(LineIsValid(outer));  // the inner line was filled through it
  EXPECT_FALSE(LineIsDirty(outer));
  CpuMaintainLine(0, a, /*clean=*/true, /*invalidate=*/false);
  EXPECT_TRUE(LineIsDirty(outer));
  EXPECT_EQ(DeviceLoad(kA, 9), InitialByte(kA, 9));
  OuterMaintainLine(kA, 9, /*clean=*/true, /*invalidate=*/false);
  EXPECT_EQ(DeviceLoad(kA, 9), 200);
}

TEST_F(CacheTest, WhatIsDroppedInsideComesBackFromTheOuterCache) {
  Reset("armv7_outer_tiny");
  Map(1, kA);
  const Vaddr a = PKMAP_ADDR(1) + 9;
  EXPECT_EQ(CpuLoad(0, a), InitialByte(kA, 9));
  DeviceStore(kA, 9, 77);
  CpuMaintainLine(0, a, /*clean=*/false, /*invalidate=*/true);
  EXPECT_EQ(CpuLoad(0, a), InitialByte(kA, 9));
  OuterMaintainLine(kA, 9, /*clean=*/false, /*invalidate=*/true);
  CpuMaintainLine(0, a, /*clean=*/false, /*invalidate=*/true);
  EXPECT_EQ(CpuLoad(0, a), 77);
}

}  // namespace
}  // namespace highmem
