#include "highmem/check/local_balance.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/kernel/primitive.h"
#include "highmem/machine/cpu.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

class LocalBalanceTest : public CheckBench {
 protected:
  LocalBalanceTest() : CheckBench(true, /*local=*/true) {}
};

TEST_F(LocalBalanceTest, SilentOnPairs) {
  MapLocal(A(), 0);
  FillLocal(0);
  UnmapLocal(A(), 0, OpCode::kunmap_local, 5);
  Mark(EventKind::fork, kTaskOfT4);
  Mark(EventKind::actor_end, kT1);
  EXPECT_THAT(Fired(), IsEmpty());
}

// unmap-leaves-translation
TEST_F(LocalBalanceTest, I28TheTlbStillTranslatesTheSlot) {
  MapLocal(A(), 0);
  FillLocal(0);
  Begin(OpCode::kunmap_local, A(), LocalAddress(0));
  LocalPte(0, kNoPfn);
  Idx(0);
  Saved(0, kNoPfn);
  Pin(0);
  Fired();
  End(OpCode::kunmap_local, A());
  EXPECT_THAT(Fired(), Contains(FindingId::I28));
}

TEST_F(LocalBalanceTest, I28PreemptionStaysOff) {
  MapLocal(A(), 0);
  Begin(OpCode::kunmap_local, A(), LocalAddress(0));
  ClearLocal(0);
  task(kT1).preempt_count = 1;
  End(OpCode::kunmap_local, A());
  EXPECT_THAT(Fired(), Contains(FindingId::I28));
}

TEST_F(LocalBalanceTest, I28TheTaskStaysPinned) {
  MapLocal(A(), 0);
  Begin(OpCode::kunmap_local, A(), LocalAddress(0));
  ClearLocal(0);
  Pin(1);
  End(OpCode::kunmap_local, A());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I28));
}

TEST_F(LocalBalanceTest, I36PageFaultsStayOff) {
  Begin(OpCode::kmap_atomic, A());
  SetLocal(0, A());
  task(kT1).preempt_count = 1;
  task(kT1).pagefault_disabled = 1;
  End(OpCode::kmap_atomic, A(), LocalAddress(0));
  EXPECT_THAT(Fired(), IsEmpty());
  Begin(OpCode::kunmap_atomic, A(), LocalAddress(0));
  ClearLocal(0);
  task(kT1).preempt_count = 0;
  End(OpCode::kunmap_atomic, A());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I36));
}

TEST_F(LocalBalanceTest, I35AnUnalignedAddressReleasesNothing) {
  MapLocal(A(), 0);
  Begin(OpCode::kunmap_local, A(), LocalAddress(0) + 5);
  End(OpCode::kunmap_local, A());
  EXPECT_THAT(Fired(), Contains(FindingId::I35));
}

TEST_F(LocalBalanceTest, I35AnUnalignedAddressIsBlamed) {
  MapLocal(A(), 0);
  Begin(OpCode::kunmap_local, A(), LocalAddress(0) + 5);
  Mark(EventKind::warn, static_cast<uint32_t>(Site::kunmap_local_not_top));
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I35));
}

// fork-inherits-depth
TEST_F(LocalBalanceTest, I42TheChildHasAnIndex) {
  MapLocal(A(), 0);
  fake_pool.idx.set(kTaskOfT4, 1);
  Mark(EventKind::fork, kTaskOfT4);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I42));
}

TEST_F(LocalBalanceTest, I42TheChildHasSomethingToRestore) {
  fake_pool.pteval.set(kTaskOfT4 * machine.profile.km_max_idx, static_cast<uint16_t>(A() + 1));
  Mark(EventKind::fork, kTaskOfT4);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I42));
}

TEST_F(LocalBalanceTest, B1AMapIsLeftAtTheEnd) {
  MapLocal(A(), 0);
  Mark(EventKind::actor_end, kT1);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::B1));
}

TEST_F(LocalBalanceTest, B1InTheMisuseLaneOnlyBehindACast) {
  Misuse();
  MapLocal(A(), 0);
  Mark(EventKind::actor_end, kT1);
  EXPECT_THAT(Fired(), IsEmpty());
  Begin(OpCode::kunmap_local, A(), struct_page_address(pfn_to_page(A())));
  End(OpCode::kunmap_local, A());
  EXPECT_THAT(Fired(), IsEmpty());
  Mark(EventKind::actor_end, kT1);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::B1));
}

TEST_F(LocalBalanceTest, B1IsNotOwedByWhoMixedKinds) {
  Misuse();
  MapLocal(A(), 0);
  Begin(OpCode::kunmap_atomic, A(), LocalAddress(0));
  ClearLocal(0);
  task(kT1).preempt_count = 0xffffffff;
  task(kT1).pagefault_disabled = -1;
  End(OpCode::kunmap_atomic, A());
  Mark(EventKind::actor_end, kT1);
  EXPECT_THAT(Fired(), IsEmpty());
}

}  // namespace
}  // namespace highmem
