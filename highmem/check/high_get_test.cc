#include "highmem/check/high_get.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class HighGetTest : public CheckBench {
 protected:
  HighGetTest() : CheckBench(true, true, FindProfile("armv7_tiny")) {}

  // T1 is inside the call, with the lock.
  void BeginGet(Pfn page, OpCode code = OpCode::kmap_high_get) {
    Begin(code, page);
    Lock();
  }
};

TEST_F(HighGetTest, SilentOnAPin) {
  Kmap(A(), 1);
  Kunmap(A(), 1);
  BeginGet(A());
  Count(1, 2);
  Unlock();
  End(OpCode::kmap_high_get, A(), PKMAP_ADDR(1));
  Begin(OpCode::kunmap_high, A());
  Lock();
  Count(1, 1);
  Unlock();
  End(OpCode::kunmap_high, A());
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(HighGetTest, SilentOnNull) {
  BeginGet(A());
  Unlock();
  End(OpCode::kmap_high_get, A());
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(HighGetTest, I20NullThoughThereIsARecord) {
  Kmap(A(), 1);
  BeginGet(A());
  Unlock();
  End(OpCode::kmap_high_get, A());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I20));
}

TEST_F(HighGetTest, I20MakesAMap) {
  BeginGet(A());
  Pte(1, A());
  EXPECT_THAT(Fired(), Contains(FindingId::I20));
  Count(1, 1);
  Record(1, A());
  Count(1, 2);
  Unlock();
  End(OpCode::kmap_high_get, A(), PKMAP_ADDR(1));
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I20));
}

TEST_F(HighGetTest, I20Flushes) {
  BeginGet(A());
  FlushTlb(0);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I20));
}

TEST_F(HighGetTest, SilentOnALocalMapInThePool) {
  Kmap(A(), 1);
  BeginGet(A(), OpCode::kmap_local_page);
  Count(1, 3);
  Unlock();
  End(OpCode::kmap_local_page, A(), PKMAP_ADDR(1));
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(HighGetTest, I39LocalMapInTheWindow) {
  Kmap(A(), 1);
  BeginGet(A(), OpCode::kmap_local_page);
  Unlock();
  SetLocal(0, A());
  End(OpCode::kmap_local_page, A(), LocalAddress(0));
  EXPECT_THAT(Fired(), Contains(FindingId::I39));
}

TEST_F(HighGetTest, I39LocalMapOfAnotherSlot) {
  Kmap(A(), 1);
  BeginGet(A(), OpCode::kmap_local_page);
  Count(1, 3);
  Unlock();
  End(OpCode::kmap_local_page, A(), PKMAP_ADDR(2));
  EXPECT_THAT(Fired(), Contains(FindingId::I39));
}

}  // namespace
}  // namespace highmem
