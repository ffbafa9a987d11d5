#include "highmem/model/keys.h"

#include <gtest/gtest.h>

#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"

namespace highmem::model {
namespace {

constexpr int kTask = 0, kOther = 1;

class KeysTest : public testing::Test {
 protected:
  void SetUp() override {
    arena.Reset(1);
    MachineReset(*FindProfile("x86_64_pks_tiny"));
    keys_.Begin(2);
  }

  static Actors::Call Call(OpCode code, Pfn page) {
    Actors::Call call = {};
    call.code = code;
    call.page = page;
    call.address = code == OpCode::kmap_local_page ? 0 : lowmem_page_address(pfn_to_page(page));
    return call;
  }
  void Do(int stack, OpCode code, Pfn page) {
    keys_.CallBegin(stack, Call(code, page));
    keys_.CallEnd(stack, Call(code, page));
  }

  // An access that meets a closed key.
  void Refused(int stack) {
    keys_.CallBegin(stack, Call(OpCode::load, 0));
    keys_.Fault(stack);
    keys_.CallEnd(stack, Call(OpCode::load, 0));
  }

  Keys keys_;
};

TEST_F(KeysTest, AMapOpensAndTheLastReleaseCloses) {
  EXPECT_EQ(keys_.IsOpen(kTask), Known::no);
  Do(kTask, OpCode::kmap_local_page, 0);
  Do(kTask, OpCode::kmap_local_page, 1);
  EXPECT_EQ(keys_.IsOpen(kTask), Known::yes);
  EXPECT_EQ(keys_.IsOpen(kOther), Known::no);
  Do(kTask, OpCode::kunmap_local, 1);
  EXPECT_EQ(keys_.IsOpen(kTask), Known::yes);
  Do(kTask, OpCode::kunmap_local, 0);
  EXPECT_EQ(keys_.IsOpen(kTask), Known::no);
}

TEST_F(KeysTest, TheFirstMapBehindAFaultRepeats) {
  const Actors::Call map = Call(OpCode::kmap_local_page, 0);
  const Actors::Call release = Call(OpCode::kunmap_local, 0);
  EXPECT_FALSE(keys_.MayRepeat(kTask, map));
  Refused(kTask);
  EXPECT_TRUE(keys_.MayRepeat(kTask, map));
  EXPECT_FALSE(keys_.MayRepeat(kOther, map));
  EXPECT_FALSE(keys_.MayRepeat(kTask, release));
  keys_.CallBegin(kTask, map);
  EXPECT_TRUE(keys_.MayRepeat(kTask, map));
  keys_.CallEnd(kTask, map);
  EXPECT_FALSE(keys_.MayRepeat(kTask, map)) << "the second";
  keys_.CallBegin(kTask, release);
  keys_.CallEnd(kTask, release);
  EXPECT_FALSE(keys_.MayRepeat(kTask, map)) << "the release has closed it";
}

// An interrupt may come between the fault's report and the opening.
TEST_F(KeysTest, AFaultOpensWhenItsAccessEnds) {
  const Actors::Call load = Call(OpCode::load, 0);
  keys_.CallBegin(kTask, load);
  keys_.Fault(kTask);
  EXPECT_EQ(keys_.IsOpen(kTask), Known::unknown);
  keys_.CallEnd(kTask, load);
  EXPECT_EQ(keys_.IsOpen(kTask), Known::yes);
}

TEST_F(KeysTest, WithinACallNobodyKnows) {
  keys_.CallBegin(kTask, Call(OpCode::kmap_local_page, 0));
  EXPECT_EQ(keys_.IsOpen(kTask), Known::unknown);
  keys_.CallEnd(kTask, Call(OpCode::kmap_local_page, 0));
  keys_.CallBegin(kTask, Call(OpCode::kunmap_local, 0));
  EXPECT_EQ(keys_.IsOpen(kTask), Known::unknown);
}

TEST_F(KeysTest, OtherPagesAreNoConcern) {
  const auto other = static_cast<Pfn>(machine.profile.pks_pages);
  Do(kTask, OpCode::kmap_local_page, other);
  EXPECT_EQ(keys_.IsOpen(kTask), Known::no);
  EXPECT_FALSE(NeedsKey(Call(OpCode::load, other)));
  EXPECT_TRUE(NeedsKey(Call(OpCode::load, 0)));
  EXPECT_FALSE(NeedsKey(Call(OpCode::kmap, 0)));
}

TEST_F(KeysTest, AFaultOpensUntilTheNextRelease) {
  Refused(kTask);
  EXPECT_EQ(keys_.IsOpen(kTask), Known::yes);
  Do(kTask, OpCode::kmap_local_page, 0);
  Do(kTask, OpCode::kunmap_local, 0);
  EXPECT_EQ(keys_.IsOpen(kTask), Known::no);
}

// Behind the release's last step, or before it: then the release has closed the key again.
TEST_F(KeysTest, WhereAFaultWithinAReleaseLeadsNobodyKnows) {
  Do(kTask, OpCode::kmap_local_page, 0);
  keys_.CallBegin(kTask, Call(OpCode::kunmap_local, 0));
  keys_.Fault(kTask);
  keys_.CallEnd(kTask, Call(OpCode::kunmap_local, 0));
  EXPECT_EQ(keys_.IsOpen(kTask), Known::unknown);
  Do(kTask, OpCode::kmap_local_page, 0);
  EXPECT_EQ(keys_.IsOpen(kTask), Known::yes);
  Do(kTask, OpCode::kunmap_local, 0);
  EXPECT_EQ(keys_.IsOpen(kTask), Known::no);
}

TEST_F(KeysTest, OneReleaseTooMany) {
  Do(kTask, OpCode::kunmap_local, 0);
  EXPECT_EQ(keys_.IsOpen(kTask), Known::unknown);
}

}  // namespace
}  // namespace highmem::model
