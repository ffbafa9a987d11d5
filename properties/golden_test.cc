#include "properties/golden.h"

#include <gtest/gtest.h>

#include <set>

#include "highmem/schedule/litmus.h"
#include "highmem/trace/negate.h"
#include "highmem/trace/text.h"

namespace highmem::golden {
namespace {

bool Holds(const Trace& trace, std::string* why) {
  static Executor executor;
  const LitmusOutcome outcome = RunLitmus(executor, trace, {});
  *why = outcome.why;
  return outcome.holds;
}

Trace Parse(const GoldenTrace& golden) {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(ParseTrace(golden.text, golden.rule + "@" + golden.profile, &trace, &error))
      << error.Text() << "\n"
      << golden.text;
  return trace;
}

TEST(Golden, HoldsOnEveryMachine) {
  for (const GoldenTrace& golden : GoldenTraces()) {
    std::string why;
    EXPECT_TRUE(Holds(Parse(golden), &why))
        << golden.rule << " on " << golden.profile << ": " << why;
  }
}

// Where the pool is small; the expectations are the same ones elsewhere.
TEST(Golden, EveryExpectationCanFail) {
  for (const GoldenTrace& golden : GoldenTraces()) {
    if (FindProfile(golden.profile)->last_pkmap > 8) continue;
    int count = 0;
    ForEachNegation(Parse(golden), [&](const Trace& negated, const std::string& what) {
      std::string why;
      count++;
      EXPECT_FALSE(Holds(negated, &why))
          << golden.rule << " on " << golden.profile << " holds although " << what;
    });
    EXPECT_GT(count, 0);
  }
}

TEST(Golden, EveryMachineThatMayBeAndHasHighmemHasSome) {
  std::set<std::string> seen;
  for (const GoldenTrace& golden : GoldenTraces()) seen.insert(golden.profile);
  for (const Profile& p : NamedProfiles())
    EXPECT_EQ(seen.contains(p.name), p.high_pages != 0 && std::string(p.name) != "arm_ipi_tiny")
        << p.name;
}

}  // namespace
}  // namespace highmem::golden
