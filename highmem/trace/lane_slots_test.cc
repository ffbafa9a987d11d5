// The lane filter in the era of fixed slots: who may map in which, and in which order they go.
#include <gtest/gtest.h>

#include <string>

#include "highmem/trace/lane_for_test.h"

namespace highmem {
namespace {

void Keeps(const std::string& programs) { ExpectKeepsAll(programs, "x86_tiny_e1"); }
void Skips(const std::string& programs, uint32_t op, SkipReason reason) {
  ExpectSkips(programs, op, reason, "x86_tiny_e1");
}

TEST(LaneSlots, AnyOrderWillDo) {
  const std::string two =
      "task T1@0:\n  a = kmap_atomic A KM_USER0\n  b = kmap_atomic B KM_USER1\n";
  Keeps(two + "  kunmap_atomic a KM_USER0\n  kunmap_atomic b KM_USER1\n");
  Keeps(two + "  kunmap_atomic b+31 KM_USER1\n  kunmap_atomic a KM_USER0\n");
  Skips(two + "  kunmap_atomic a KM_USER1\n", 2, SkipReason::slot_type);
  Skips(two + "  kunmap_atomic a KM_USER0\n  kunmap_atomic a KM_USER0\n", 3,
        SkipReason::dead_variable);
  Skips(two + "  kunmap_atomic b+32 KM_USER1\n", 2, SkipReason::offset);
}

TEST(LaneSlots, ASlotHasOneMap) {
  const std::string one = "task T1@0:\n  a = kmap_atomic A KM_USER0\n";
  Skips(one + "  b = kmap_atomic B KM_USER0\n", 1, SkipReason::slot_in_use);
  Keeps(one + "  kunmap_atomic a KM_USER0\n  b = kmap_atomic B KM_USER0\n");
  // Each CPU has its own.
  Keeps(one + "task T2@1:\n  a = kmap_atomic A KM_USER0\n");
  // Even of a low page, which takes no slot: the program does not know.
  Skips(one + "  b = kmap_atomic L KM_USER0\n", 1, SkipReason::slot_in_use);
}

TEST(LaneSlots, EveryKindOfInterruptHasItsOwn) {
  const auto map = [](const char* actor, const char* type) {
    return std::string(actor) + ":\n  a = kmap_atomic A " + type + "\n";
  };
  Keeps(map("task T1@0", "KM_PTE0"));
  Keeps(map("softirq S1@0", "KM_SOFTIRQ1"));
  Keeps(map("softirq S1@0", "KM_SKB_DATA_SOFTIRQ"));
  Keeps(map("irq H1@0", "KM_BIO_SRC_IRQ"));
  Keeps(map("nmi N1@0", "KM_NMI_PTE"));
  Skips(map("task T1@0", "KM_SOFTIRQ0"), 0, SkipReason::slot_type);
  Skips(map("task T1@0", "KM_IRQ0"), 0, SkipReason::slot_type);
  Skips(map("softirq S1@0", "KM_IRQ0"), 0, SkipReason::slot_type);
  Skips(map("softirq S1@0", "KM_USER0"), 0, SkipReason::slot_type);
  Skips(map("irq H1@0", "KM_USER0"), 0, SkipReason::slot_type);
  Skips(map("irq H1@0", "KM_SOFTIRQ0"), 0, SkipReason::slot_type);
  Skips(map("nmi N1@0", "KM_IRQ0"), 0, SkipReason::slot_type);
}

TEST(LaneSlots, BottomHalvesOffIsSoftirqToTheDebugger) {
  Skips("task T1@0:\n  local_bh_disable\n  a = kmap_atomic A KM_USER0\n", 1, SkipReason::slot_type);
  Skips("task T1@0:\n  local_bh_disable\n  a = kmap_atomic A KM_SOFTIRQ0\n", 1,
        SkipReason::slot_type);
}

TEST(LaneSlots, WhatIsLeftIsReleasedByItsSlot) {
  const Filtered f = Filter(
      "task T1@0:\n  a = kmap_atomic A KM_USER0\n  b = kmap_atomic B KM_PTE1\n", "x86_tiny_e1");
  EXPECT_EQ(Program(f.trace, 0),
            "a = kmap_atomic A KM_USER0; b = kmap_atomic B KM_PTE1; kunmap_atomic b KM_PTE1; "
            "kunmap_atomic a KM_USER0");
}

TEST(LaneSlots, TheStackOfEraE2IsAsDeepAsItsSlots) {
  std::string maps = "task T1@0:\n";
  for (char v = 'a'; v < 'e'; v++) maps += std::string("  ") + v + " = kmap_atomic A\n";
  ExpectKeepsAll(maps, "x86_tiny_e2");
  ExpectSkips(maps + "  e = kmap_atomic A\n", 4, SkipReason::local_depth, "x86_tiny_e2");
  ExpectSkips(maps + "  kunmap_atomic a\n", 4, SkipReason::not_newest, "x86_tiny_e2");
}

}  // namespace
}  // namespace highmem
