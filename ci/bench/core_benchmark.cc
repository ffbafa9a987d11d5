// What the core costs: reset, snapshot, micro-step, whole executions with and without checkers.
// ci/bench/run compares builds and engines in one go.

#include <benchmark/benchmark.h>

#include <vector>

#include "highmem/machine/arena.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/executor.h"
#include "highmem/trace/fuzz_codec.h"
#include "highmem/trace/lane.h"
#include "highmem/verdict/judge.h"

namespace highmem {
namespace {

// A 64-op input, always the same.
const Trace& SixtyFourOps() {
  static const Trace trace = [] {
    std::vector<uint8_t> bytes(kFuzzMaxSize);
    uint32_t x = 12345;
    for (uint8_t& b : bytes) b = static_cast<uint8_t>((x = x * 1664525 + 1013904223) >> 24);
    Trace t;
    LaneReport report;
    DecodeFuzz(bytes.data(), bytes.size(), *FindProfile("x86_tiny"), &t);
    t.misuse = false;
    FilterLane(&t, &report);
    return t;
  }();
  return trace;
}

void BM_Load(benchmark::State& state) {
  Executor executor;
  for (auto _ : state) executor.Load(SixtyFourOps(), nullptr);
}
BENCHMARK(BM_Load);

void BM_Rewind(benchmark::State& state) {
  Executor executor;
  executor.Load(SixtyFourOps(), nullptr);
  executor.SaveStart();
  for (auto _ : state) executor.Rewind();
}
BENCHMARK(BM_Rewind);

void BM_SnapshotAndHash(benchmark::State& state) {
  Executor executor;
  Judge judge;
  executor.Load(SixtyFourOps(), &judge);
  Arena::Snapshot snapshot;
  for (auto _ : state) {
    arena.Save(&snapshot);
    benchmark::DoNotOptimize(arena.Hash());
  }
  state.counters["bytes"] = static_cast<double>(arena.snapshot_bytes());
}
BENCHMARK(BM_SnapshotAndHash);

// Argument: 1 with model and checkers. Counters: per micro-step, executions per second.
void BM_Execute(benchmark::State& state) {
  Executor executor;
  ReplayChooser replay;
  uint64_t steps = 0;
  for (auto _ : state) {
    Judge judge;
    executor.Load(SixtyFourOps(), state.range(0) != 0 ? &judge : nullptr);
    executor.Run(replay);
    steps += executor.steps();
  }
  state.counters["steps_per_exec"] =
      benchmark::Counter(static_cast<double>(steps), benchmark::Counter::kAvgIterations);
  state.counters["ns_per_step"] = benchmark::Counter(
      static_cast<double>(steps) / 1e9, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_Execute)->Arg(0)->Arg(1);

// The fuzz target's work on random bytes, no engine: decode, filter, run, judge.
void BM_FuzzInput(benchmark::State& state) {
  Executor executor;
  Trace trace;
  LaneReport report;
  uint32_t x = 1;
  std::vector<uint8_t> bytes(kFuzzMaxSize);
  uint64_t steps = 0;
  for (auto _ : state) {
    for (uint8_t& b : bytes) b = static_cast<uint8_t>((x = x * 1664525 + 1013904223) >> 24);
    DecodeFuzz(bytes.data(), bytes.size(), *FindProfile("x86_tiny"), &trace);
    trace.misuse = false;
    FilterLane(&trace, &report);
    Judge judge;
    ReplayChooser replay;
    executor.Load(trace, &judge);
    executor.Run(replay);
    judge.Finish(executor);
    steps += executor.steps();
  }
  state.counters["steps_per_exec"] =
      benchmark::Counter(static_cast<double>(steps), benchmark::Counter::kAvgIterations);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_FuzzInput);

}  // namespace
}  // namespace highmem

BENCHMARK_MAIN();
