#include "highmem/schedule/twice.h"

#include <gtest/gtest.h>

#include "highmem/schedule/random.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

class TwiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ParseError error;
    ASSERT_TRUE(
        ParseTrace("#hm 1\nprofile x86_tiny cpus=2\npage A high\n"
                   "task T1@0:\n  a = kmap A\n  kunmap a\n"
                   "task T2@1:\n  a = kmap A\n  kunmap a\n"
                   "schedule:\n  at T1.1 op -> T2\n",
                   "test", &trace_, &error))
        << error.Text();
  }
  Trace trace_;
  Executor executor_;
};

TEST_F(TwiceTest, AReplayIsTheSame) {
  ReplayChooser replay;
  EXPECT_EQ(FirstStepThatDiffers(executor_, trace_, replay), kSameTwice);
}

// A random walk goes on where it was and takes another way the second time.
TEST_F(TwiceTest, WhatDiffersIsSeen) {
  RandomChooser random(1);
  EXPECT_GE(FirstStepThatDiffers(executor_, trace_, random), 1);
}

}  // namespace
}  // namespace highmem
