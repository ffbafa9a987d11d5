#include "highmem/check/local_address.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/kernel/primitive.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

class LocalAddressTest : public CheckBench {
 protected:
  LocalAddressTest() : CheckBench(true, /*local=*/true) {}
  void Bug(Site site) { Mark(EventKind::bug, static_cast<uint32_t>(site)); }
};

TEST_F(LocalAddressTest, SilentUpToTheLimitAndOnTheBugBeyond) {
  for (int slot = 0; slot < 4; slot++) MapLocal(A(), slot);
  Begin(OpCode::kmap_local_page, B());
  Bug(Site::kmap_local_idx_push_depth);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(LocalAddressTest, I29ASlotIsSkipped) {
  MapLocal(A(), 1);
  EXPECT_THAT(Fired(), Contains(FindingId::I29));
}

// slot-index-before-pinning
TEST_F(LocalAddressTest, I29AnotherCpusSlot) {
  As(kT2, 1);
  Begin(OpCode::kmap_local_page, A());
  End(OpCode::kmap_local_page, A(), FixKmapAddr(FixKmapIndexOf(0, 0)));
  EXPECT_THAT(Fired(), Contains(FindingId::I29));
}

TEST_F(LocalAddressTest, AHandlerInsideAMapMayFindItsSlotTakenOrNot) {
  Begin(OpCode::kmap_local_page, A());
  EnterIrq();
  MapLocal(B(), 0);
  UnmapLocal(B(), 0);
  Fired();
  Begin(OpCode::kmap_local_page, B());
  End(OpCode::kmap_local_page, B(), LocalAddress(1));
  EXPECT_THAT(Fired(), Not(Contains(FindingId::I29)));
  Begin(OpCode::kmap_local_page, C());
  End(OpCode::kmap_local_page, C(), LocalAddress(3));
  EXPECT_THAT(Fired(), Contains(FindingId::I29));
}

TEST_F(LocalAddressTest, I40APkmapAddress) {
  Begin(OpCode::kmap_local_page, A());
  End(OpCode::kmap_local_page, A(), PKMAP_ADDR(1));
  EXPECT_THAT(Fired(), Contains(FindingId::I40));
}

// extra-sixteenth-local-map, either way
TEST_F(LocalAddressTest, I41TheLimitComesEarly) {
  for (int slot = 0; slot < 3; slot++) MapLocal(A(), slot);
  Begin(OpCode::kmap_local_page, B());
  Bug(Site::kmap_local_idx_push_depth);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I41));
}

TEST_F(LocalAddressTest, I41TheLimitComesLate) {
  Misuse();
  for (int slot = 0; slot < 5; slot++) MapLocal(A(), slot);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I41));
}

}  // namespace
}  // namespace highmem
