// Sound traces, damaged in one place, for tests of CheckTrace.
#ifndef HIGHMEM_TRACE_DAMAGE_FOR_TEST_H_
#define HIGHMEM_TRACE_DAMAGE_FOR_TEST_H_

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "highmem/trace/check_trace.h"
#include "highmem/trace/text.h"

namespace highmem {

inline Trace Parse(const std::string& text) {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(ParseTrace(text, "test", &trace, &error)) << error.Text();
  return trace;
}

struct Damage {
  const char* name;
  std::function<void(Trace&)> make;
  TraceProblem::Where where;
  uint32_t index;
  const char* sentence;
};

using Where = TraceProblem::Where;

// Name, place and sentence as one text, which shows all of them when they differ.
inline std::string Report(const std::string& name, Where where, uint32_t index,
                          const std::string& sentence) {
  return name + " at " + std::to_string(static_cast<int>(where)) + "/" + std::to_string(index) +
         ": " + sentence;
}

inline void CheckDamage(const Trace& sample, const std::vector<Damage>& damages) {
  for (const Damage& damage : damages) {
    Trace t = sample;
    damage.make(t);
    TraceProblem problem;
    EXPECT_TRUE(FindProblem(t, &problem)) << damage.name;
    EXPECT_EQ(Report(damage.name, problem.where, problem.index, problem.sentence),
              Report(damage.name, damage.where, damage.index, damage.sentence));
  }
}

}  // namespace highmem

#endif  // HIGHMEM_TRACE_DAMAGE_FOR_TEST_H_
