#include "highmem/check/pkmap_order.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class PkmapOrderTest : public CheckBench {
 protected:
  PkmapOrderTest() { JudgeOrder(); }

  void Cursor(int16_t to) {
    fake_pool.cursor.set(0, to);
    Step();
  }
  // A is parked in slot 1 and T1 searches a slot for B.
  void Search() {
    Begin(OpCode::kmap, A());
    Lock();
    Mark(EventKind::attempt, A());
    Cursor(1);
    Install(1, A());
    Unlock();
    End(OpCode::kmap, A(), PKMAP_ADDR(1));
    Kunmap(A(), 1);
    Begin(OpCode::kmap, B());
    Lock();
    Mark(EventKind::attempt, B());
  }
};

TEST_F(PkmapOrderTest, SilentOnARoundOfThePool) {
  Search();
  Cursor(2);
  Install(2, B());
  Unlock();
  End(OpCode::kmap, B(), PKMAP_ADDR(2));
  Begin(OpCode::kmap, C());
  Lock();
  Mark(EventKind::attempt, C());
  Cursor(3);
  Install(3, C());
  Unlock();
  End(OpCode::kmap, C(), PKMAP_ADDR(3));
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(PkmapOrderTest, I8TheCursorJumps) {
  Search();
  Cursor(3);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I8));
}

TEST_F(PkmapOrderTest, I8AFreeSlotIsPassedOver) {
  Search();
  Cursor(2);
  EXPECT_THAT(Fired(), IsEmpty());
  Cursor(3);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I8));
}

TEST_F(PkmapOrderTest, I8AnotherSlotIsTaken) {
  Search();
  Cursor(2);
  Count(3, 1);
  EXPECT_THAT(Fired(), Contains(FindingId::I8));
}

TEST_F(PkmapOrderTest, I9Slot0WithoutASweep) {
  fake_pool.cursor.set(0, 3);
  Begin(OpCode::kmap, A());
  Lock();
  Mark(EventKind::attempt, A());
  Cursor(0);
  Count(0, 1);
  EXPECT_THAT(Fired(), Contains(FindingId::I9));
}

TEST_F(PkmapOrderTest, I10AFlushForNothing) {
  Begin(OpCode::kmap_flush_unused);
  Lock();
  Mark(EventKind::sweep_begin);
  Mark(EventKind::flush_cache_kmaps);
  Mark(EventKind::tlb_global_begin);
  Mark(EventKind::sweep_end);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I10));
}

TEST_F(PkmapOrderTest, I10TheCacheHookIsForgotten) {
  Begin(OpCode::kmap_flush_unused);
  Lock();
  Mark(EventKind::sweep_begin);
  Mark(EventKind::sweep_end);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I10));
}

TEST_F(PkmapOrderTest, I10AFlushWithoutASweep) {
  Begin(OpCode::kmap, A());
  Lock();
  Mark(EventKind::tlb_global_begin);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I10));
}

TEST_F(PkmapOrderTest, I11ASweepBeforeTheWrap) {
  Search();
  Cursor(2);
  Mark(EventKind::sweep_begin);
  EXPECT_THAT(Fired(), Contains(FindingId::I11));
}

TEST_F(PkmapOrderTest, I19AParkedSlotSurvives) {
  Search();
  Fired();
  Begin(OpCode::kmap_flush_unused);
  Lock();
  Mark(EventKind::sweep_begin);
  Mark(EventKind::flush_cache_kmaps);
  Mark(EventKind::sweep_end);
  EXPECT_THAT(Fired(), Contains(FindingId::I19));
}

TEST_F(PkmapOrderTest, I19NobodySweeps) {
  Begin(OpCode::kmap_flush_unused);
  End(OpCode::kmap_flush_unused);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I19));
}

}  // namespace
}  // namespace highmem
