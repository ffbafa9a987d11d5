#include "highmem/check/local_cost.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/machine/cpu.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class LocalCostTest : public CheckBench {
 protected:
  LocalCostTest() : CheckBench(true, /*local=*/true) {}
  Vaddr LowAddress() const { return lowmem_page_address(pfn_to_page(L())); }
};

TEST_F(LocalCostTest, SilentOnLowPagesAndLocalFlushes) {
  Begin(OpCode::kmap_local_page, L());
  End(OpCode::kmap_local_page, L(), LowAddress());
  MapLocal(A(), 0);
  Begin(OpCode::kunmap_local, L(), LowAddress());
  End(OpCode::kunmap_local, L());
  UnmapLocal(A(), 0);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(LocalCostTest, I24AnotherAddress) {
  Begin(OpCode::kmap_local_page, L());
  End(OpCode::kmap_local_page, L(), LowAddress() + 32);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I24));
}

// lowmem-unmap-hits-slot
TEST_F(LocalCostTest, I24TheReleaseHitsASlot) {
  MapLocal(A(), 0);
  Begin(OpCode::kunmap_local, L(), LowAddress());
  task(kT1).preempt_count = 1;
  LocalPte(0, kNoPfn);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I24, FindingId::I25));
}

// double-enable-on-lowmem
TEST_F(LocalCostTest, I24TheReleaseUnpins) {
  Pin(1);
  Begin(OpCode::kunmap_local, L(), LowAddress());
  Pin(0);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I24));
  End(OpCode::kunmap_local, L());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I24));
}

TEST_F(LocalCostTest, I34AGlobalFlush) {
  MapLocal(A(), 0);
  Begin(OpCode::kunmap_local, A(), LocalAddress(0));
  Mark(EventKind::tlb_global_begin);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I34));
}

TEST_F(LocalCostTest, I34ASwitchAsksOtherCpus) {
  machine.cpus[0].next_plus_1 = kTaskOfT4 + 1;
  Mark(EventKind::ipi_send, 2);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I34));
}

TEST_F(LocalCostTest, SweepsMayFlushEverywhere) {
  Begin(OpCode::kmap, A());
  Mark(EventKind::tlb_global_begin);
  Mark(EventKind::ipi_send, 2);
  EXPECT_THAT(Fired(), IsEmpty());
}

}  // namespace
}  // namespace highmem
