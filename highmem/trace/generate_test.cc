#include "highmem/trace/generate.h"

#include <gtest/gtest.h>

#include "highmem/trace/lane.h"

namespace highmem {
namespace {

TEST(Generate, TracesAreValidAndDifferAndRepeat) {
  const Profile& profile = *FindProfile("x86_tiny");
  Trace before;
  int empty = 0;
  for (uint64_t seed = 1; seed <= 200; seed++) {
    Trace trace;
    Trace again;
    GenerateTrace(seed, profile, 64, &trace);
    GenerateTrace(seed, profile, 64, &again);
    ASSERT_EQ(trace, again) << seed;
    std::string error;
    ASSERT_TRUE(CheckTrace(trace, &error)) << error;
    LaneReport report;
    FilterLane(&again, &report);
    EXPECT_TRUE(report.skipped.empty()) << "already filtered";
    EXPECT_FALSE(trace == before) << seed;
    empty += trace.ops.empty();
    before = trace;
  }
  EXPECT_LT(empty, 10) << "most traces do something";
}

}  // namespace
}  // namespace highmem
