#include "highmem/kernel/co.h"

#include <gtest/gtest.h>

#include "highmem/kernel/context.h"
#include "highmem/kernel/describe.h"
#include "highmem/kernel/perform.h"
#include "highmem/kernel/preempt.h"
#include "highmem/kernel/primitive.h"
#include "highmem/kernel/task.h"

namespace highmem {
namespace {

int children = 0;
uintptr_t lowest_host_stack = 0;

// Resumes the top context of task 0 until nothing is pending; returns the number of micro-steps.
int RunToEnd() {
  int steps = 0;
  Frame::finished_root = nullptr;
  while (Frame::finished_root == nullptr) {
    Context& context = TopContext(0);
    current_context = &context;
    if (context.pending.after == 0) {
      Perform(context, 0);
      if (Info(context.pending.kind).after) {
        context.pending.after = 1;
        steps++;
        continue;
      }
    }
    context.leaf->self.resume();
    steps++;
  }
  PopContext(0, Frame::finished_root);
  return steps;
}

class CoTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const CpuId cpu_of[] = {0};
    arena.Reset(3);
    MachineReset(*FindProfile("x86_tiny"));
    TasksReset(1, cpu_of);
    machine.cpus[0].curr = 0;
    events.Clear();
    events.BeginStep(1, 0, 0);
  }
};

Co<int> Leaf(int x) {
  co_await preempt_disable();
  lowest_host_stack = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  co_await preempt_enable();
  children++;
  co_return x + 1;
}
Co<int> Immediate(int x) { co_return x * 2; }

Co<> Caller(int* out) {
  const int a = co_await Leaf(1);
  const int b = co_await Immediate(a);
  *out = b;
}

TEST_F(CoTest, ResultsComeBackThroughSuspensionsAndWithoutThem) {
  int out = 0;
  ASSERT_NE(PushRoot(0, ContextKind::kTask, 0, [&] { return Caller(&out); }), nullptr);
  EXPECT_EQ(RunToEnd(), 3) << "preempt_disable; preempt_enable; the window behind it";
  EXPECT_EQ(out, 4);
  EXPECT_EQ(arena.stack(0).top, 0u) << "every frame was freed";
  EXPECT_EQ(arena.stack(0).context, 0u);
}

Co<> ManyChildren(int n) {
  for (int i = 0; i < n; i++) co_await Leaf(i);
}

TEST_F(CoTest, TheHostStackStaysFlat) {
  children = 0;
  PushRoot(0, ContextKind::kTask, 0, [] { return ManyChildren(1); });
  RunToEnd();
  const uintptr_t after_one = lowest_host_stack;
  PushRoot(0, ContextKind::kTask, 0, [] { return ManyChildren(200'000); });
  RunToEnd();
  EXPECT_EQ(children, 200'001);
  EXPECT_EQ(lowest_host_stack, after_one);
}

Co<> Deep(int n) {
  co_await preempt_disable();
  if (n > 0) co_await Deep(n - 1);
}

TEST_F(CoTest, AFullFrameStackParksTheCallerAndSaysSo) {
  PushRoot(0, ContextKind::kTask, 0, [] { return Deep(10'000); });
  bool said = false;
  for (int i = 0; i < 10'000 && !said; i++) {
    Context& context = TopContext(0);
    current_context = &context;
    Perform(context, 0);
    context.leaf->self.resume();
    for (const Event& e : events.pending()) said |= e.kind == EventKind::frame_overflow;
    events.Clear();
  }
  EXPECT_TRUE(said);
  EXPECT_EQ(TopContext(0).pending.kind, PrimKind::frame_overflow);
  EXPECT_FALSE(Enabled(TopContext(0), 0));
}

TEST_F(CoTest, AnInterruptedContextGetsItsPendingRecordBack) {
  int out = 0;
  PushRoot(0, ContextKind::kTask, 0, [&] { return Caller(&out); });
  const Pending before = TopContext(0).pending;
  Frame* const leaf = TopContext(0).leaf;
  PushRoot(0, ContextKind::kHardirq, 1, [] { return ManyChildren(3); });
  EXPECT_EQ(Below(0, TopContext(0))->leaf, leaf);
  RunToEnd();
  EXPECT_EQ(TopContext(0).leaf, leaf);
  EXPECT_EQ(TopContext(0).pending.kind, before.kind);
  RunToEnd();
  EXPECT_EQ(out, 4);
}

TEST_F(CoTest, DescribeNamesFunctionsInnermostFirst) {
  int out = 0;
  PushRoot(0, ContextKind::kTask, 0, [&] { return Caller(&out); });
  const std::string trace = describe(0);
  const size_t leaf = trace.find("Leaf:");
  const size_t caller = trace.find("Caller:");
  EXPECT_NE(leaf, std::string::npos) << trace;
  EXPECT_NE(caller, std::string::npos) << trace;
  EXPECT_LT(leaf, caller);
  EXPECT_EQ(trace.find("<task: preempt_disable>"), 0u) << trace;
}

}  // namespace
}  // namespace highmem
