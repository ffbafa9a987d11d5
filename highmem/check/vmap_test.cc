#include "highmem/check/vmap.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class VmapTest : public CheckBench {
 protected:
  VmapTest() : CheckBench(true, false, FindProfile("x86_tiny_vmap")) {}

  void Maps(int page, Pfn pfn) {
    Emit(EventKind::pte_set, static_cast<uint32_t>(VmapVpn(page)), kNoPfn, pfn);
    Step();
  }
};

TEST_F(VmapTest, SilentWhereNoTlbKnowsTheAddress) {
  Maps(2, A());
  Begin(OpCode::vm_unmap_aliases, kNoPfn);
  End(OpCode::vm_unmap_aliases, kNoPfn);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(VmapTest, I45ATlbKnowsWhatWasThere) {
  machine.tlb[machine.vpns + VmapVpn(2)] = Pte::Of(B());
  Maps(2, A());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I45));
}

TEST_F(VmapTest, I45ATlbKnowsADeadRangeBehindVmUnmapAliases) {
  machine.tlb[VmapVpn(3)] = Pte::Of(B());
  Begin(OpCode::vm_unmap_aliases, kNoPfn);
  End(OpCode::vm_unmap_aliases, kNoPfn);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I45));
}

TEST_F(VmapTest, SilentOnUnmapsThatWereUnderWay) {
  machine.tlb[VmapVpn(3)] = Pte::Of(B());
  As(kT2, 1);
  Begin(OpCode::vunmap, B());
  As(kT1, 0);
  Begin(OpCode::vm_unmap_aliases, kNoPfn);
  As(kT2, 1);
  End(OpCode::vunmap, B());
  As(kT1, 0);
  End(OpCode::vm_unmap_aliases, kNoPfn);
  EXPECT_THAT(Fired(), IsEmpty());
  Begin(OpCode::vm_unmap_aliases, kNoPfn);
  End(OpCode::vm_unmap_aliases, kNoPfn);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I45));
}

TEST_F(VmapTest, SilentOnWhatIsUnmappedMeanwhile) {
  machine.tlb[VmapVpn(3)] = Pte::Of(B());
  Begin(OpCode::vm_unmap_aliases, kNoPfn);
  As(kT2, 1);
  Maps(3, kNoPfn);
  As(kT1, 0);
  End(OpCode::vm_unmap_aliases, kNoPfn);
  EXPECT_THAT(Fired(), IsEmpty());
}

}  // namespace
}  // namespace highmem
