// The property that the checks of local maps stand on: valid programs never make one fire, under
// any schedule.

#include "highmem/check/local_checks.h"

#include <gtest/gtest.h>

#include <string>

#include "highmem/check/checks.h"
#include "highmem/check/random_local_for_test.h"
#include "highmem/check/random_walk_for_test.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

class LocalChecksTest : public testing::Test, public EventSink, public Reporter {
 protected:
  void Begin(const Executor& executor) override {
    checks_.Begin(executor, this);
    first_ = {};
    diagnosis_.clear();
  }
  bool OnStep(const Executor& /*executor*/, std::span<const Event> events) override {
    for (const Event& e : events) {
      const bool diagnosis =
          e.kind == EventKind::bug || e.kind == EventKind::warn || e.kind == EventKind::splat;
      // The valid lane forks with local maps live, and deserves this. (SPEC X17)
      if (diagnosis && e.obj != static_cast<uint32_t>(Site::kmap_local_fork_idx))
        diagnosis_ = SiteName(static_cast<Site>(e.obj));
    }
    checks_.OnStep(events);
    return first_.id == FindingId::kNone && (diagnosis_.empty() || !diagnoses_count_);
  }
  void Report(const Event& event, const Breach& breach) override {
    if (first_.id != FindingId::kNone) return;
    first_ = breach;
    at_ = event;
  }

  static Trace Parsed(const std::string& text) {
    Trace trace;
    ParseError error;
    EXPECT_TRUE(ParseTrace("#hm 1\n" + text, "test", &trace, &error)) << error.Text();
    return trace;
  }

  // One run under a random schedule; "" if nothing was reported.
  std::string Run(const Trace& trace) {
    executor_.Load(trace, this);
    status_ = executor_.Run(walk_);
    if (first_.id == FindingId::kNone) checks_.Finish();
    if (!diagnosis_.empty() && diagnoses_count_) return "diagnosis " + diagnosis_;
    // A random walk may dawdle; that is no fault of the implementation.
    if (first_.id == FindingId::kNone || first_.id == FindingId::L3) return "";
    return std::string(Info(first_.id).name) + " object " + std::to_string(first_.object) +
           " expected " + std::to_string(first_.expected) + " actual " +
           std::to_string(first_.actual) + " at " + std::string(EventName(at_.kind)) + " ctx " +
           std::to_string(at_.ctx) + " cpu " + std::to_string(at_.cpu);
  }

  Executor executor_;
  Checks checks_;
  RandomWalk walk_{1};
  RunStatus status_ = RunStatus::running;
  Breach first_;
  Event at_{};
  std::string diagnosis_;
  bool diagnoses_count_ = true;  // what the callers do deserves none
};

Profile ProfileOf(int i) {
  static const char* const kNames[] = {"x86_tiny", "x86_tiny_smp", "x86_tiny_debug",
                                       "x86_tiny_noflushall"};
  Profile profile = *FindProfile(kNames[i % 4]);
  profile.cpus = 1 + i / 4 % 3;
  if (i % 7 == 0) profile.force_map = 1;
  if (i % 5 == 0) profile.migrations = 1;
  if (i % 11 == 0) {
    profile.cpus = 1;
    profile.smp = 0;
    profile.migrations = 0;
  }
  return profile;
}

TEST_F(LocalChecksTest, SilentOnRandomValidPrograms) {
  RandomLocal random(7);
  Trace trace;
  int done = 0, maps = 0;
  constexpr int kPrograms = 1500;
  for (int i = 0; i < kPrograms; i++) {
    random.Make(ProfileOf(i), &trace);
    std::string error;
    ASSERT_TRUE(CheckTrace(trace, &error)) << error << "\n" << PrintTrace(trace);
    maps += LocalLedger::Concerns(trace);
    for (int run = 0; run < 3; run++) {
      const std::string report = Run(trace);
      ASSERT_EQ(report, "") << PrintTrace(trace);
      done += status_ == RunStatus::done;
    }
  }
  EXPECT_GT(done, 2 * kPrograms);
  EXPECT_GT(maps, kPrograms / 2);
}

// Handlers of every kind in the narrowest places, over and over.
TEST_F(LocalChecksTest, SilentOnHandlersOnTopOfEverything) {
  const Trace trace = Parsed(
      "profile x86_tiny_smp km_max_idx=6\npage A high\npage B high\npage C high\npage L low\n"
      "task T1@0:\n  a = kmap_local_page A\n  get_user\n  k = kmap C\n  yield\n  load a+3\n"
      "  kunmap k\n  kunmap_local a+5\n  fork T3\n"
      "task T2@0:\n  b = kmap_local_pfn B\n  yield\n  store b 7\n  kunmap_local b\n"
      "task T3@0:\n  a = kmap_atomic A\n  load a\n  kunmap_atomic a\n"
      "softirq S4@0 x3:\n  a = kmap_local_page C\n  kunmap_local a\n"
      "irq H5@0 x3:\n  a = kmap_atomic L\n  b = kmap_local_page B\n  kunmap_local b\n"
      "  kunmap_atomic a\n"
      "nmi N6@0 x3:\n  a = kmap_local_page A\n  load a\n  kunmap_local a\n"
      "fault F7@0 x2:\n  a = kmap_local_page B\n  yield\n  load a\n  kunmap_local a\n");
  for (int run = 0; run < 1000; run++) ASSERT_EQ(Run(trace), "");
}

// After a mistake what the window holds is the caller's affair; only a cast is told by its leak.
TEST_F(LocalChecksTest, SilentOnMistakesOfTheCaller) {
  const std::string pages = "profile x86_tiny\npage A high\npage B high\nlane misuse\n";
  for (const std::string program :
       {"task T1@0:\n  a = kmap_local_page A\n  b = kmap_local_page B\n  kunmap_local a\n  yield\n"
        "  kunmap_local b\ntask T2@0:\n  a = kmap_local_page A\n  yield\n  kunmap_local a\n",
        "task T1@0:\n  a = kmap_local_page A\n  kunmap_local a\n  kunmap_local a\n",
        "task T1@0:\n  a = kmap_local_page A\n  kunmap_atomic a\n  b = kmap_local_page B\n",
        "task T1@0:\n  a = kmap_atomic A\n  kunmap_local a\n  preempt_enable\n",
        "task T1@0:\n  a = kmap_local_page A\n  fork T2\ntask T2@0:\n  b = kmap_local_page B\n",
        "task T1@0:\n  a = kmap_local_page A\n  yield\n  kunmap_local a\n"
        "irq H2@0 x2:\n  b = kmap_local_page B\n",
        "task T1@0:\n  a = kmap_local_page A\n  yield\n  kunmap_local a\n"
        "task T2@1:\n  cpu_down 0\n"}) {
    const Trace trace = Parsed(pages + program);
    diagnoses_count_ = false;
    for (int run = 0; run < 100; run++) ASSERT_EQ(Run(trace), "") << program;
  }
}

TEST_F(LocalChecksTest, B1TellsOfAPageCastToAnAddress) {
  const Trace trace = Parsed(
      "profile x86_tiny\npage A high\nlane misuse\n"
      "task T1@0:\n  a = kmap_local_page A\n  kunmap_local A\n  load a\n");
  EXPECT_EQ(Run(trace).substr(0, 3), "B1 ");
}

}  // namespace
}  // namespace highmem
