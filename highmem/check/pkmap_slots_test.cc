#include "highmem/check/pkmap_slots.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"

namespace highmem {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

using PkmapSlotsTest = CheckBench;

TEST_F(PkmapSlotsTest, SilentOnARoundOfThePool) {
  Kmap(A(), 1);
  KmapAgain(A(), 1);
  Kunmap(A(), 1);
  Kunmap(A(), 1);
  FlushUnused({1});
  Kmap(B(), 1);
  EXPECT_THAT(Fired(), IsEmpty());
}

// page-address-left-behind
TEST_F(PkmapSlotsTest, I1RecordOutlivesTheSlot) {
  Kmap(A(), 1);
  Kunmap(A(), 1);
  Begin(OpCode::kmap_flush_unused);
  Lock();
  Mark(EventKind::sweep_begin);
  Mark(EventKind::flush_cache_kmaps);
  Count(1, 0);
  Pte(1, kNoPfn);
  FlushAllTlbs();
  EXPECT_THAT(Fired(), IsEmpty());
  Mark(EventKind::sweep_end, 1);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I1, FindingId::I2));
}

TEST_F(PkmapSlotsTest, I1PteOutlivesTheCount) {
  Kmap(A(), 1);
  Kunmap(A(), 1);
  Begin(OpCode::kmap_flush_unused);
  Lock();
  Mark(EventKind::sweep_begin);
  Count(1, 0);
  Record(1, kNoPfn);
  EXPECT_THAT(Fired(), IsEmpty());
  Unlock();
  EXPECT_THAT(Fired(), Contains(FindingId::I1));
}

TEST_F(PkmapSlotsTest, I1CountWithoutPte) {
  Lock();
  Count(2, 1);
  Unlock();
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I1));
}

// no-recheck-after-sleep
TEST_F(PkmapSlotsTest, I2OnePageInTwoSlots) {
  Kmap(A(), 1);
  Begin(OpCode::kmap, A());
  Lock();
  Install(2, A());
  Unlock();
  EXPECT_THAT(Fired(), Contains(FindingId::I2));
}

TEST_F(PkmapSlotsTest, I2PteOfALowPage) {
  Begin(OpCode::kmap_flush_unused);
  Lock();
  Install(1, L());
  Unlock();
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I2));
}

TEST_F(PkmapSlotsTest, I2PageAddressReportsAnotherSlot) {
  Kmap(A(), 1);
  Lock();
  Record(1, kNoPfn);
  Record(2, A());
  Unlock();
  EXPECT_THAT(Fired(), Contains(FindingId::I2));
}

TEST_F(PkmapSlotsTest, I6CountLeaps) {
  Begin(OpCode::kmap_flush_unused);
  Lock();
  Count(1, 2);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I6));
}

// zero-count-without-flush
TEST_F(PkmapSlotsTest, I6CountFallsToZeroOutsideASweep) {
  Kmap(A(), 1);
  Kunmap(A(), 1);
  Begin(OpCode::kmap_flush_unused);
  Lock();
  Count(1, 0);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I6));
}

TEST_F(PkmapSlotsTest, I6SomebodyElsesSweepIsNoExcuse) {
  Kmap(A(), 1);
  Kunmap(A(), 1);
  Begin(OpCode::kmap_flush_unused);
  Mark(EventKind::sweep_begin);
  As(kT2, 1);
  Count(1, 0);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I6));
}

TEST_F(PkmapSlotsTest, I6CountBelowZero) {
  Begin(OpCode::kmap_flush_unused);
  Count(1, -1);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I6));
}

class ForeignPortTest : public CheckBench {
 protected:
  ForeignPortTest() : CheckBench(/*exported=*/false) {}
};

TEST_F(ForeignPortTest, OwesTheContractOnly) {
  Lock();
  Count(1, 7);
  Pte(1, A());
  Unlock();
  EXPECT_THAT(Fired(), IsEmpty());
  Lock();
  Pte(2, A());
  Unlock();
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I2));
}

}  // namespace
}  // namespace highmem
