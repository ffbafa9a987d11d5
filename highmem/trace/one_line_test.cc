#include "highmem/trace/one_line.h"

#include <gtest/gtest.h>

#include <string>

#include "highmem/trace/trace_gen_for_test.h"

namespace highmem {
namespace {

TEST(OneLine, IsTheTextInOneLine) {
  Trace trace;
  ParseError error;
  ASSERT_TRUE(
      ParseTrace("#hm 1\nprofile x86_tiny cpus=1\npage A high\ntask T1@0:\n  a = kmap A\n"
                 "  kunmap a\nschedule:\n  start T1\n",
                 "test", &trace, &error));
  const std::string line = PrintOneLine(trace);
  EXPECT_EQ(line,
            "hm1:profile x86_tiny cpus=1;page A high;task T1@0:;a = kmap A;kunmap a;"
            "schedule:;start T1");
  Trace again;
  ASSERT_TRUE(ParseOneLine(line, &again, &error)) << error.Text();
  EXPECT_EQ(again, trace);
}

TEST(OneLine, EveryTraceComesBack) {
  for (uint64_t seed = 0; seed < 300; seed++) {
    const Trace trace = TraceGenerator(seed).Next();
    Trace again;
    ParseError error;
    ASSERT_TRUE(ParseOneLine(PrintOneLine(trace), &again, &error)) << error.Text();
    ASSERT_EQ(PrintTrace(again), PrintTrace(trace));
  }
}

TEST(OneLine, ErrorsCountParts) {
  Trace trace;
  ParseError error;
  EXPECT_FALSE(ParseOneLine("hm1:profile x86_tiny;page A hihg;task T1@0:", &trace, &error));
  EXPECT_EQ(error.Text().rfind("hm1::2:8: expected a kind of page (high, low), found 'hihg'", 0),
            0u)
      << error.Text();
}

}  // namespace
}  // namespace highmem
