#include "highmem/check/deadlock.h"

#include <gtest/gtest.h>

#include <string>

#include "highmem/check/checks.h"
#include "highmem/check/random_walk_for_test.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

// Runs programs on the real implementation under random schedules, with the checks alone.
class DeadlockTest : public testing::Test, public EventSink, public Reporter {
 protected:
  void Begin(const Executor& executor) override { checks_.Begin(executor, this); }
  bool OnStep(const Executor& /*executor*/, std::span<const Event> events) override {
    checks_.OnStep(events);
    return first_.id == FindingId::kNone;
  }
  void Report(const Event& /*event*/, const Breach& breach) override {
    if (first_.id == FindingId::kNone) first_ = breach;
  }

  // How many of the runs ended with L1 before they were stuck, and how many with anything else.
  struct Count {
    int found_early = 0;
    int found_stuck = 0;
    int done = 0;
    int other = 0;
  };
  Count Run(const std::string& text, int runs = 200) {
    Trace trace;
    ParseError error;
    EXPECT_TRUE(ParseTrace("#hm 1\n" + text, "test", &trace, &error)) << error.Text();
    RandomWalk chooser(1);
    Count count;
    for (int i = 0; i < runs; i++) {
      first_ = {};
      executor_.Load(trace, this);
      const RunStatus status = executor_.Run(chooser);
      checks_.Finish();
      if (first_.id == FindingId::L1)
        ++(status == RunStatus::stuck ? count.found_stuck : count.found_early);
      else if (status == RunStatus::done && first_.id == FindingId::kNone)
        count.done++;
      else
        count.other++;
    }
    return count;
  }

  Executor executor_;
  Checks checks_;
  Breach first_;
};

// nested-kmap-deadlock, one task
TEST_F(DeadlockTest, OneTaskHoardsThePool) {
  const Count c =
      Run("profile x86_tiny2\npage A high\npage B high\npage C high\nlane misuse\n"
          "task T1@0:\n  a = kmap A\n  b = kmap B\n  c = kmap C\n");
  EXPECT_EQ(c.found_early, 200);
}

// nested-kmap-deadlock, two tasks: only if both got their first slot before either got its second
TEST_F(DeadlockTest, TwoTasksWaitForEachOther) {
  const Count c =
      Run("profile x86_tiny2\npage A high\npage B high\npage C high\npage D high\nlane misuse\n"
          "task T1@0:\n  a = kmap A\n  b = kmap B\n  kunmap b\n  kunmap a\n"
          "task T2@1:\n  a = kmap C\n  b = kmap D\n  kunmap b\n  kunmap a\n");
  EXPECT_GT(c.found_early, 0);
  EXPECT_GT(c.done, 0);
  EXPECT_EQ(c.found_stuck + c.other, 0);
}

TEST_F(DeadlockTest, SleepersThatSomebodyWillWakeAreFine) {
  const Count c =
      Run("profile x86_tiny1\npage A high\npage B high\npage C high\n"
          "task T1@0:\n  a = kmap A\n  load a+0\n  kunmap a\n"
          "task T2@1:\n  a = kmap B\n  load a+0\n  kunmap a\n"
          "task T3@1:\n  a = kmap C\n  load a+0\n  kunmap a\n");
  EXPECT_EQ(c.done, 200);
}

// irq-off-lock-vs-tlb-ipi: CPU1 spins with interrupts off for a lock whose holder waits for its
// answer
TEST_F(DeadlockTest, LockWithInterruptsOffAgainstIpi) {
  const Count c =
      Run("profile x86_tiny\npage A high\npage B high\nlane misuse\n"
          "task T1@0:\n  a = kmap A\n  b = kmap B\n  post a\n  kunmap b\n"
          "  lock\n  kmap_flush_unused\n  unlock\n"
          "task T2@1:\n  a = take T1\n  irq_save\n  lock\n  unlock\n  irq_restore\n  kunmap a\n");
  EXPECT_GT(c.found_early, 0);
  EXPECT_GT(c.done, 0);
  EXPECT_EQ(c.found_stuck + c.other, 0);
}

TEST_F(DeadlockTest, SpinningWithInterruptsOnAnswersIpis) {
  const Count c =
      Run("profile x86_tiny\npage A high\n"
          "task T1@0:\n  a = kmap A\n  kunmap a\n  lock\n  kmap_flush_unused\n  unlock\n"
          "task T2@1:\n  lock\n  unlock\n");
  EXPECT_EQ(c.done, 200);
}

TEST_F(DeadlockTest, TakeFromATaskThatPostsNoMore) {
  const Count c =
      Run("profile x86_tiny\npage A high\nlane misuse\n"
          "task T1@0:\n  a = kmap A\n  post a\n"
          "task T2@1:\n  a = take T1\n  kunmap a\n  b = take T1\n  kunmap b\n");
  EXPECT_EQ(c.found_early, 200);
}

TEST_F(DeadlockTest, TakeOnTheSameCpuLetsTheOtherTaskRun) {
  const Count c =
      Run("profile x86_tiny cpus=1\npage A high\n"
          "task T1@0:\n  a = kmap A\n  post a\n"
          "task T2@0:\n  a = take T1\n  load a+0\n  kunmap a\n");
  EXPECT_EQ(c.done, 200);
}

// X8: a handler that spins for a lock its own CPU holds
TEST_F(DeadlockTest, HandlerSpinsForTheInterruptedLock) {
  const Count c =
      Run("profile x86_tiny cpus=1\npage A high\nlane misuse\n"
          "task T1@0:\n  lock\n  unlock\n"
          "irq H1@0 x1:\n  lock\n  unlock\n",
          /*runs=*/20000);  // the handler mostly comes before the task has begun
  EXPECT_GT(c.found_early, 0);
  EXPECT_EQ(c.found_stuck, 0);
}

TEST_F(DeadlockTest, AnOfflineThatWaitsForAPinnedTaskIsNone) {
  const std::string machine = "profile x86_tiny1\npage A high\npage B high\nlane misuse\n";
  const std::string owner = "task T1@0:\n  a = kmap_local_page A\n  yield\n";
  const std::string offline = "task T2@1:\n  cpu_down 0\n";
  const Count none = Run(machine + owner + "  kunmap_local a\n" + offline);
  EXPECT_EQ(none.done, 200);
  // SPEC X17: a task that ends with a map leaves its CPU pinned for ever.
  const Count leaked = Run(machine + owner + offline);
  EXPECT_GT(leaked.found_early + leaked.found_stuck, 100);
  EXPECT_EQ(leaked.other, 0);
}

TEST_F(DeadlockTest, WhoWaitsForAnOfflineMakesRoom) {
  const Count count =
      Run("profile x86_tiny1\npage A high\npage B high\npage C high\nlane misuse\n"
          "task T1@0:\n  a = kmap_local_page A\n  b = kmap B\n  kunmap b\n  kunmap_local a\n"
          "task T2@1:\n  c = kmap C\n  yield\n  kunmap c\n"
          "task T3@1:\n  cpu_down 0\n");
  EXPECT_EQ(count.done, 200);
}

// Each is pushed off its CPU, if need be while it waits for the other; the second one has nothing
// to do.
TEST_F(DeadlockTest, OfflinesComeOneAfterTheOther) {
  const std::string machine = "profile x86_tiny1\npage A high\n";
  const std::string both = "task T1@0:\n  cpu_down 1\ntask T2@1:\n  cpu_down 0\n";
  EXPECT_EQ(Run(machine + both + "task T3@1:\n  cpu_up 0\n  cpu_up 1\n").done, 200);
  EXPECT_EQ(Run(machine + "task T1@0:\n  cpu_down 0\n  a = kmap A\n  kunmap a\n").done, 200);
}

// Whoever is pinned to it waits for his turn.
TEST_F(DeadlockTest, AnOfflineWhosePinnedTasksWaitBehindIt) {
  const Count c =
      Run("profile x86_tiny1\npage A high\nlane misuse\n"
          "task T1@0:\n  a = kmap_local_page A\n  yield\n  cpu_up 1\n  kunmap_local a\n"
          "task T2@1:\n  cpu_down 0\n");
  EXPECT_GT(c.found_early + c.found_stuck, 20);
  EXPECT_GT(c.done, 20);
  EXPECT_EQ(c.done + c.found_early + c.found_stuck, 200);
}

}  // namespace
}  // namespace highmem
