// Programs of the valid lane, for tests of the filter.
#ifndef HIGHMEM_TRACE_LANE_FOR_TEST_H_
#define HIGHMEM_TRACE_LANE_FOR_TEST_H_

#include <gtest/gtest.h>

#include <string>

#include "highmem/trace/check_trace.h"
#include "highmem/trace/lane.h"
#include "highmem/trace/text.h"

namespace highmem {

// Four slots; A to E are high, L is low.
inline constexpr char kPages[] =
    "\npage A high\npage B high\npage C high\npage D high\npage E high\n"
    "page L low\n";

inline Trace Parse(const std::string& programs, const std::string& profile = "x86_tiny") {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(ParseTrace("#hm 1\nprofile " + profile + kPages + programs, "test", &trace, &error))
      << error.Text();
  return trace;
}

// What is left of an actor's program: "a = kmap A; kunmap a".
inline std::string Program(const Trace& trace, ActorId actor) {
  std::string text;
  for (uint32_t i = 0; i < trace.actors[actor].op_count; i++)
    text += (i == 0 ? "" : "; ") + PrintCall(trace, actor, i);
  return text;
}

struct Filtered {
  Trace trace;
  LaneReport report;
};

inline Filtered Filter(const std::string& programs, const std::string& profile = "x86_tiny") {
  Filtered f{Parse(programs, profile), {}};
  FilterLane(&f.trace, &f.report);
  std::string error;
  EXPECT_TRUE(CheckTrace(f.trace, &error)) << error;
  return f;
}

// Exactly one op goes, for this reason: op `op` of the last actor.
inline void ExpectSkips(const std::string& programs, uint32_t op, SkipReason reason,
                        const std::string& profile = "x86_tiny") {
  const Filtered f = Filter(programs, profile);
  ASSERT_EQ(f.report.skipped.size(), 1u) << programs;
  EXPECT_EQ(f.report.skipped[0].op, op) << programs;
  EXPECT_EQ(f.report.skipped[0].actor, f.trace.actors.size() - 1) << programs;
  EXPECT_EQ(SkipSentence(f.report.skipped[0].reason), SkipSentence(reason)) << programs;
}

inline void ExpectKeepsAll(const std::string& programs, const std::string& profile = "x86_tiny") {
  const Filtered f = Filter(programs, profile);
  for (const SkippedOp& skipped : f.report.skipped)
    ADD_FAILURE() << "op " << skipped.op << ": " << SkipSentence(skipped.reason) << programs;
}

}  // namespace highmem

#endif  // HIGHMEM_TRACE_LANE_FOR_TEST_H_
