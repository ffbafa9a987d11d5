#include "highmem/schedule/pct.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "highmem/schedule/programs_for_test.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

Trace Parsed(const std::string& text) {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(ParseTrace("#hm 1\n" + text, "test", &trace, &error)) << error.Text();
  return trace;
}

// Fails where T2 looks while T1 is between the two counts of its second kmap: T1 gets there, T2
// looks, T1 counts on. Two ordered pairs, so a bug of depth 2.
const char kTornCount[] =
    "profile x86_tiny cpus=2 spec_fills=0 tlb_evicts=0\npage A high\npage B high\npage C low\n"
    "task T1@0:\n  b = kmap B\n  kunmap b\n  a = kmap A\n"
    "task T2@1:\n  c = kmap C\n  load c\n  check count(A)!=1\n";

// Fails where the handler comes between them: the task goes first, then the handler, then the task.
const char kTornByHandler[] =
    "profile x86_tiny cpus=2 spec_fills=0 tlb_evicts=0\npage A high\n"
    "task T1@0:\n  a = kmap A\n"
    "irq H2@1 x1:\n  check count(A)!=1\n";

// Fails only in an order of whole ops: T2 comes behind T1.
const char kOrder[] =
    "profile x86_tiny cpus=2 spec_fills=0 tlb_evicts=0\npage A high\n"
    "task T1@0:\n  a = kmap A\n  kunmap a\n"
    "task T2@1:\n  check count(A)==0\n";

struct Tries {
  int hits = 0;  // runs that made a check false
  uint64_t longest = 0;
};

Tries TryAll(const Trace& trace, int depth, uint32_t steps, uint64_t seeds) {
  Executor executor;
  Judge judge({.expectations = true});
  Tries tries;
  for (uint64_t seed = 0; seed < seeds; seed++) {
    PctChooser pct(seed, depth, steps);
    const Outcome outcome = RunOnce(executor, judge, trace, pct);
    tries.hits += outcome.finding.id == FindingId::CHECK;
    tries.longest = std::max(tries.longest, outcome.steps);
  }
  return tries;
}

constexpr uint64_t kSeeds = 8000;
constexpr uint32_t kSteps = 90;

double Share(int hits) { return static_cast<double>(hits) / kSeeds; }

// Contexts: the tasks or handlers of the trace and the idle loops of both CPUs.
TEST(Pct, FindsAsOftenAsTheBound) {
  constexpr double kContexts = 4;
  for (const char* program : {kTornCount, kTornByHandler}) {
    const Tries tries = TryAll(Parsed(program), 2, kSteps, kSeeds);
    EXPECT_LE(tries.longest, kSteps) << "k is no bound";
    EXPECT_GE(Share(tries.hits), 1 / (kContexts * kSteps)) << program;
    EXPECT_LE(Share(tries.hits), 0.1) << "the window is no needle: " << program;
  }
}

TEST(Pct, DepthOneChangesNoPriority) {
  EXPECT_EQ(TryAll(Parsed(kTornCount), 1, kSteps, kSeeds).hits, 0);
  EXPECT_GE(Share(TryAll(Parsed(kOrder), 1, kSteps, kSeeds).hits), 1.0 / 4);
}

TEST(Pct, DeeperThanNeededStillFinds) {
  for (const int depth : {3, 4})
    EXPECT_GT(TryAll(Parsed(kTornCount), depth, kSteps, kSeeds).hits, 0) << "depth " << depth;
}

// Counts moves by kind.
class CountingChooser : public Chooser {
 public:
  explicit CountingChooser(Chooser& inner) : inner_(inner) {}
  void Begin(const Executor& executor) override { inner_.Begin(executor); }
  Move NextMove(const Executor& executor, MoveMask enabled) override {
    const Move move = inner_.NextMove(executor, enabled);
    made[static_cast<int>(move.kind)]++;
    inside += move.kind == MoveKind::irq && actor_state(0).in_op != 0;
    return move;
  }
  uint32_t NextValue(const Executor& executor, const Move& move, uint32_t n) override {
    return inner_.NextValue(executor, move, n);
  }
  int Made(MoveKind kind) const { return made[static_cast<int>(kind)]; }

  int made[7] = {};
  int inside = 0;  // handlers that came while T1 was in an op

 private:
  Chooser& inner_;
};

// Three tasks of one CPU and one slot: they sleep and wake each other, but only a change point lets
// one preempt another.
TEST(Pct, PreemptsAtChangePointsOnly) {
  const Trace trace = Parsed(
      "profile x86_tiny1 cpus=1\npage A high\npage B high\npage C high\n"
      "task T1@0:\n  a = kmap A\n  kunmap a\n"
      "task T2@0:\n  a = kmap B\n  kunmap a\n"
      "task T3@0:\n  a = kmap C\n  kunmap a\n");
  Executor executor;
  for (const int depth : {1, 2, 3, 4}) {
    int preemptions = 0;
    for (uint64_t seed = 0; seed < 500; seed++) {
      PctChooser pct(seed, depth, 200);
      CountingChooser counting(pct);
      executor.Load(trace, nullptr);
      ASSERT_EQ(executor.Run(counting), RunStatus::done);
      ASSERT_LE(counting.Made(MoveKind::preempt), depth - 1) << "seed " << seed;
      preemptions += counting.Made(MoveKind::preempt);
    }
    EXPECT_EQ(preemptions > 0, depth > 1);
  }
}

// A handler does not spend its runs at the first step, and does come in between.
TEST(Pct, HandlersComeAtAllTimes) {
  const Trace trace = Parsed(
      "profile x86_tiny cpus=1\npage A high\n"
      "task T1@0:\n  a = kmap A\n  kunmap a\n"
      "irq H2@0 x4:\n  page_address A\n");
  Executor executor;
  int some_left = 0, inside = 0;
  for (uint64_t seed = 0; seed < 500; seed++) {
    PctChooser pct(seed, 2, 150);
    CountingChooser counting(pct);
    executor.Load(trace, nullptr);
    ASSERT_EQ(executor.Run(counting), RunStatus::done);
    some_left += counting.Made(MoveKind::irq) < 4;
    inside += counting.inside;
  }
  EXPECT_GT(some_left, 250);
  EXPECT_GT(inside, 50);
}

// T2 and T3 wait for maps that T1 posts last, all on one CPU: they must not be picked meanwhile.
TEST(Pct, WhoHasNothingToTakeIsBlocked) {
  const Trace trace = Parsed(
      "profile x86_tiny cpus=1\npage A high\npage B high\n"
      "task T1@0:\n  a = kmap A\n  b = kmap B\n  post a\n  post b\n"
      "task T2@0:\n  a = take T1\n  kunmap a\n"
      "task T3@0:\n  a = take T1\n  kunmap a\n");
  Executor executor;
  for (uint64_t seed = 0; seed < 500; seed++) {
    PctChooser pct(seed, 3, 300);
    executor.Load(trace, nullptr);
    ASSERT_EQ(executor.Run(pct), RunStatus::done) << "seed " << seed;
    ASSERT_LT(executor.steps(), 300u) << "seed " << seed;
  }
}

TEST(Pct, SameSeedSameRunAndReplayToo) {
  Executor executor;
  Programs programs(3);
  int different = 0;
  for (uint64_t seed = 0; seed < 1000; seed++) {
    const Trace trace = programs.Make();
    std::string error;
    if (!CheckTrace(trace, &error)) continue;
    const int depth = 1 + static_cast<int>(seed % 4);
    HashSink one, two, other;
    PctChooser first(seed, depth, 300), again(seed, depth, 300), another(seed + 1, depth, 300);
    const Trace recorded = RecordRun(executor, trace, &one, first);
    RecordRun(executor, trace, &two, again);
    RecordRun(executor, trace, &other, another);
    EXPECT_EQ(one.hash(), two.hash());
    different += one.hash() != other.hash();
    int dropped = 0;
    ASSERT_EQ(HashOfReplay(executor, recorded, &dropped), one.hash()) << "seed " << seed;
    EXPECT_EQ(dropped, 0);
  }
  EXPECT_GT(different, 500);
}

}  // namespace
}  // namespace highmem
