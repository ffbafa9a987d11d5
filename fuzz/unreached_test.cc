// What coverage/unreached.h says of cells, held against runs: those of texts in the corpus, on
// machines that are fuzzed, and of the seeds of fuzz targets.

#include "highmem/coverage/unreached.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/machines.h"
#include "highmem/coverage/cells.h"
#include "highmem/coverage/cells_listener_for_test.h"
#include "highmem/coverage/state_cells.h"
#include "highmem/schedule/random.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/file.h"
#include "highmem/trace/forget.h"
#include "highmem/trace/lane.h"

namespace highmem {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> FilesOf(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& file : fs::recursive_directory_iterator("corpus/" + directory))
    if (file.is_regular_file() && file.path().extension() != ".md")
      files.push_back(file.path().string());
  std::sort(files.begin(), files.end());
  EXPECT_FALSE(files.empty()) << directory;
  return files;
}

// A machine that is fuzzed, its sizes and the choices of its hardware apart.
bool IsFuzzed(const Profile& profile) {
  const Profile* const named = FindProfile(profile.name);
  if (named == nullptr) return false;
  Profile same = *named;
  for (int Profile::* const free :
       {&Profile::cpus, &Profile::low_pages, &Profile::high_pages, &Profile::page_size,
        &Profile::line_size, &Profile::last_pkmap, &Profile::km_max_idx, &Profile::hash_buckets,
        &Profile::flush_threshold, &Profile::spec_fills, &Profile::tlb_evicts,
        &Profile::cache_evicts, &Profile::migrations})
    same.*free = profile.*free;
  return same == profile && std::ranges::any_of(kMachines, [&](const TargetSpec& machine) {
           return std::string_view(machine.profile) == profile.name;
         });
}

class UnreachedTest : public ::testing::Test {
 protected:
  // As its schedule says, then at random.
  void Run(const Trace& trace, int random_runs, Why worst, const std::string& file) {
    RandomChooser random(1);
    ReplayChooser replay;
    for (int run = 0; run <= random_runs; run++) {
      CellsListener listener(&cells_);
      executor_.Load(trace, &listener);
      executor_.Run(run == 0 ? static_cast<Chooser&>(replay) : random);
      EXPECT_EQ(cells_.contradictions(), 0) << file;
      for (const uint16_t cell : cells_.hit()) {
        counters_[cell] = 0;
        if (worst == Why::rare) continue;
        const UnreachedRule* const rule = WhyNotReached(cell);
        EXPECT_TRUE(rule == nullptr || rule->why > worst)
            << file << " hits " << CellName(cell) << ", but: " << rule->sentence;
      }
    }
  }

  Executor executor_;
  std::vector<uint8_t> counters_ = std::vector<uint8_t>(static_cast<size_t>(CellCount()));
  StateCells cells_{counters_};
};

TEST_F(UnreachedTest, NoTextHitsWhatCannotBe) {
  int fuzzed = 0;
  for (const char* directory : {"fires", "litmus", "regressions", "windows", "worlds"}) {
    for (const std::string& file : FilesOf(directory)) {
      Trace trace;
      std::string error;
      ASSERT_TRUE(ReadTraceFile(file, &trace, &error)) << error;
      if (trace.misuse) continue;
      LaneReport lane;
      FilterLane(&trace, &lane);
      ForgetExpectations(&trace);
      const bool on_fuzzed = IsFuzzed(trace.profile);
      fuzzed += on_fuzzed;
      // Of other machines only what cells.h says is true.
      Run(trace, 20, on_fuzzed ? Why::cannot : Why::rare, file);
    }
  }
  EXPECT_GT(fuzzed, 100);
}

TEST_F(UnreachedTest, NoSeedHitsWhatBytesCannotSay) {
  constexpr TargetSpec kPkmap = {"x86_tiny", FuzzMix::pkmap};
  constexpr TargetSpec kLocal = {"x86_tiny_smp", FuzzMix::local};
  constexpr TargetSpec kDma = {"armv5_vivt2", FuzzMix::dma};
  constexpr TargetSpec kMixed = {.any_of = kMachines, .count = std::size(kMachines)};
  const std::pair<const char*, const TargetSpec*> kTargets[] = {{"fuzz/pkmap", &kPkmap},
                                                                {"fuzz/local", &kLocal},
                                                                {"fuzz/dma_vivt", &kDma},
                                                                {"fuzz/mixed", &kMixed}};
  for (const auto& [directory, target] : kTargets) {
    for (const std::string& file : FilesOf(directory)) {
      std::ifstream in(file, std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      const ChosenInput input =
          Choose(*target, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
      Trace trace;
      LaneReport lane;
      DecodeFuzz(input.data, input.size, *FindProfile(input.spec.profile), &trace, input.spec.mix);
      trace.misuse = false;
      FilterLane(&trace, &lane);
      Run(trace, 20, Why::unsaid, file);
    }
  }
}

// What sentences say of machines.
TEST(Machines, AreAsTheSentencesSay) {
  for (const TargetSpec& machine : kMachines) {
    const Profile& p = *FindProfile(machine.profile);
    const bool ipis = p.cpus > 1 && p.shootdown == static_cast<int>(Shootdown::kIpi);
    EXPECT_FALSE(ipis && p.high_get != 0) << p.name;
    EXPECT_FALSE(ipis && p.coherent_dma == 0) << p.name;
    EXPECT_FALSE(p.high_get != 0 && p.vmap_pages != 0) << p.name;
    EXPECT_FALSE(p.pks_pages != 0 && (p.has_highmem() || p.vmap_pages != 0)) << p.name;
    EXPECT_FALSE(p.is_era(Era::kE1Slots) && p.debug_highmem != 0) << p.name;
    const bool by_address = p.cache_is_vivt() || p.cache_aliases();
    EXPECT_FALSE(by_address && ipis && (p.kmap_flush_tlb != 0 || p.vmap_pages != 0)) << p.name;
    if (machine.mix != FuzzMix::dma) continue;
    EXPECT_TRUE(p.coherent_dma == 0 && p.high_get != 0) << p.name;
  }
}

}  // namespace
}  // namespace highmem
