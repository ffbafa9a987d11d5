#include "highmem/check/pins.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

using PinsTest = CheckBench;

TEST_F(PinsTest, SilentWhileCallsOverlap) {
  Kmap(A(), 1);
  Begin(OpCode::kmap, A());  // T1 has raised the count and not returned
  Lock();
  Count(1, 3);
  Unlock();
  As(kT2, 1);
  KmapAgain(A(), 1);
  Begin(OpCode::kunmap, A());  // T2 has begun and not lowered it
  As(kT1, 0);
  End(OpCode::kmap, A(), PKMAP_ADDR(1));
  EXPECT_THAT(Fired(), IsEmpty());
}

// remap-without-count
TEST_F(PinsTest, I3SecondMapDoesNotCount) {
  Kmap(A(), 1);
  As(kT2, 1);
  Begin(OpCode::kmap, A());
  Lock();
  Unlock();
  EXPECT_THAT(Fired(), IsEmpty());
  End(OpCode::kmap, A(), PKMAP_ADDR(1));
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I3));
}

TEST_F(PinsTest, I3ReleaseDoesNotCount) {
  Kmap(A(), 1);
  Begin(OpCode::kunmap, A());
  Lock();
  Unlock();
  End(OpCode::kunmap, A());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I3));
}

TEST_F(PinsTest, I3CountAboveWhatAnybodyAskedFor) {
  Kmap(A(), 1);
  Lock();
  Count(1, 3);
  Unlock();
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I3));
}

TEST_F(PinsTest, I3MappedByTheBooksAndNowhere) {
  Begin(OpCode::kmap, A());
  End(OpCode::kmap, A(), PKMAP_ADDR(1));
  EXPECT_THAT(Fired(), Contains(FindingId::I3));
}

// no-recheck-after-sleep, in the long run: a slot keeps a user that nobody is.
TEST_F(PinsTest, I3AuditFindsTheOrphanWhenAllIsQuiet) {
  Pte(2, B());
  Count(2, 2);
  Record(2, B());
  Fired();
  Kmap(A(), 1);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I3));
}

}  // namespace
}  // namespace highmem
