#include "highmem/schedule/sticky.h"

#include <gtest/gtest.h>

#include <string>

#include "highmem/schedule/programs_for_test.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

// How often another CPU goes on than the one before, in 200 runs.
int Switches(uint32_t odds) {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(
      ParseTrace("#hm 1\nprofile x86_tiny cpus=2 spec_fills=0 tlb_evicts=0\npage A high\n"
                 "task T1@0:\n  a = kmap A\n  kunmap a\n  b = kmap A\n  kunmap b\n"
                 "task T2@1:\n  a = kmap A\n  kunmap a\n  b = kmap A\n  kunmap b\n",
                 "test", &trace, &error))
      << error.Text();
  Executor executor;
  int switches = 0;
  for (uint64_t seed = 0; seed < 200; seed++) {
    StickyChooser sticky(seed, odds);
    RecordChooser recorder(sticky);
    executor.Load(trace, nullptr);
    EXPECT_EQ(executor.Run(recorder), RunStatus::done);
    for (size_t i = 1; i < recorder.path().size(); i++)
      switches += recorder.path()[i].move.cpu != recorder.path()[i - 1].move.cpu;
  }
  return switches;
}

TEST(Sticky, StaysMostly) {
  const int uniform = Switches(1), sticky = Switches(16);
  EXPECT_GT(uniform, 4 * sticky);
  EXPECT_GT(sticky, 200 * 2);
}

}  // namespace
}  // namespace highmem
