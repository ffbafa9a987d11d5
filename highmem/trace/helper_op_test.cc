#include "highmem/trace/helper_op.h"

#include <gtest/gtest.h>

namespace highmem {
namespace {

const Profile& Tiny() { return *FindProfile("x86_tiny"); }  // pages of 32 bytes

Op Segments(Segment first, Segment second) {
  Op op;
  op.code = OpCode::zero_user_segments;
  SetSegments(&op, first, second);
  return op;
}

TEST(HelperOp, WhatIsAHelper) {
  EXPECT_TRUE(IsHelper(OpCode::memcpy_page));
  EXPECT_FALSE(IsHelper(OpCode::kmap));
}

TEST(HelperOp, SegmentsGoPageByPage) {
  const Op op = Segments({4, 8}, {30, 40});
  EXPECT_EQ(HelperBytes(Tiny(), op), 14u);
  EXPECT_EQ(HelperByteAt(Tiny(), op, 4).offset, 30u);
  EXPECT_EQ(HelperByteAt(Tiny(), op, 6).page, 1);
  EXPECT_EQ(HelperByteAt(Tiny(), op, 6).offset, 0u);
  EXPECT_EQ(HelperFlushes(Tiny(), op), 2);
  EXPECT_TRUE(HelperOverruns(Tiny(), op, 1));
  EXPECT_FALSE(HelperOverruns(Tiny(), op, 2));
}

TEST(HelperOp, AnEndThatIsNotBehindItsStartIsNothing) {
  const Op op = Segments({32, 8}, {5, 5});
  EXPECT_EQ(HelperBytes(Tiny(), op), 0u);
  EXPECT_EQ(HelperFlushes(Tiny(), op), 0);
  EXPECT_FALSE(HelperOverruns(Tiny(), op, 1));
}

TEST(HelperOp, OperandsOfACopyDoNotMeet) {
  Op op;
  op.code = OpCode::memcpy_page;
  op.offset = 4;
  SetSourcePage(&op, 3);
  SetSourceOffset(&op, 20);
  SetLength(&op, 12);
  EXPECT_EQ(SourcePageOf(op), 3);
  EXPECT_EQ(LengthOf(op), 12u);
  EXPECT_EQ(HelperByteAt(Tiny(), op, 2).offset, 6u);
  EXPECT_EQ(HelperByteAt(Tiny(), op, 2).source_offset, 22u);
  EXPECT_FALSE(HelperOverruns(Tiny(), op, 1));
  SetLength(&op, 13);
  EXPECT_TRUE(HelperOverruns(Tiny(), op, 1)) << "of the source";
}

}  // namespace
}  // namespace highmem
