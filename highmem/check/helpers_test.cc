#include "highmem/check/helpers.h"

#include <gmock/gmock.h>

#include "highmem/check/bench_for_test.h"

namespace highmem {
namespace {

// The orders and flushes themselves are those of the litmus files i_*; here, that other ones are
// seen.
class HelpersTest : public CheckBench {};

TEST_F(HelpersTest, FormsOfTheOps) {
  EXPECT_TRUE(IsHelper(OpCode::memcpy_page));
  EXPECT_FALSE(IsHelper(OpCode::kmap));
  Op op;
  op.code = OpCode::zero_user_segments;
  SetSegments(&op, {4, 8}, {30, 40});
  EXPECT_EQ(HelperBytes(machine.profile, op), 14u);
  EXPECT_EQ(HelperByteAt(machine.profile, op, 4).offset, 30u);
  EXPECT_EQ(HelperByteAt(machine.profile, op, 6).page, 1);
  EXPECT_EQ(HelperByteAt(machine.profile, op, 6).offset, 0u);
  EXPECT_EQ(HelperFlushes(machine.profile, op), 2);
  EXPECT_TRUE(HelperOverruns(machine.profile, op, 1));
  EXPECT_FALSE(HelperOverruns(machine.profile, op, 2));
  SetSegments(&op, {32, 8}, {5, 5});
  EXPECT_EQ(HelperBytes(machine.profile, op), 0u) << "an end that is not behind its start";
}

}  // namespace
}  // namespace highmem
