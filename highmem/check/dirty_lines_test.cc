#include "highmem/check/dirty_lines.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/machine/access.h"
#include "highmem/machine/cache.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class DirtyLinesTest : public CheckBench {
 protected:
  DirtyLinesTest() : CheckBench(true, true, FindProfile("armv5_vivt")) {}

  // A has slot 1 and a dirty line there.
  void StoreToA() {
    Kmap(A(), 1);
    Begin(OpCode::store, A(), PKMAP_ADDR(1));
    CpuStore(0, PKMAP_ADDR(1), 7);
    Step();
    End(OpCode::store, A());
  }
  void Maintain(bool clean, bool invalidate) {
    CpuMaintainLine(0, PKMAP_ADDR(1), clean, invalidate);
    Step();
  }
};

TEST_F(DirtyLinesTest, SilentWhenWrittenBack) {
  StoreToA();
  Maintain(true, false);
  Maintain(false, true);
  EXPECT_THAT(Fired(), IsEmpty());
  EXPECT_EQ(MemoryByte(A(), 0), 7);
}

TEST_F(DirtyLinesTest, D3DropsADirtyLine) {
  StoreToA();
  Maintain(false, true);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::D3));
}

TEST_F(DirtyLinesTest, DmaMayDropItsOwnPage) {
  StoreToA();
  Begin(OpCode::dma_map_from, A());
  Maintain(false, true);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(DirtyLinesTest, D3DmaDropsAnotherPage) {
  StoreToA();
  Begin(OpCode::dma_map_from, B());
  Maintain(false, true);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I21, FindingId::D3));
}

// maint-without-pin
TEST_F(DirtyLinesTest, I21TheSlotIsNobodysAnyMore) {
  Kmap(A(), 1);
  Kunmap(A(), 1);
  Begin(OpCode::dma_map_to, A());
  Maintain(true, false);
  EXPECT_THAT(Fired(), IsEmpty());
  Pte(1, kNoPfn);
  Fired();
  Maintain(true, false);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I21));
}

TEST_F(DirtyLinesTest, D3StoresIntoALineOfAnotherPage) {
  StoreToA();
  Pte(1, B());
  FlushTlb(0);
  Fired();
  CpuStore(0, PKMAP_ADDR(1), 8);
  Step();
  EXPECT_THAT(Fired(), ElementsAre(FindingId::D3));
}

TEST_F(DirtyLinesTest, I22UnmapsADirtyLine) {
  StoreToA();
  Pte(1, kNoPfn);
  EXPECT_THAT(Fired(), Contains(FindingId::I22));
}

}  // namespace
}  // namespace highmem
