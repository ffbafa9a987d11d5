// The cost table against SPEC K, row by row: what each number has to be is written from there.
#include "highmem/report/costs.h"

#include <gtest/gtest.h>

#include <string>

#include "highmem/schedule/replay.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

constexpr char kPages[] = "page A high\npage B high\npage C high\npage L low\n";

// Every kind of call, on one CPU of the machine; T2 makes T1 leave its CPU and come back.
constexpr char kCalls[] =
    "task T1@0:\n"
    "  l = kmap L\n"
    "  kunmap L\n"
    "  kmap A\n"  // miss, slot 1
    "  kmap A\n"  // hit
    "  kunmap A\n"
    "  kunmap A\n"
    "  kmap B\n"  // miss and wrap: slot 0, reclaims slot 1
    "  kunmap B\n"
    "  m = kmap_local_page L\n"
    "  kunmap_local m\n"
    "  a = kmap_local_page A\n"
    "  c = kmap_local_page C\n"
    "  yield\n"
    "  kunmap_local c\n"
    "  kunmap_local a\n"
    "  b = kmap_atomic A\n"
    "  kunmap_atomic b\n"
    "  kmap_flush_unused\n"
    "task T2@0:\n"
    "  get_user\n"
    "schedule:\n"
    "  at T1.13 pick -> T2\n";

class CostsTest : public testing::Test {
 protected:
  void Run(const std::string& profile, const std::string& programs) {
    const std::string text = "#hm 1\nprofile " + profile + "\n" + kPages + programs;
    ParseError error;
    ASSERT_TRUE(ParseTrace(text, "costs", &trace_, &error)) << error.Text();
    ReplayChooser chooser;
    executor_.Load(trace_, &costs_);
    ASSERT_EQ(executor_.Run(chooser), RunStatus::done);
  }

  // Every call of the row made this.
  void Expect(CostRow row, Cost::Counter counter, uint32_t n) {
    const CostLine& line = costs_.line(row);
    ASSERT_GT(line.calls, 0u) << NameOf(row);
    EXPECT_EQ(line.least[counter], n) << NameOf(row) << ", " << NameOf(counter);
    EXPECT_EQ(line.most[counter], n) << NameOf(row) << ", " << NameOf(counter);
  }
  // PTE writes, local flushes, global flushes, IPIs.
  void Expect(CostRow row, uint32_t ptes, uint32_t local, uint32_t global, uint32_t ipis) {
    Expect(row, Cost::pte_writes, ptes);
    Expect(row, Cost::local_flushes, local);
    Expect(row, Cost::global_flushes, global);
    Expect(row, Cost::ipis, ipis);
  }

  Executor executor_;
  Trace trace_;
  Costs costs_;
};

// What is the same on every machine: nothing for low pages, hits and releases, one PTE for a miss.
class CostsOfEveryMachine : public CostsTest, public testing::WithParamInterface<const char*> {};

TEST_P(CostsOfEveryMachine, RowsOfThePool) {
  Run(GetParam(), kCalls);
  const uint32_t others = trace_.profile.shootdown == 0 && trace_.profile.cpus > 1 ? 1 : 0;
  Expect(CostRow::low_page, 0, 0, 0, 0);
  Expect(CostRow::kmap_hit, 0, 0, 0, 0);
  Expect(CostRow::kmap_miss, 1, 0, 0, 0);
  Expect(CostRow::kmap_wrap, 1 + 1, 0, 1, others);
  Expect(CostRow::kmap_wrap, Cost::cache_hooks, 1);
  Expect(CostRow::kunmap, 0, 0, 0, 0);
  Expect(CostRow::kunmap, Cost::cache_hooks, 0);
  Expect(CostRow::kmap_flush_unused, 1, 0, 1, others);
  EXPECT_EQ(costs_.line(CostRow::kmap_hit).calls, 1u);
  EXPECT_EQ(costs_.line(CostRow::kmap_slept).calls, 0u);
}

INSTANTIATE_TEST_SUITE_P(Profiles, CostsOfEveryMachine,
                         testing::Values("x86_tiny last_pkmap=2", "x86_tiny2",
                                         "x86_tiny_smp last_pkmap=2", "armv7_tiny last_pkmap=2",
                                         "arc_tiny last_pkmap=2"),
                         [](const auto& info) { return "Machine" + std::to_string(info.index); });

// `at_map`: flushes when a map is made, and when it is put back. On ARM one each.
struct Window {
  const char* profile;
  uint32_t at_map;
};
class CostsOfTheWindow : public CostsTest, public testing::WithParamInterface<Window> {};

TEST_P(CostsOfTheWindow, MapsAndSwitches) {
  Run(GetParam().profile, kCalls);
  const uint32_t at_map = GetParam().at_map;
  Expect(CostRow::map, 1, at_map, 0, 0);
  Expect(CostRow::unmap, 1, 1, 0, 0);
  Expect(CostRow::sched_out, 2, 2, 0, 0);
  Expect(CostRow::sched_in, 2, 2 * at_map, 0, 0);
}

// T1 holds a local map and is preempted in the middle of a kmap: what it does when it is back is
// the kmap's.
TEST_P(CostsOfTheWindow, APreemptedCallPaysForItself) {
  Run(GetParam().profile,
      "task T1@0:\n  a = kmap_local_page A\n  kmap B\n  kunmap B\n  kunmap_local a\n"
      "task T2@0:\n  get_user\n"
      "schedule:\n  at T1.2 preempt_disable -> T2\n");
  Expect(CostRow::sched_out, 1, 1, 0, 0);
  Expect(CostRow::sched_in, 1, GetParam().at_map, 0, 0);
  Expect(CostRow::kmap_miss, 1, 0, 0, 0);
  Expect(CostRow::unmap, 1, 1, 0, 0);
}

INSTANTIATE_TEST_SUITE_P(Profiles, CostsOfTheWindow,
                         testing::Values(Window{"x86_tiny last_pkmap=2", 0},
                                         Window{"x86_tiny_debug last_pkmap=2", 0},
                                         Window{"armv7_tiny last_pkmap=2", 1}),
                         [](const auto& info) { return "Machine" + std::to_string(info.index); });

TEST_F(CostsTest, PinsOfArmCostNothing) {
  Run("armv7_tiny",
      "task T1@0:\n  kmap A\n  g = kmap_high_get A\n  kunmap_high g\n  a = kmap_local_page A\n"
      "  kunmap_local a\n  kunmap A\n");
  Expect(CostRow::kmap_high_get, 0, 0, 0, 0);
  Expect(CostRow::unpin, 0, 0, 0, 0);
  EXPECT_EQ(costs_.line(CostRow::kmap_high_get).calls, 2u);
  EXPECT_EQ(costs_.line(CostRow::unpin).calls, 2u);
}

// A page of four lines is cleaned line by line at each unmap, the whole cache at each sweep.
TEST_F(CostsTest, CachesOfVivt) {
  Run("armv5_vivt2", kCalls);
  Expect(CostRow::map, Cost::cache_lines, 0);
  Expect(CostRow::unmap, Cost::cache_lines, 4);
  Expect(CostRow::sched_out, Cost::cache_lines, 8);
  Expect(CostRow::kmap_wrap, Cost::cache_flushes, 1);
  Expect(CostRow::kmap_wrap, Cost::cache_lines, 0);
  Expect(CostRow::kunmap, Cost::cache_lines, 0);
  Expect(CostRow::kmap_wrap, 2, 0, 1, 0);
}

// What a device reads goes through two caches, line by line; what it writes, too.
TEST_F(CostsTest, OuterCache) {
  Run("armv7_outer_tiny", "task T1@0:\n  d = dma_map_both A\n  dma_unmap d\n");
  Expect(CostRow::dma_map, Cost::cache_lines, 4);
  Expect(CostRow::dma_map, Cost::outer_lines, 4);
  Expect(CostRow::dma_unmap, Cost::cache_lines, 4);
  Expect(CostRow::dma_unmap, Cost::outer_lines, 4);
}

// sparc32: every change of the window is a flush of all, by a cross call; an unmap one of the
// cache.
TEST_F(CostsTest, SparcFlushesEverything) {
  Run("sparc_tiny last_pkmap=2", kCalls);
  Expect(CostRow::map, 1, 0, 1, 0);
  Expect(CostRow::map, Cost::cache_flushes, 0);
  Expect(CostRow::unmap, 1, 0, 1, 0);
  Expect(CostRow::sched_out, 2, 0, 2, 0);
  Expect(CostRow::sched_in, 2, 0, 2, 0);
  Expect(CostRow::kmap_hit, 0, 0, 0, 0);
  Run("sparc_vivt last_pkmap=2", kCalls);
  Expect(CostRow::unmap, Cost::cache_flushes, 1);
  Expect(CostRow::sched_out, Cost::cache_flushes, 2);
}

// MIPS, C-SKY: a kmap flushes its page on every CPU, a low page's as well.
TEST_F(CostsTest, PairedTlbsCostEveryKmapAFlush) {
  for (const char* profile : {"mips_tiny last_pkmap=2", "csky_tiny last_pkmap=2"}) {
    Run(profile, "task T1@0:\n  kmap A\n  kmap A\n  kunmap A\n  kunmap A\n");
    Expect(CostRow::kmap_miss, 1, 0, 1, 1);
    Expect(CostRow::kmap_hit, 0, 0, 1, 1);
    Expect(CostRow::kunmap, 0, 0, 0, 0);
    Run(profile, "task T1@0:\n  kmap L\n");
    Expect(CostRow::low_page, 0, 0, 1, 1);
  }
}

TEST_F(CostsTest, VunmapLeavesTheFlushToThePurge) {
  Run("x86_tiny_vmap", "task T1@0:\n  a = vmap A 3\n  vunmap a\n  vm_unmap_aliases\n");
  Expect(CostRow::vmap, 3, 0, 0, 0);
  Expect(CostRow::vunmap, 3, 0, 0, 0);
  Expect(CostRow::purge, 0, 0, 1, 1);
}

TEST_F(CostsTest, AHelperPaysForItsMaps) {
  Run("x86_tiny", "task T1@0:\n  copy_highpage B A\n");
  Expect(CostRow::helper, 4, 2, 0, 0);
}

// Era by era, what LWN wrote about in 2009: nobody but this CPU is asked.
TEST_F(CostsTest, AtomicMapsOfThreeEras) {
  for (const char* profile : {"x86_tiny_e1", "x86_tiny_e2", "x86_tiny"}) {
    const bool slots = std::string(profile) == "x86_tiny_e1";
    const std::string type = slots ? " KM_USER0" : "";
    Run(profile, "task T1@0:\n  a = kmap_atomic A" + type + "\n  kunmap_atomic a" + type + "\n");
    Expect(CostRow::map, 1, 0, 0, 0);
    Expect(CostRow::unmap, 1, 1, 0, 0);
  }
  Run("mips_tiny_e2", "task T1@0:\n  a = kmap_atomic A\n  kunmap_atomic a\n");
  Expect(CostRow::map, 1, 1, 0, 0);
  Expect(CostRow::unmap, 0, 0, 0, 0);
}

TEST_F(CostsTest, ATableHasARowForWhatHappened) {
  Run("x86_tiny", "task T1@0:\n  kmap A\n  kunmap A\n");
  const std::string table = CostTable(costs_);
  EXPECT_NE(table.find("kmap, miss"), std::string::npos) << table;
  EXPECT_EQ(table.find("switch out"), std::string::npos) << table;
  EXPECT_EQ(table.find("IPIs"), std::string::npos) << table;
}

}  // namespace
}  // namespace highmem
