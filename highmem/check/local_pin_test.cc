#include "highmem/check/local_pin.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/machine/cpu.h"

namespace highmem {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class LocalPinTest : public CheckBench {
 protected:
  LocalPinTest() : CheckBench(true, /*local=*/true) {}
};

TEST_F(LocalPinTest, SilentOnPinsThatCoverTheMaps) {
  Pin(1);
  MapLocal(A(), 0);
  MapLocal(B(), 1);
  UnmapLocal(B(), 1);
  UnmapLocal(A(), 0);
  Pin(0);
  Emit(EventKind::migrate, kT1, 0, 1);
  Step();
  Mark(EventKind::cpu_offline, 0);
  EXPECT_THAT(Fired(), IsEmpty());
}

// local-map-migratable
TEST_F(LocalPinTest, I27AMapWithoutAPin) {
  Begin(OpCode::kmap_local_page, A());
  SetLocal(0, A());
  Pin(0);
  End(OpCode::kmap_local_page, A(), LocalAddress(0));
  EXPECT_THAT(Fired(), Contains(FindingId::I27));
}

TEST_F(LocalPinTest, I27AReleaseTakesTwoPins) {
  MapLocal(A(), 0);
  MapLocal(B(), 1);
  Begin(OpCode::kunmap_local, B(), LocalAddress(1));
  ClearLocal(1);
  EXPECT_THAT(Fired(), IsEmpty());
  Pin(0);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I27));
}

TEST_F(LocalPinTest, I27TheTaskIsMoved) {
  MapLocal(A(), 0);
  Emit(EventKind::migrate, kT1, 0, 1);
  Step();
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I27));
}

TEST_F(LocalPinTest, I43TheCpuGoesWithAPinnedTask) {
  As(kT2, 1);
  Pin(1);
  Mark(EventKind::cpu_offline, 1);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I43));
}

TEST_F(LocalPinTest, I43TheCpuGoesWithAMapInItsWindow) {
  MapLocal(A(), 0);
  machine.cpus[0].nr_pinned = 0;
  Mark(EventKind::cpu_offline, 0);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I43));
}

}  // namespace
}  // namespace highmem
