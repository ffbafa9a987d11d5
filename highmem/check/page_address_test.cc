#include "highmem/check/page_address.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PageAddressTest : public CheckBench {
 protected:
  void Answers(Pfn page, Vaddr address) {
    Begin(OpCode::page_address, page);
    End(OpCode::page_address, page, address);
  }
};

TEST_F(PageAddressTest, SilentOnWhatItMaySay) {
  Answers(A(), 0);
  Answers(A(), PKMAP_ADDR(2));
  Answers(L(), lowmem_page_address(pfn_to_page(L())));
  EXPECT_THAT(Fired(), IsEmpty());
}

TEST_F(PageAddressTest, I23ALowPageLiesElsewhere) {
  Answers(L(), lowmem_page_address(pfn_to_page(L())) + 32);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I23));
}

TEST_F(PageAddressTest, I23AHighPageInTheWindow) {
  Answers(A(), machine.fix_kmap_begin);
  EXPECT_THAT(Fired(), ElementsAre(FindingId::I23));
}

}  // namespace
}  // namespace highmem
