// What the shrinker promises, for failures of every kind that mistakes of callers lead to: it fails
// in the same way, is never larger, nothing more can be taken away (says code that is not the
// shrinker's), shrinks to itself, and is the same each time, however many processes look for it.

#include "highmem/shrink/shrink.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "highmem/explain/removals.h"
#include "highmem/trace/fuzz_codec.h"
#include "highmem/trace/lane.h"
#include "highmem/trace/text.h"

namespace highmem::properties {
namespace {

constexpr JudgeOptions kJudge = {.expectations = true};

struct Source {
  const char* profile;
  FuzzMix mix;
  // Made of callers' mistakes, or of a claim about a page's count that some schedules make false.
  bool misuse;
};
constexpr Source kSources[] = {
    {"x86_tiny", FuzzMix::pkmap, true},
    {"x86_tiny", FuzzMix::pkmap, false},
    {"armv7_tiny", FuzzMix::high_get, true},
    {"armv5_vivt", FuzzMix::dma, false},
};

// A check of page A before one of the program's ops.
std::string WithClaim(const std::string& text, uint64_t random) {
  std::vector<size_t> ops;
  for (size_t at = text.find("\n  "); at < text.find("\nschedule"); at = text.find("\n  ", at + 1))
    ops.push_back(at + 1);
  const std::string claim = "  check count(A)<=" + std::to_string(1 + random % 2) + "\n";
  return ops.empty() ? text : std::string(text).insert(ops[random / 2 % ops.size()], claim);
}

// A random program under one random schedule; empty if there is no room for the claim.
Trace Program(const Source& source, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<uint8_t> bytes(kFuzzRecordSize * (6 + random() % 10));
  for (uint8_t& b : bytes) b = static_cast<uint8_t>(random() >> 56);
  Trace trace;
  DecodeFuzz(bytes.data(), bytes.size(), *FindProfile(source.profile), &trace, source.mix);
  trace.misuse = source.misuse;
  trace.schedule = {};
  LaneReport lane;
  FilterLane(&trace, &lane);
  ParseError error;
  const std::string text = PrintTrace(trace);
  if (!source.misuse && !ParseTrace(WithClaim(text, random()), "", &trace, &error)) return {};
  trace.schedule.kind = ScheduleKind::random;
  trace.schedule.seed = static_cast<uint32_t>(seed);
  trace.schedule.runs = 1;
  return trace;
}

void ExpectPromisesKept(const Trace& raw, const ShrinkResult& once, int jobs) {
  const std::string text = PrintTrace(once.trace);
  EXPECT_TRUE(once.minimal);
  EXPECT_FALSE(once.before < once.after) << text;

  const RemovalResult removals = TryRemovals(once.trace);
  EXPECT_TRUE(SameFailure(removals.finding, once.finding)) << text;
  for (const std::string& what : removals.still_fail) ADD_FAILURE() << what << " of\n" << text;

  EXPECT_EQ(PrintTrace(Shrink(once.trace, {.judge = kJudge}).trace), text);

  const ShrinkResult again = Shrink(raw, {.judge = kJudge, .jobs = jobs, .worth_a_process = 0.002});
  EXPECT_EQ(PrintTrace(again.trace), text);
  EXPECT_EQ(again.tries, once.tries);
  EXPECT_EQ(again.states, once.states);
  EXPECT_EQ(again.removals_tried, once.removals_tried);
  EXPECT_EQ(again.removals_proven, once.removals_proven);
  EXPECT_EQ(again.runs, once.runs);
  EXPECT_EQ(again.begun, once.begun);
  ASSERT_EQ(again.others.size(), once.others.size());
  for (size_t i = 0; i < once.others.size(); i++)
    EXPECT_EQ(PrintTrace(again.others[i].trace), PrintTrace(once.others[i].trace));
}

TEST(Shrinker, KeepsItsPromises) {
  constexpr int kEach = 2;
  std::set<FindingId> ids;
  for (const Source& source : kSources) {
    int shrunk = 0;
    for (uint64_t seed = 1; seed < 1000 && shrunk < kEach; seed++) {
      const Trace raw = Program(source, seed);
      if (raw.actors.empty()) continue;
      const ShrinkResult once = Shrink(raw, {.judge = kJudge});
      if (!once.finding) continue;
      SCOPED_TRACE(std::string(source.profile) + ", seed " + std::to_string(seed));
      ids.insert(once.finding.id);
      ExpectPromisesKept(raw, once, 1 + 2 * shrunk);
      shrunk++;
    }
    EXPECT_EQ(shrunk, kEach) << source.profile;
  }
  EXPECT_GE(ids.size(), 3u) << "the failures are all of a kind";
}

}  // namespace
}  // namespace highmem::properties
