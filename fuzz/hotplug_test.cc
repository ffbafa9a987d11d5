// What inputs nobody chose do where CPUs go offline: the CPUs do, and have work before and after.

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <span>
#include <vector>

#include "highmem/kernel/task.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/executor.h"
#include "highmem/trace/fuzz_codec.h"
#include "highmem/trace/lane.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/judge.h"

namespace highmem {
namespace {

struct Seen {
  bool offline = false;
  bool online = false;
  bool pushed = false;  // a task that has begun was moved off a CPU on its way out
  bool waits = false;   // for somebody pinned
  bool works = false;   // a task runs on a CPU that has come back
};

class Watcher : public EventSink {
 public:
  void Begin(const Executor& executor) override { judge_.Begin(executor); }
  bool OnStep(const Executor& executor, std::span<const Event> events) override {
    for (const Event& e : events) {
      switch (e.kind) {
        case EventKind::cpu_offline: seen_.offline = true; break;
        case EventKind::cpu_online: seen_.online = back_[e.obj] = true; break;
        case EventKind::hotplug_wait: seen_.waits |= machine.cpus[e.obj].nr_pinned != 0; break;
        case EventKind::task_switch: seen_.works |= back_[e.cpu] && Begun(e.new_value); break;
        case EventKind::migrate:
          seen_.pushed |= machine.cpus[e.old_value].state == CpuState::kDying && Begun(e.obj);
          break;
        case EventKind::op_begin: begun_ |= 1u << e.ctx; break;
        default: break;
      }
    }
    return judge_.OnStep(executor, events);
  }
  const Seen& seen() const { return seen_; }
  Finding Finish(const Executor& executor) {
    judge_.Finish(executor);
    return judge_.finding();
  }

 private:
  // Tasks are declared before handlers, so that task and actor have one number.
  bool Begun(uint32_t t) const { return t < 32 && (begun_ >> t & 1) != 0; }

  Judge judge_;
  Seen seen_;
  std::array<bool, kMaxCpus> back_ = {};
  uint32_t begun_ = 0;
};

TEST(HotplugTarget, RandomInputsTakeCpusOffline) {
  constexpr int kInputs = 2000;
  std::mt19937_64 random(1);
  Executor executor;
  int offline = 0, online = 0, pushed = 0, waits = 0, works = 0;
  for (int i = 0; i < kInputs; i++) {
    std::vector<uint8_t> bytes(kFuzzRecordSize * (8 + random() % 60));
    for (uint8_t& b : bytes) b = static_cast<uint8_t>(random() >> 56);
    Trace trace;
    LaneReport lane;
    DecodeFuzz(bytes.data(), bytes.size(), *FindProfile("x86_tiny_smp"), &trace, FuzzMix::hotplug);
    trace.misuse = false;
    FilterLane(&trace, &lane);
    Watcher watcher;
    ReplayChooser replay;
    executor.Load(trace, &watcher);
    executor.Run(replay);
    ASSERT_FALSE(watcher.Finish(executor)) << PrintTrace(trace);
    offline += watcher.seen().offline;
    online += watcher.seen().online;
    pushed += watcher.seen().pushed;
    waits += watcher.seen().waits;
    works += watcher.seen().works;
  }
  EXPECT_GT(offline, kInputs / 2);
  EXPECT_GT(online, kInputs / 6);
  EXPECT_GT(pushed, kInputs / 4);
  EXPECT_GT(waits, kInputs / 20);
  EXPECT_GT(works, kInputs / 20);
}

}  // namespace
}  // namespace highmem
