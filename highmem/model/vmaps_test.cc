#include "highmem/model/vmaps.h"

#include <gtest/gtest.h>

#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"

namespace highmem::model {
namespace {

class VmapsTest : public testing::Test {
 protected:
  VmapsTest() {
    arena.Reset(1);
    MachineReset(*FindProfile("x86_tiny_vmap"));
    trace_.ops.resize(2);
    trace_.ops[0].code = OpCode::vmap;
    trace_.ops[1].code = OpCode::vm_map_ram;
    vmaps_.Begin(trace_);
  }

  static constexpr Pfn kA = 2, kB = 3;
  Trace trace_;
  Vmaps vmaps_;
};

TEST_F(VmapsTest, ARangeShowsItsPageWhileItIsLive) {
  EXPECT_TRUE(vmaps_.Add(VMAP_ADDR(1), kA, 2, /*ram=*/false));
  EXPECT_TRUE(vmaps_.Shows(VMAP_ADDR(1) + 3, kA));
  EXPECT_TRUE(vmaps_.Shows(VMAP_ADDR(2), kA));
  EXPECT_FALSE(vmaps_.Shows(VMAP_ADDR(3), kA)) << "behind its end";
  EXPECT_FALSE(vmaps_.Shows(VMAP_ADDR(1), kB));
  EXPECT_FALSE(vmaps_.Has(VMAP_ADDR(2), false)) << "no range begins there";
  EXPECT_FALSE(vmaps_.Has(VMAP_ADDR(1), /*ram=*/true)) << "of the other kind";
  EXPECT_TRUE(vmaps_.Remove(VMAP_ADDR(1), false));
  EXPECT_FALSE(vmaps_.Shows(VMAP_ADDR(1), kA));
  EXPECT_FALSE(vmaps_.Remove(VMAP_ADDR(1), false));
}

TEST_F(VmapsTest, RangesDoNotOverlapAndLieInTheRegion) {
  EXPECT_TRUE(vmaps_.Add(VMAP_ADDR(1), kA, 2, false));
  EXPECT_FALSE(vmaps_.Add(VMAP_ADDR(2), kB, 1, true));
  EXPECT_TRUE(vmaps_.Add(VMAP_ADDR(3), kB, 1, true));
  EXPECT_FALSE(vmaps_.Add(VMAP_ADDR(7), kB, 2, false)) << "behind the region";
  EXPECT_FALSE(vmaps_.Add(PKMAP_ADDR(0), kB, 1, false));
  EXPECT_FALSE(vmaps_.lost());
  vmaps_.Lose();
  EXPECT_TRUE(vmaps_.lost());
}

}  // namespace
}  // namespace highmem::model
