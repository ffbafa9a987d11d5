#include "highmem/check/frame_release.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"

namespace highmem {
namespace {

using testing::Contains;
using testing::IsEmpty;

class FrameReleaseTest : public CheckBench {
 protected:
  void Release(Pfn page) {
    Emit(EventKind::frame_release, page);
    Step();
  }
};

TEST_F(FrameReleaseTest, SilentWhereNothingShowsTheFrame) {
  Release(A());
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(FrameReleaseTest, I2ASlotShowsIt) {
  machine.page_table[1] = Pte::Of(A());
  Release(A());
  EXPECT_THAT(Fired(), Contains(FindingId::I2));
}

TEST_F(FrameReleaseTest, I5ATlbShowsIt) {
  machine.tlb[machine.vpns + 2] = Pte::Of(A());
  Release(A());
  EXPECT_THAT(Fired(), Contains(FindingId::I5));
}

TEST_F(FrameReleaseTest, SilentWhereACallerMayHaveAMap) {
  Misuse();
  machine.page_table[1] = Pte::Of(A());
  Release(A());
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(FrameReleaseTest, AWindowCountsOnItsOwnCpuOnly) {
  const int vpn = FixKmapVpn(FixKmapIndexOf(0, 0));
  machine.tlb[machine.vpns + vpn] = Pte::Of(A());
  Release(A());
  EXPECT_THAT(Fired(), IsEmpty()) << "CPU 1 may have looked at a slot of CPU 0";
  machine.tlb[vpn] = Pte::Of(A());
  Release(A());
  EXPECT_THAT(Fired(), Contains(FindingId::I5));
}

}  // namespace
}  // namespace highmem
