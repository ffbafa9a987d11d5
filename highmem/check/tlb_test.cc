#include "highmem/check/tlb.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/tlb.h"

namespace highmem {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class TlbTest : public CheckBench {
 protected:
  void Fill(CpuId cpu, int slot) {
    TlbFill(cpu, slot, true);
    Step();
  }
  // What a sweep does to slot 1, up to the TLB flush.
  void Reclaim() {
    Begin(OpCode::kmap_flush_unused);
    Lock();
    Mark(EventKind::sweep_begin);
    Mark(EventKind::flush_cache_kmaps);
    Count(1, 0);
    Pte(1, kNoPfn);
    Record(1, kNoPfn);
  }
};

TEST_F(TlbTest, SilentOnFillsWhereverThePteIsPresent) {
  Kmap(A(), 1);
  Fill(1, 1);
  Kunmap(A(), 1);
  Begin(OpCode::kmap_flush_unused);
  Lock();
  Mark(EventKind::sweep_begin);
  Mark(EventKind::flush_cache_kmaps);
  Count(1, 0);
  Fill(0, 1);  // between count and PTE: legal
  Pte(1, kNoPfn);
  Record(1, kNoPfn);
  FlushAllTlbs();
  Mark(EventKind::sweep_end, 1);
  Unlock();
  End(OpCode::kmap_flush_unused);
  Kmap(B(), 1);
  EXPECT_THAT(Fired(), IsEmpty());
}

// shootdown-local-only
TEST_F(TlbTest, I4FreeSlotIsStillCachedElsewhere) {
  Kmap(A(), 1);
  Fill(1, 1);
  Kunmap(A(), 1);
  Reclaim();
  FlushTlb(0);
  EXPECT_THAT(Fired(), IsEmpty());
  Mark(EventKind::sweep_end, 1);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I4));
}

TEST_F(TlbTest, I5CachedEntryDiffersFromThePte) {
  Kmap(A(), 1);
  Fill(1, 1);
  Kunmap(A(), 1);
  Lock();
  Pte(1, B());
  Record(1, B());
  Unlock();
  EXPECT_THAT(Fired(), Contains(FindingId::I5));
}

TEST_F(TlbTest, I7ReuseWithoutAnyFlush) {
  Kmap(A(), 1);
  Kunmap(A(), 1);
  Reclaim();
  EXPECT_THAT(Fired(), IsEmpty());
  Pte(1, B());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I7));
}

TEST_F(TlbTest, I7AFlushCountsOnlyIfEveryCpuMadeIt) {
  Kmap(A(), 1);
  Kunmap(A(), 1);
  Reclaim();
  FlushTlb(0);
  Pte(1, B());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I7));
}

TEST_F(TlbTest, I7AFlushBeforeThePteIsClearedDoesNotCount) {
  Kmap(A(), 1);
  Kunmap(A(), 1);
  Lock();
  Mark(EventKind::flush_cache_kmaps);
  FlushAllTlbs();
  Pte(1, kNoPfn);
  Pte(1, B());
  EXPECT_THAT(Fired(), Contains(FindingId::I7));
}

TEST_F(TlbTest, I7NoCacheHook) {
  Kmap(A(), 1);
  Kunmap(A(), 1);
  Lock();
  Count(1, 0);
  Pte(1, kNoPfn);
  FlushAllTlbs();
  Pte(1, B());
  EXPECT_THAT(Fired(), Contains(FindingId::I7));
}

TEST_F(TlbTest, I7TheSamePageMayComeBackUnflushed) {
  Kmap(A(), 1);
  Kunmap(A(), 1);
  Lock();
  Pte(1, kNoPfn);
  Pte(1, A());
  EXPECT_THAT(Fired(), Not(Contains(FindingId::I7)));
}

TEST_F(TlbTest, I14ThePteOfAMapInUseIsTakenAway) {
  Kmap(A(), 1);
  Begin(OpCode::kmap_flush_unused);
  Lock();
  Pte(1, kNoPfn);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I14));
}

TEST_F(TlbTest, I14TheAddressGivenOutIsStaleOnSomeCpu) {
  Kmap(A(), 1);
  Fill(1, 1);
  Kunmap(A(), 1);
  Begin(OpCode::kmap, B());
  Pte(1, B());
  Count(1, 2);
  Record(1, B());
  Fired();
  End(OpCode::kmap, B(), PKMAP_ADDR(1));
  EXPECT_THAT(Fired(), Contains(FindingId::I14));
}

TEST_F(TlbTest, I14ParkedSlotsMayGoAtAnyTime) {
  Kmap(A(), 1);
  Kunmap(A(), 1);
  Reclaim();
  EXPECT_THAT(Fired(), IsEmpty());
}

// shootdown-range-short: four slots are more than the threshold of two pages.
TEST_F(TlbTest, I46ACpuKeepsWhatIsNotThePools) {
  JudgeOrder();
  Kmap(A(), 1);
  Kunmap(A(), 1);
  Reclaim();
  Fired();
  FlushTlb(0);
  Mark(EventKind::sweep_end, 1);
  EXPECT_THAT(Fired(), Contains(FindingId::I46));
}

TEST_F(TlbTest, I46SilentWhereEveryTlbIsEmptied) {
  JudgeOrder();
  Kmap(A(), 1);
  Kunmap(A(), 1);
  Reclaim();
  Fired();
  FlushAllTlbs();
  Mark(EventKind::sweep_end, 1);
  EXPECT_THAT(Fired(), Not(Contains(FindingId::I46)));
}

}  // namespace
}  // namespace highmem
