#include "highmem/machine/arena.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>

namespace highmem {
namespace {

TEST(Arena, CarvesZeroedMemoryAtTheSameAddressEveryTime) {
  arena.Reset(1);
  auto* first = arena.Carve<uint32_t>(3);
  first[2] = 7;
  arena.Reset(1);
  auto* again = arena.Carve<uint32_t>(3);
  EXPECT_EQ(first, again);
  EXPECT_EQ(again[2], 0u);
}

TEST(Arena, KeepsOracleMemoryApart) {
  arena.Reset(1);
  arena.Carve<uint64_t>(4);
  const size_t state = arena.snapshot_bytes();
  arena.BeginOracleSegment();
  arena.Carve<uint64_t>(2);
  EXPECT_EQ(arena.state_bytes(), state);
  EXPECT_EQ(arena.oracle_bytes(), 16u);
}

TEST(Arena, FramesAreLifoAndZeroedWhenFreed) {
  arena.Reset(2);
  void* a = arena.Alloc(1, 40);
  void* b = arena.Alloc(1, 8);
  std::memset(b, 0x55, 8);
  EXPECT_FALSE(arena.Free(1, a, 40)) << "a is not the newest block";
  EXPECT_TRUE(arena.Free(1, b, 8));
  void* again = arena.Alloc(1, 8);
  EXPECT_EQ(again, b);
  EXPECT_EQ(*static_cast<char*>(again), 0);
}

TEST(Arena, FullStackGivesNull) {
  arena.Reset(1);
  EXPECT_EQ(arena.Alloc(0, Arena::kStackBytes + 1), nullptr);
  EXPECT_NE(arena.Alloc(0, Arena::kStackBytes), nullptr);
  EXPECT_EQ(arena.Alloc(0, 1), nullptr);
}

TEST(Arena, RestoreBringsBackEveryLiveByteAndTheHash) {
  arena.Reset(1);
  auto* word = arena.Carve<uint64_t>(1);
  *word = 1;
  auto* frame = static_cast<char*>(arena.Alloc(0, 16));
  frame[3] = 'x';
  Arena::Snapshot snapshot;
  arena.Save(&snapshot);
  const uint64_t hash = arena.Hash();

  *word = 2;
  EXPECT_NE(arena.Hash(), hash);
  arena.Alloc(0, 64);
  frame[3] = 'y';
  arena.Restore(snapshot);
  EXPECT_EQ(arena.Hash(), hash);
  EXPECT_EQ(*word, 1u);
  EXPECT_EQ(frame[3], 'x');
  EXPECT_EQ(arena.stack(0).top, 16u);
  auto* above = static_cast<char*>(arena.Alloc(0, 64));
  for (int i = 0; i < 64; i++) ASSERT_EQ(above[i], 0) << "freed bytes must read as zero";
}

TEST(Arena, AuditFindsPointersIntoHostStackAndHeap) {
  arena.Reset(1);
  auto* word = arena.Carve<uint64_t>(1);
  EXPECT_EQ(arena.FindHostPointer(), nullptr);
  int local = 0;
  *word = reinterpret_cast<uint64_t>(&local);
  EXPECT_EQ(arena.FindHostPointer(), word);
  auto heap = std::make_unique<int[]>(64);
  *word = reinterpret_cast<uint64_t>(heap.get());
  EXPECT_EQ(arena.FindHostPointer(), word);
  *word = reinterpret_cast<uint64_t>(word);  // the arena itself is fine
  EXPECT_EQ(arena.FindHostPointer(), nullptr);
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
TEST(ArenaDeathTest, ReadingAFreedFrameIsReported) {
  arena.Reset(1);
  auto* block = static_cast<volatile char*>(arena.Alloc(0, 16));
  arena.Free(0, const_cast<char*>(block), 16);
  EXPECT_DEATH((void)block[0], "use-after-poison");
}
#endif
#endif

}  // namespace
}  // namespace highmem
