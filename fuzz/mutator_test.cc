#include "fuzz/mutator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "highmem/machine/profile.h"
#include "highmem/trace/fuzz_builder.h"
#include "highmem/trace/fuzz_codec.h"
#include "highmem/trace/trace.h"

namespace highmem {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr uint32_t kSeeds = 3000;
constexpr size_t kMaxSize = 400;

Trace Decoded(const Bytes& bytes) {
  Trace trace;
  DecodeFuzz(bytes.data(), bytes.size(), *FindProfile("x86_tiny"), &trace);
  return trace;
}

// Head and records; ops in literal order, so that every op record is one op of the trace and
// nothing else.
Bytes Program(uint32_t seed, int records) {
  std::minstd_rand random(seed + 1);
  Bytes bytes = {kFuzzLiteralOrder << 5, 0, 0, kFuzzLiteralBit};
  for (int i = 0; i < records; i++) {
    bytes.push_back(static_cast<uint8_t>(random() % 64));
    bytes.push_back(static_cast<uint8_t>(random() % kFuzzLiteral));
    bytes.push_back(static_cast<uint8_t>(random() % 16));
    bytes.push_back(static_cast<uint8_t>(random() % 256));
  }
  return bytes;
}

// Empty if it could not be done.
Bytes Applied(Mutation mutation, Bytes bytes, uint32_t seed, size_t max_size = kMaxSize) {
  const size_t size = bytes.size();
  bytes.resize(std::max(size, max_size));
  bytes.resize(Mutator(seed).Apply(mutation, bytes.data(), size, max_size));
  return bytes;
}

uint32_t RecordAt(const Bytes& bytes, size_t i) {
  uint32_t record = 0;
  for (size_t k = 0; k < kFuzzRecordSize; k++) record = record << 8 | bytes[4 * i + k];
  return record;
}

std::vector<uint32_t> Sorted(const Bytes& bytes) {
  std::vector<uint32_t> records;
  for (size_t i = 0; 4 * i < bytes.size(); i++) records.push_back(RecordAt(bytes, i));
  std::sort(records.begin(), records.end());
  return records;
}

int Differences(const Bytes& a, const Bytes& b) {
  int n = 0;
  for (size_t i = 0; i < a.size(); i++) n += a[i] != b[i];
  return n;
}

bool SameHead(const Bytes& a, const Bytes& b) { return RecordAt(a, 0) == RecordAt(b, 0); }

size_t OpsOf(const Bytes& bytes) { return Decoded(bytes).ops.size(); }
size_t DecisionsOf(const Bytes& bytes) { return Decoded(bytes).schedule.decisions.size(); }

TEST(Mutator, InsertAddsOps) {
  std::set<size_t> places, lengths;
  for (uint32_t seed = 0; seed < kSeeds; seed++) {
    const Bytes before = Program(seed, 10), after = Applied(Mutation::insert, before, seed);
    const size_t length = (after.size() - before.size()) / 4;
    ASSERT_TRUE(SameHead(before, after));
    ASSERT_EQ(OpsOf(after), 10 + length);
    size_t i = 1;
    while (i < 11 && RecordAt(before, i) == RecordAt(after, i)) i++;
    ASSERT_TRUE(std::equal(before.begin() + static_cast<ptrdiff_t>(4 * i), before.end(),
                           after.begin() + static_cast<ptrdiff_t>(4 * (i + length))));
    places.insert(i);
    lengths.insert(length);
  }
  EXPECT_EQ(places.size(), 11u);
  EXPECT_EQ(lengths, std::set<size_t>({1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(Applied(Mutation::insert, Program(1, 98), 1).size(), kMaxSize) << "room for one";
}

TEST(Mutator, EraseTakesAnOp) {
  for (uint32_t seed = 0; seed < kSeeds; seed++) {
    const Bytes before = Program(seed, 10), after = Applied(Mutation::erase, before, seed);
    ASSERT_EQ(after.size(), before.size() - 4);
    ASSERT_TRUE(SameHead(before, after));
    ASSERT_EQ(OpsOf(after), 9u);
  }
}

TEST(Mutator, DuplicateStandsBesideItself) {
  for (uint32_t seed = 0; seed < kSeeds; seed++) {
    const Bytes before = Program(seed, 10), after = Applied(Mutation::duplicate, before, seed);
    ASSERT_EQ(OpsOf(after), 11u);
    size_t i = 1;
    while (i < 11 && RecordAt(before, i) == RecordAt(after, i)) i++;
    ASSERT_EQ(RecordAt(after, i - 1), RecordAt(after, i));
    ASSERT_TRUE(std::equal(before.begin() + 4 * i, before.end(), after.begin() + 4 * i + 4));
  }
}

TEST(Mutator, SwapAndMoveChangeTheOrderAlone) {
  for (uint32_t seed = 0; seed < kSeeds; seed++) {
    const Bytes before = Program(seed, 10);
    for (const Mutation mutation : {Mutation::swap, Mutation::move}) {
      const Bytes after = Applied(mutation, before, seed);
      ASSERT_TRUE(SameHead(before, after));
      ASSERT_NE(before, after);
      ASSERT_EQ(Sorted(before), Sorted(after));
      ASSERT_EQ(OpsOf(after), 10u);
    }
    int moved = 0;
    const Bytes swapped = Applied(Mutation::swap, before, seed);
    for (size_t i = 0; i < 11; i++) moved += RecordAt(before, i) != RecordAt(swapped, i);
    ASSERT_EQ(moved, 2);
  }
}

TEST(Mutator, ChangeIsOfOneFieldAndReachesAll) {
  std::map<size_t, std::set<uint8_t>> values;  // by byte of a record
  for (uint32_t seed = 0; seed < kSeeds; seed++) {
    const Bytes before = Program(seed, 10), after = Applied(Mutation::change, before, seed);
    ASSERT_TRUE(SameHead(before, after));
    ASSERT_LE(Differences(before, after), 1);
    ASSERT_EQ(OpsOf(after) + (OpsOf(after) < 10), 10u);  // a literal may have nothing to refer to
    for (size_t i = 4; i < before.size(); i++)
      if (before[i] != after[i]) values[i % 4].insert(after[i]);
  }
  ASSERT_EQ(values.size(), 4u);
  EXPECT_LT(*values[0].rbegin(), kFuzzDecision) << "an op became a decision";
  EXPECT_LT(*values[1].rbegin(), FuzzCodes()) << "no legal code";
  EXPECT_GT(values[1].size(), 150u);
}

TEST(Mutator, NudgeIsByOne) {
  std::set<size_t> bytes, steps;
  for (uint32_t seed = 0; seed < kSeeds; seed++) {
    const Bytes before = Program(seed, 10), after = Applied(Mutation::nudge, before, seed);
    ASSERT_EQ(after.size(), before.size());
    ASSERT_EQ(Differences(before, after), 1);
    size_t i = 0;
    while (before[i] == after[i]) i++;
    const uint8_t by = static_cast<uint8_t>(after[i] - before[i]);
    // The first byte of a record has two fields of three bits, which go round by themselves.
    const std::set<uint8_t> legal = i % 4 == 0
                                        ? std::set<uint8_t>({1, 7, 8, 56, 200, 248, 249, 255})
                                        : std::set<uint8_t>({1, 255});
    ASSERT_TRUE(legal.contains(by)) << int{by};
    bytes.insert(i % 4);
    if (i < 4) steps.insert(i);
  }
  EXPECT_EQ(bytes.size(), 4u);
  EXPECT_EQ(steps.size(), 4u) << "of the head";
}

TEST(Mutator, UndecideTakesADecision) {
  std::set<size_t> places;
  for (uint32_t seed = 0; seed < kSeeds; seed++) {
    Bytes before = Program(seed, 10);
    for (const size_t i : {2, 3, 9}) before[4 * i] |= kFuzzDecision;
    const Bytes after = Applied(Mutation::undecide, before, seed);
    ASSERT_EQ(after.size(), before.size() - 4);
    size_t i = 0;
    while (i < 10 && RecordAt(before, i) == RecordAt(after, i)) i++;
    places.insert(i);
    ASSERT_TRUE(std::equal(before.begin() + static_cast<ptrdiff_t>(4 * i + 4), before.end(),
                           after.begin() + static_cast<ptrdiff_t>(4 * i)));
  }
  EXPECT_EQ(places, std::set<size_t>({2, 3, 9}));
}

TEST(Mutator, CopyRunAddsTwoToEight) {
  std::set<size_t> lengths;
  for (uint32_t seed = 0; seed < kSeeds; seed++) {
    const Bytes before = Program(seed, 20), after = Applied(Mutation::copy_run, before, seed);
    const size_t length = (after.size() - before.size()) / 4;
    lengths.insert(length);
    ASSERT_TRUE(SameHead(before, after));
    ASSERT_EQ(OpsOf(after), 20 + length);
    const auto old = Sorted(before), now = Sorted(after);
    ASSERT_TRUE(std::includes(now.begin(), now.end(), old.begin(), old.end()));
  }
  EXPECT_EQ(lengths, std::set<size_t>({2, 3, 4, 5, 6, 7, 8}));
}

TEST(Mutator, DecideComesBehindAMapping) {
  int done = 0, decisions = 0;
  for (uint32_t seed = 0; seed < kSeeds; seed++) {
    const Bytes before = Program(seed, 10), after = Applied(Mutation::decide, before, seed);
    if (after.empty()) {  // no mapping in it
      for (size_t i = 1; i < 11; i++) ASSERT_FALSE(FuzzCodeMaps(FuzzMix::pkmap, before[4 * i + 1]));
      continue;
    }
    done++;
    ASSERT_EQ(OpsOf(after), 10u);
    size_t i = 1;
    while (i < 11 && RecordAt(before, i) == RecordAt(after, i)) i++;
    ASSERT_GE(after[4 * i], kFuzzDecision);
    ASSERT_LT(after[4 * (i - 1)], kFuzzDecision);
    ASSERT_TRUE(FuzzCodeMaps(FuzzMix::pkmap, after[4 * (i - 1) + 1]));
    decisions += DecisionsOf(after) == 1;
  }
  EXPECT_GT(done, 2900);
  EXPECT_EQ(decisions, done) << "records that decide nothing";
}

TEST(Mutator, HeaderChangesTheHeadAlone) {
  std::set<size_t> tasks, actors, pages;
  std::set<int> cpus, misuse;
  for (uint32_t seed = 0; seed < kSeeds; seed++) {
    const Bytes before = Program(seed, 10), after = Applied(Mutation::header, before, seed);
    ASSERT_EQ(after.size(), before.size());
    ASSERT_TRUE(std::equal(before.begin() + 4, before.end(), after.begin() + 4));
    const Trace trace = Decoded(after);
    tasks.insert(static_cast<size_t>(trace.task_count()));
    actors.insert(trace.actors.size() - static_cast<size_t>(trace.task_count()));
    pages.insert(trace.pages.size());
    cpus.insert(trace.actors[0].cpu);
    misuse.insert(trace.misuse);
  }
  EXPECT_EQ(tasks, std::set<size_t>({1, 2, 3, 4}));
  EXPECT_EQ(actors, std::set<size_t>({0, 1, 2}));
  EXPECT_GT(pages.size(), 5u);
  EXPECT_EQ(cpus.size(), 2u);
}

TEST(Mutator, WhatCannotBeDoneIsZero) {
  const Bytes head = Program(1, 0), one = Program(1, 1), full = Program(1, 99);
  ASSERT_EQ(full.size(), kMaxSize);
  for (const Mutation m :
       {Mutation::erase, Mutation::duplicate, Mutation::swap, Mutation::move, Mutation::change,
        Mutation::copy_run, Mutation::decide, Mutation::undecide})
    EXPECT_TRUE(Applied(m, head, 1).empty());
  EXPECT_TRUE(Applied(Mutation::undecide, one, 1).empty()) << "no decision in it";
  for (const Mutation m : {Mutation::swap, Mutation::move, Mutation::copy_run})
    EXPECT_TRUE(Applied(m, one, 1).empty());
  for (const Mutation m :
       {Mutation::insert, Mutation::duplicate, Mutation::copy_run, Mutation::decide})
    EXPECT_TRUE(Applied(m, full, 1).empty());
  EXPECT_TRUE(Applied(Mutation::header, {}, 1, 3).empty()) << "no room for a head";
  EXPECT_EQ(Applied(Mutation::header, {}, 1, 4).size(), 4u);
}

// A byte mutation to be recognised by: it changes no byte and counts.
int byte_mutations;
size_t Untouched(uint8_t* /*data*/, size_t size, size_t max_size) {
  byte_mutations++;
  return std::clamp<size_t>(size, 1, max_size);
}

TEST(Mutator, LongHistoriesStayInBoundsAndDecode) {
  byte_mutations = 0;
  int mutations = 0;
  size_t longest = 0;
  for (const size_t max_size : {size_t{1}, size_t{4}, size_t{7}, size_t{30}, size_t{3000}}) {
    Bytes bytes(max_size);
    size_t size = 0;
    for (uint32_t seed = 0; seed < kSeeds; seed++, mutations++) {
      size = Mutator(seed).Mutate(bytes.data(), size, max_size, Untouched);
      ASSERT_GE(size, 1u);
      ASSERT_LE(size, max_size);
      longest = std::max(longest, size);
      const Trace trace = Decoded({bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(size)});
      std::string error;
      ASSERT_TRUE(CheckTrace(trace, &error)) << error;
    }
  }
  EXPECT_GT(byte_mutations, 0);
  EXPECT_LT(byte_mutations, mutations);
  EXPECT_GT(longest, kFuzzMaxSize / 2);
  EXPECT_LE(longest, kFuzzMaxSize) << "more would not be read";
}

TEST(Mutator, SameSeedSameResult) {
  std::set<Bytes> results;
  for (uint32_t seed = 0; seed < 500; seed++) {
    Bytes results_of[2];
    for (Bytes& bytes : results_of) {
      bytes = Program(1, 20);
      const size_t size = bytes.size();
      bytes.resize(kMaxSize);
      bytes.resize(Mutator(seed).Mutate(bytes.data(), size, kMaxSize, Untouched));
    }
    ASSERT_EQ(results_of[0], results_of[1]);
    results.insert(results_of[0]);
  }
  EXPECT_GT(results.size(), 100u);
}

// What libFuzzer may hand over. Bytes behind max_size are nobody's.
TEST(Mutator, AnySizesAtAll) {
  const std::vector<size_t> sizes = {0, 1, 3, 4, 5, 8, 40, kFuzzMaxSize, kFuzzMaxSize + 9, 4096};
  for (const size_t size : sizes) {
    for (const size_t max_size : sizes) {
      for (uint32_t seed = 0; seed < 30; seed++) {
        Bytes bytes(std::max(size, max_size) + 8, 0xee);
        const size_t now = Mutator(seed).Mutate(bytes.data(), size, max_size, Untouched);
        ASSERT_LE(now, max_size);
        ASSERT_EQ(now == 0, max_size == 0);
        ASSERT_EQ(std::count(bytes.begin() + static_cast<ptrdiff_t>(max_size), bytes.end(), 0xee),
                  static_cast<ptrdiff_t>(bytes.size() - max_size));
      }
    }
  }
}

TEST(Mutator, CrossesOverInEveryWayNowAndThen) {
  const Bytes a = Program(1, 12), b = Program(2, 15);
  Bytes out(kMaxSize);
  std::set<size_t> sizes;
  int done = 0;
  for (uint32_t seed = 0; seed < kSeeds; seed++) {
    const size_t size = Mutator(seed).Cross(a, b, out.data(), kMaxSize);
    if (size == 0) continue;
    done++;
    const Bytes child(out.begin(), out.begin() + static_cast<ptrdiff_t>(size));
    ASSERT_TRUE(SameHead(child, a));
    ASSERT_EQ(OpsOf(child), size / 4 - 1);
    sizes.insert(size / 4);
  }
  EXPECT_GT(done, 500);
  EXPECT_LT(done, 1000) << "far too often";
  EXPECT_EQ(*sizes.begin(), 2u) << "tail";
  EXPECT_EQ(*sizes.rbegin(), 28u) << "all of both";
}

}  // namespace
}  // namespace highmem
