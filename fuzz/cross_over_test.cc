#include "fuzz/cross_over.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace highmem {
namespace {

using Ids = std::vector<int>;

constexpr uint32_t kSeeds = 500;

// An input of n records that can be told apart: the i-th is four bytes of first + i.
std::vector<uint8_t> Input(int first, int n) {
  std::vector<uint8_t> bytes;
  for (int i = 0; i < n; i++) bytes.insert(bytes.end(), 4, static_cast<uint8_t>(first + i));
  return bytes;
}

constexpr int kOfA = 1, kOfB = 101;  // `first` of the parents

// The child's records, of parents with so many; no record is cut.
Ids Child(CrossOver how, int of_a, int of_b, size_t max_size, uint32_t seed) {
  const auto a = Input(kOfA, of_a), b = Input(kOfB, of_b);
  std::vector<uint8_t> out(max_size + 1, 0xee);
  Dice dice(seed);
  const size_t size = CrossRecords(how, a, b, out.data(), max_size, &dice);
  EXPECT_LE(size, max_size);
  EXPECT_EQ(size % 4, 0u);
  EXPECT_EQ(out.back(), 0xee) << "behind the end";
  Ids ids;
  for (size_t i = 0; i + 4 <= size; i += 4) {
    EXPECT_EQ(std::count(out.begin() + static_cast<ptrdiff_t>(i),
                         out.begin() + static_cast<ptrdiff_t>(i) + 4, out[i]),
              4);
    ids.push_back(out[i]);
  }
  return ids;
}

Ids OfParent(const Ids& child, int first) {
  Ids ids;
  for (const int id : child)
    if (id >= first && id < first + 100) ids.push_back(id);
  return ids;
}

bool InARow(const Ids& ids) {
  for (size_t i = 1; i < ids.size(); i++)
    if (ids[i] != ids[i - 1] + 1) return false;
  return true;
}

TEST(CrossOver, TailIsTheEndOfTheOther) {
  std::set<size_t> heads, tails;
  for (uint32_t seed = 0; seed < kSeeds; seed++) {
    const Ids child = Child(CrossOver::tail, 6, 8, 400, seed);
    const Ids a = OfParent(child, kOfA), b = OfParent(child, kOfB);
    ASSERT_EQ(a.front(), kOfA);
    ASSERT_TRUE(InARow(a) && InARow(b));
    ASSERT_EQ(b.back(), kOfB + 7);
    ASSERT_TRUE(std::equal(a.begin(), a.end(), child.begin()));
    heads.insert(a.size());
    tails.insert(b.size());
  }
  EXPECT_EQ(heads.size(), 6u);
  EXPECT_EQ(tails.size(), 7u) << "all but the head";
}

TEST(CrossOver, SpliceComesIntoTheFirst) {
  std::set<int> at, from;
  for (uint32_t seed = 0; seed < kSeeds; seed++) {
    const Ids child = Child(CrossOver::splice, 6, 8, 400, seed);
    const Ids a = OfParent(child, kOfA), b = OfParent(child, kOfB);
    ASSERT_EQ(child.front(), kOfA);
    ASSERT_EQ(a.size(), 6u) << "something of the first is lost";
    ASSERT_TRUE(InARow(a) && InARow(b));
    ASSERT_FALSE(b.empty());
    const auto place = std::find(child.begin(), child.end(), b.front());
    ASSERT_TRUE(std::equal(b.begin(), b.end(), place)) << "not in a row";
    at.insert(static_cast<int>(place - child.begin()));
    from.insert(b.front());
  }
  EXPECT_EQ(at, std::set<int>({1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(from.size(), 7u);
  EXPECT_EQ(*from.begin(), kOfB + 1) << "the other's head";
}

TEST(CrossOver, InterleaveKeepsTheOrderOfBoth) {
  std::set<Ids> children;
  for (uint32_t seed = 0; seed < kSeeds; seed++) {
    const Ids child = Child(CrossOver::interleave, 6, 8, 400, seed);
    const Ids a = OfParent(child, kOfA), b = OfParent(child, kOfB);
    ASSERT_EQ(child.front(), kOfA);
    ASSERT_EQ(a.size(), 6u);
    ASSERT_EQ(b.size(), 7u);
    ASSERT_TRUE(InARow(a) && InARow(b));
    int turns = 0;
    for (size_t i = 1; i < child.size(); i++) turns += (child[i] < kOfB) != (child[i - 1] < kOfB);
    ASSERT_GE(turns, 3);
    children.insert(child);
  }
  EXPECT_GT(children.size(), 50u);
}

TEST(CrossOver, NeverMoreThanThereIsRoomFor) {
  for (const CrossOver how : {CrossOver::tail, CrossOver::splice, CrossOver::interleave}) {
    for (const size_t max_size : {0, 1, 3, 4, 5, 7, 8, 9, 12, 23, 41, 4096}) {
      for (uint32_t seed = 0; seed < 30; seed++) {
        const Ids child = Child(how, 6, 90, max_size, seed);
        if (max_size < 8) {
          ASSERT_TRUE(child.empty());
        } else {
          ASSERT_EQ(child.front(), kOfA);
          ASSERT_LE(OfParent(child, kOfB).size() + OfParent(child, kOfA).size(), max_size / 4);
        }
      }
    }
    EXPECT_TRUE(Child(how, 0, 5, 400, 1).empty()) << "no head";
    EXPECT_TRUE(Child(how, 5, 1, 400, 1).empty()) << "nothing behind the other's head";
    EXPECT_FALSE(Child(how, 1, 2, 8, 1).empty());
  }
}

}  // namespace
}  // namespace highmem
