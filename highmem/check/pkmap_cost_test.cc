#include "highmem/check/pkmap_cost.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class PkmapCostTest : public CheckBench {
 protected:
  void MoveCursor(int16_t to) {
    fake_pool.cursor.set(0, to);
    Step();
  }
  // A has slot 1, parked, and T1 is inside kmap(A) with the lock.
  void BeginHit() {
    Kmap(A(), 1);
    Kunmap(A(), 1);
    Begin(OpCode::kmap, A());
    Lock();
  }
};

TEST_F(PkmapCostTest, I12SilentOnACheapHit) {
  BeginHit();
  Count(1, 2);
  Unlock();
  End(OpCode::kmap, A(), PKMAP_ADDR(1));
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(PkmapCostTest, I12CursorMoves) {
  BeginHit();
  MoveCursor(2);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I12));
}

TEST_F(PkmapCostTest, I12Sweeps) {
  BeginHit();
  Mark(EventKind::sweep_begin);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I12));
}

TEST_F(PkmapCostTest, I12WritesThePteAgain) {
  BeginHit();
  Pte(1, A());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I12));
}

TEST_F(PkmapCostTest, I12GetsAnotherAddress) {
  BeginHit();
  Count(1, 2);
  Unlock();
  End(OpCode::kmap, A(), PKMAP_ADDR(2));
  EXPECT_THAT(Fired(), Contains(FindingId::I12));
}

// What a task finds after it slept is the recheck's business (I2, I17).
TEST_F(PkmapCostTest, I12LooksAtTheFirstLockOnly) {
  Begin(OpCode::kmap, A());
  Lock();
  MoveCursor(1);
  Unlock();
  As(kT2, 1);
  Kmap(A(), 1);
  As(kT1, 0);
  Lock();
  MoveCursor(2);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(PkmapCostTest, I12ALocalFlushIsRedundantNotWrong) {
  BeginHit();
  FlushTlb(0);
  EXPECT_THAT(Fired(), IsEmpty());
}

// zero-count-without-flush
TEST_F(PkmapCostTest, I13KunmapTouchesAPte) {
  Kmap(A(), 1);
  Begin(OpCode::kunmap, A());
  Lock();
  Count(1, 1);
  Pte(1, kNoPfn);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I13));
}

TEST_F(PkmapCostTest, I13KunmapFlushes) {
  Kmap(A(), 1);
  Begin(OpCode::kunmap, A());
  FlushTlb(0);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I13));
  Mark(EventKind::flush_cache_kmaps);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I13));
}

TEST_F(PkmapCostTest, I13WhatOthersDoMeanwhileDoesNotMatter) {
  Kmap(A(), 1);
  Begin(OpCode::kunmap, A());
  As(kT2, 1);
  Kmap(B(), 2);
  As(kContextIpi, 0);
  FlushTlb(0);
  EXPECT_THAT(Fired(), IsEmpty());
}

}  // namespace
}  // namespace highmem
