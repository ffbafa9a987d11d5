#include "highmem/check/colour.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ColourTest : public CheckBench {
 protected:
  ColourTest() : CheckBench(true, false, FindProfile("xtensa_tiny")) {}

  void Maps(int vpn, Pfn page) {
    Emit(EventKind::pte_set, static_cast<uint32_t>(vpn), kNoPfn, page);
    Step();
  }
};

TEST_F(ColourTest, SilentWhereColoursAgree) {
  Maps(2, A());
  Maps(3, static_cast<Pfn>(A() + 1));
  Maps(FixKmapVpn(FixKmapIndexOf(1, 1, 0)), A());
  Maps(FixKmapVpn(FixKmapIndexOf(1, 1, 1)), static_cast<Pfn>(A() + 1));
  Maps(3, kNoPfn);
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(ColourTest, I18ASlotOfAnotherColour) {
  Maps(3, A());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I18));
}

TEST_F(ColourTest, I44AWindowSlotOfAnotherColour) {
  Maps(FixKmapVpn(FixKmapIndexOf(0, 0, 1)), A());
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I44));
}

TEST_F(ColourTest, I18KunmapWakesAnotherColour) {
  Begin(OpCode::kunmap, A());
  Emit(EventKind::wake, 0);
  Step();
  EXPECT_THAT(Fired(), IsEmpty());
  Emit(EventKind::wake, 1);
  Step();
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I18));
}

}  // namespace
}  // namespace highmem
