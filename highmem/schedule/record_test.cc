#include "highmem/schedule/record.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "highmem/schedule/programs_for_test.h"
#include "highmem/schedule/random.h"
#include "highmem/schedule/replay.h"

namespace highmem {
namespace {

TEST(Record, ReplayOfARecordingIsTheSameRun) {
  Executor executor;
  Programs programs(1);
  std::set<RunStatus> ends;
  size_t decisions = 0;
  for (uint64_t seed = 0; seed < 10'000; seed++) {
    const Trace trace = programs.Make();
    std::string error;
    if (!CheckTrace(trace, &error)) continue;
    HashSink sink;
    RandomChooser random(seed);
    const Trace recorded = RecordRun(executor, trace, &sink, random);
    ends.insert(executor.status());
    decisions += recorded.schedule.decisions.size();
    ASSERT_TRUE(CheckTrace(recorded, &error)) << error;
    int dropped;
    ASSERT_EQ(HashOfReplay(executor, recorded, &dropped), sink.hash()) << "seed " << seed;
    EXPECT_EQ(dropped, 0) << "seed " << seed;
  }
  EXPECT_GE(ends.size(), 3u);  // done, bug, stuck
  EXPECT_GT(decisions, 100'000u);
}

TEST(Record, DefaultOrderNeedsNoDecision) {
  Executor executor;
  Programs programs(2);
  for (int i = 0; i < 500; i++) {
    const Trace trace = programs.Make();
    std::string error;
    if (!CheckTrace(trace, &error)) continue;
    ReplayChooser nothing_decided;
    const Trace recorded = RecordRun(executor, trace, nullptr, nothing_decided);
    EXPECT_TRUE(recorded.schedule.decisions.empty()) << "program " << i;
  }
}

// Two tasks on two CPUs that use a page each.
Trace TwoTasks() {
  Trace t;
  t.profile = *FindProfile("x86_tiny1");
  t.pages.resize(2);
  t.actors.resize(2);
  for (int a = 0; a < 2; a++) {
    t.actors[a].cpu = static_cast<CpuId>(a);
    t.actors[a].first_op = static_cast<uint32_t>(t.ops.size());
    t.actors[a].op_count = 2;
    t.actors[a].vars.resize(1);
    Op map, unmap;
    map.code = OpCode::kmap;
    map.page = static_cast<int16_t>(a);
    map.var = 0;
    unmap.code = OpCode::kunmap;
    unmap.ref = 0;
    t.ops.insert(t.ops.end(), {map, unmap});
  }
  return t;
}

TEST(Record, APathBecomesDecisions) {
  Executor executor;
  const Trace trace = TwoTasks();
  std::vector<Choice> path;
  HashSink sink;
  RandomChooser random(3);
  RecordChooser recorder(random);
  executor.Load(trace, &sink);
  executor.Run(recorder);
  path = recorder.path();
  const Trace recorded = AsTrace(executor, trace, path);
  EXPECT_EQ(recorded.schedule.decisions, recorder.decisions());
  int dropped;
  EXPECT_EQ(HashOfReplay(executor, recorded, &dropped), sink.hash());
}

// What the run did, without step numbers and positions of ops: a straightened trace has fewer
// steps.
class DeedsSink : public EventSink {
 public:
  void Begin(const Executor& /*executor*/) override { deeds_.clear(); }
  bool OnStep(const Executor& /*executor*/, std::span<const Event> events) override {
    for (const Event& e : events) {
      if (e.kind == EventKind::op_begin || e.kind == EventKind::op_end) continue;
      deeds_ += std::string(EventName(e.kind)) + " " + std::to_string(e.ctx) + " " +
                std::to_string(e.obj) + " " + std::to_string(e.new_value) + "\n";
    }
    return deeds_.size() < 100'000;
  }
  const std::string& deeds() const { return deeds_; }

 private:
  std::string deeds_;
};

TEST(Record, AnyAndLoopAreWrittenOut) {
  Executor executor;
  Trace trace = TwoTasks();
  for (int a = 0; a < 2; a++) {
    Op& map = trace.ops[static_cast<size_t>(2 * a)];
    map.page = -1;
    map.any = 3;
  }
  Op loop;
  loop.code = OpCode::loop;
  trace.ops.insert(trace.ops.begin() + 2, loop);
  trace.actors[0].op_count = 3;
  trace.actors[1].first_op = 3;
  std::string error;
  ASSERT_TRUE(CheckTrace(trace, &error)) << error;
  for (uint64_t seed = 0; seed < 50; seed++) {
    DeedsSink before, after;
    RandomChooser random(seed);
    const Trace recorded = RecordRun(executor, trace, &before, random);
    ASSERT_TRUE(CheckTrace(recorded, &error)) << error;
    EXPECT_GT(recorded.ops.size(), trace.ops.size());
    for (const Op& op : recorded.ops) EXPECT_EQ(op.any, 0u);
    ReplayChooser replay;
    executor.Load(recorded, &after);
    executor.Run(replay);
    EXPECT_TRUE(after.deeds().starts_with(before.deeds())) << "seed " << seed;
  }
}

}  // namespace
}  // namespace highmem
