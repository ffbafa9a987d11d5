#include "highmem/schedule/bytes.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "highmem/schedule/programs_for_test.h"

namespace highmem {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes SomeBytes(uint64_t seed) {
  std::mt19937_64 random(seed);
  Bytes bytes(random() % 24);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

uint64_t HashOfRun(Executor& executor, const Trace& trace, Chooser& chooser) {
  HashSink sink;
  executor.Load(trace, &sink);
  executor.Run(chooser);
  return sink.hash();
}

TEST(Bytes, AnyBytesAreARunThatARecordingRepeats) {
  Executor executor;
  Programs programs(1);
  std::set<uint64_t> runs;
  for (uint64_t seed = 0; seed < 200; seed++) {
    const Trace trace = programs.Make();
    const Bytes bytes = SomeBytes(seed);
    BytesChooser chooser(bytes);
    const uint64_t hash = HashOfRun(executor, trace, chooser);
    EXPECT_EQ(HashOfRun(executor, trace, chooser), hash) << seed;
    runs.insert(hash);
    if (!IsStraight(trace)) continue;
    int dropped = 0;
    const Trace recorded = RecordRun(executor, trace, nullptr, chooser);
    EXPECT_LE(recorded.schedule.decisions.size(), bytes.size()) << seed;
    EXPECT_EQ(HashOfReplay(executor, recorded, &dropped), hash) << seed;
    EXPECT_EQ(dropped, 0) << seed;
  }
  EXPECT_GT(runs.size(), 150u);
}

TEST(Bytes, NoBytesAreTheDefaultOrder) {
  Executor executor;
  Programs programs(2);
  for (int i = 0; i < 20; i++) {
    const Trace trace = programs.Make();
    BytesChooser chooser({});
    int dropped = 0;
    EXPECT_EQ(HashOfRun(executor, trace, chooser), HashOfReplay(executor, trace, &dropped));
  }
}

}  // namespace
}  // namespace highmem
