// The byte codec and the lane filter where CPUs go offline and come back.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "highmem/trace/fuzz_codec.h"
#include "highmem/trace/fuzz_op.h"
#include "highmem/trace/lane_for_test.h"

namespace highmem {
namespace {

Trace RandomTrace(uint64_t seed, const std::string& profile) {
  std::mt19937_64 random(seed);
  std::vector<uint8_t> bytes(kFuzzRecordSize * (2 + random() % 60));
  for (uint8_t& b : bytes) b = static_cast<uint8_t>(random() >> 56);
  Trace trace;
  DecodeFuzz(bytes.data(), bytes.size(), *FindProfile(profile), &trace, FuzzMix::hotplug);
  return trace;
}

int Count(const Trace& trace, OpCode code) {
  return static_cast<int>(
      std::ranges::count_if(trace.ops, [code](const Op& op) { return op.code == code; }));
}

TEST(FuzzHotplug, EncodesWhatItDecodes) {
  for (const char* profile : {"x86_tiny_smp", "x86_tiny_rt", "armv7_tiny3"}) {
    for (uint64_t seed = 1; seed <= 1500; seed++) {
      const Trace trace = RandomTrace(seed, profile);
      std::string error;
      ASSERT_TRUE(CheckTrace(trace, &error)) << error;
      uint8_t bytes[kFuzzMaxSize];
      const size_t size = EncodeFuzz(trace, bytes, sizeof(bytes), FuzzMix::hotplug);
      Trace again;
      DecodeFuzz(bytes, size, trace.profile, &again, FuzzMix::hotplug);
      ASSERT_EQ(PrintTrace(again), PrintTrace(trace)) << profile << ", seed " << seed;
    }
  }
}

TEST(FuzzHotplug, TheFilterKeepsMostOfThem) {
  int down = 0, up = 0, dropped = 0;
  for (uint64_t seed = 1; seed <= 1000; seed++) {
    Trace trace = RandomTrace(seed, "x86_tiny_smp");
    trace.misuse = false;
    const int before = Count(trace, OpCode::cpu_down);
    LaneReport report;
    FilterLane(&trace, &report);
    down += Count(trace, OpCode::cpu_down);
    up += Count(trace, OpCode::cpu_up);
    dropped += before - Count(trace, OpCode::cpu_down);
    FilterLane(&trace, &report);
    ASSERT_TRUE(report.skipped.empty()) << PrintTrace(trace);
  }
  EXPECT_GT(down, 600);
  EXPECT_GT(up, 350);
  EXPECT_LT(dropped, down / 4);
}

// The codes of the other mixes are taken.
TEST(FuzzHotplug, NoOtherMixHasThem) {
  std::mt19937_64 random(1);
  for (const FuzzMix mix :
       {FuzzMix::pkmap, FuzzMix::local, FuzzMix::dma, FuzzMix::arch, FuzzMix::high_get}) {
    for (int i = 0; i < 300; i++) {
      uint8_t bytes[kFuzzMaxSize];
      for (uint8_t& b : bytes) b = static_cast<uint8_t>(random() >> 56);
      Trace trace;
      DecodeFuzz(bytes, sizeof(bytes), *FindProfile("x86_tiny_smp"), &trace, mix);
      ASSERT_EQ(Count(trace, OpCode::cpu_down) + Count(trace, OpCode::cpu_up), 0);
    }
  }
}

TEST(LaneHotplug, OnlyWherePinsAreNot) {
  ExpectKeepsAll("task T1@0:\n  a = kmap A\n  cpu_down 0\n  cpu_up 0\n");
  for (const char* op : {"cpu_down 1", "cpu_up 1"}) {
    const std::string line = "  " + std::string(op) + "\n";
    ExpectSkips("task T1@0:\n  a = kmap_local_page A\n" + line, 1, SkipReason::local_maps);
    // Of a low page it is no pin, but nobody knows without the profile.
    ExpectSkips("task T1@0:\n  a = kmap_local_page L\n" + line, 1, SkipReason::local_maps);
    ExpectSkips("task T1@0:\n  a = kmap_atomic A\n" + line, 1, SkipReason::context);
    ExpectSkips("task T1@0:\n  irq_save\n" + line, 1, SkipReason::context);
    ExpectSkips("task T1@0:\n" + line + "  loop\n", 0, SkipReason::looping);
  }
}

TEST(LaneHotplug, NobodyWaitsForWhoWaitsForACpu) {
  ExpectKeepsAll("task T1@0:\n  a = kmap A\n  post a\n  cpu_down 1\ntask T2@1:\n  b = take T1\n");
  ExpectSkips("task T1@0:\n  a = kmap A\n  cpu_down 1\n  post a\n", 2, SkipReason::hotplug);
  // The wait for a CPU counts as one more page: four slots are not enough for 4 - 1 and 2 - 1.
  const std::string three = "task T1@0:\n  kmap A\n  kmap B\n  kmap C\n";
  const std::string two = "task T2@1:\n  kmap D\n  kmap E\n";
  ExpectKeepsAll(three + two);
  ExpectKeepsAll(three + "  cpu_down 1\n");
  ExpectSkips(three + "  cpu_down 1\n" + two, 1, SkipReason::deadlock);
}

TEST(LaneHotplug, NoPinIsInherited) {
  const std::string fork = "  a = kmap_local_page A\n  fork T2\n";
  ExpectKeepsAll("task T1@0:\n" + fork + "task T2@1:\n");
  ExpectKeepsAll("task T1@0:\n  fork T2\n  cpu_down 1\ntask T2@1:\n");
  ExpectSkips("task T2@1:\ntask T1@0:\n  cpu_down 1\n" + fork, 2, SkipReason::hotplug);
  ExpectSkips("task T1@0:\n" + fork + "task T2@1:\n  cpu_down 1\n", 0, SkipReason::hotplug);
}

}  // namespace
}  // namespace highmem
