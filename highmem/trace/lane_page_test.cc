// The lane filter where software sees a cache: who may map which page how, and what belongs to a
// device. (DESIGN section 4, rule (v))
#include <gtest/gtest.h>

#include <string>

#include "highmem/trace/lane.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

// Number of ops that the lane refuses for this reason.
int Refused(const std::string& programs, const std::string& profile = "armv5_vivt",
            SkipReason reason = SkipReason::page_class) {
  const std::string text =
      "#hm 1\nprofile " + profile + "\npage A high\npage B high\npage L low\n" + programs;
  Trace trace;
  ParseError error;
  EXPECT_TRUE(ParseTrace(text, "test", &trace, &error)) << error.Text();
  LaneReport report;
  FilterLane(&trace, &report);
  int n = 0;
  for (const SkippedOp& skipped : report.skipped) n += skipped.reason == reason;
  return n;
}

const std::string kT1 = "task T1@0:\n";
const std::string kT2 = "task T2@0:\n";
const std::string kKmap = "  k = kmap A\n  kunmap k\n";
const std::string kLocal = "  a = kmap_local_page A\n  kunmap_local a\n";
const std::string kDma = "  d = dma_map_from A\n  dma_unmap d\n";

TEST(LanePage, APageIsThePoolsOrTheWindows) {
  EXPECT_EQ(Refused(kT1 + kKmap + kKmap + kT2 + kKmap), 0);
  EXPECT_EQ(Refused(kT1 + kKmap + kLocal), 1);
  EXPECT_EQ(Refused(kT1 + kLocal + kKmap), 1);
  EXPECT_EQ(Refused(kT1 + kLocal + kT2 + "  h = kmap_high_get A\n"), 1);
}

TEST(LanePage, APageOfTheWindowIsOneActorsAndMappedOnce) {
  EXPECT_EQ(Refused(kT1 + kLocal + kLocal), 0);
  EXPECT_EQ(Refused(kT1 + kLocal + kT2 + kLocal), 1);
  EXPECT_EQ(Refused(kT1 + "  a = kmap_local_page A\n  b = kmap_local_page A\n"), 1);
  EXPECT_EQ(Refused(kT1 + "  a = kmap_local_page A\n  b = kmap_local_page B\n"), 0);
}

TEST(LanePage, ALowPageHasItsLinearAddressOnly) {
  EXPECT_EQ(Refused(kT1 + "  a = kmap_local_page L\n  b = kmap_local_page L\n  k = kmap L\n"), 0);
  EXPECT_EQ(Refused(kT1 + "  a = kmap_local_pfn L\n"), 1);
}

TEST(LanePage, WhatADeviceHasNobodyMaps) {
  EXPECT_EQ(Refused(kT1 + kKmap + kDma + kKmap), 0);
  EXPECT_EQ(Refused(kT1 + "  k = kmap A\n" + kDma), 1) << "mapped when the device gets it";
  EXPECT_EQ(Refused(kT1 + "  d = dma_map_to A\n" + "  k = kmap A\n  dma_unmap d\n"), 1);
  EXPECT_EQ(Refused(kT1 + kDma + kT2 + kKmap), 1) << "another actor's";
  EXPECT_EQ(Refused(kT1 + kDma + kT2 + kKmap, "armv7_dma_tiny"), 1) << "by frame, too";
}

TEST(LanePage, TheDeviceKeepsToItsDirection) {
  const auto wrong_way = [](const std::string& ops) {
    return Refused(kT1 + ops, "armv5_vivt", SkipReason::direction);
  };
  EXPECT_EQ(wrong_way("  d = dma_map_to A\n  device_load d\n"), 0);
  EXPECT_EQ(wrong_way("  d = dma_map_to A\n  device_store d 1\n"), 1);
  EXPECT_EQ(wrong_way("  d = dma_map_from A\n  device_load d\n"), 1);
  EXPECT_EQ(wrong_way("  d = dma_map_from A\n  device_store d 1\n"), 0);
  EXPECT_EQ(wrong_way("  d = dma_map_both A\n  device_store d 1\n  device_load d\n"), 0);
}

TEST(LanePage, WhereNoCacheShowsEverythingGoes) {
  EXPECT_EQ(Refused(kT1 + kKmap + kLocal + kT2 + kLocal, "armv7_tiny"), 0);
  EXPECT_EQ(Refused(kT1 + "  a = kmap_local_page A\n  b = kmap_local_page A\n", "x86_tiny"), 0);
}

}  // namespace
}  // namespace highmem
