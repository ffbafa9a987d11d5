#include "highmem/machine/profile.h"

#include <gtest/gtest.h>

#include <set>
#include <tuple>

#include "highmem/machine/km_type.h"

namespace highmem {
namespace {

TEST(Profile, NamedProfilesAreLegalAndDistinct) {
  std::set<std::string> names;
  for (const Profile& p : NamedProfiles()) {
    std::string error;
    EXPECT_TRUE(CheckProfile(p, &error)) << p.name << ": " << error;
    EXPECT_TRUE(names.insert(p.name).second);
    EXPECT_EQ(FindProfile(p.name), &p);
  }
  EXPECT_EQ(FindProfile("vax"), nullptr);
}

TEST(Profile, BadFieldsAreRefusedWithASentence) {
  Profile p;
  std::string error;
  EXPECT_FALSE(SetProfileField(&p, "last_pkmap", 3, &error));
  EXPECT_EQ(error, "last_pkmap=3 is not legal: expected a power of two from 1 to 4096");
  EXPECT_FALSE(SetProfileField(&p, "cpus", 0, &error));
  EXPECT_EQ(error, "cpus=0 is not legal: expected a number from 1 to 4");
  EXPECT_FALSE(SetProfileField(&p, "wheels", 4, &error));
  EXPECT_EQ(error, "unknown profile field 'wheels'");
  EXPECT_TRUE(SetProfileField(&p, "last_pkmap", 2, &error));
  EXPECT_EQ(p.last_pkmap, 2);
}

TEST(Profile, PairedTlbsNeedFlushesBehindEveryMap) {
  Profile p = *FindProfile("csky_tiny");
  std::string error;
  EXPECT_TRUE(CheckProfile(p, &error)) << error;
  p.kmap_flush_tlb = 0;
  EXPECT_FALSE(CheckProfile(p, &error));
  EXPECT_NE(error.find("paired_tlb=1 needs kmap_flush_tlb=1"), std::string::npos) << error;
}

TEST(Profile, ColoursAndAnAliasingCacheNeedEachOther) {
  Profile p = *FindProfile("xtensa_tiny");
  std::string error;
  EXPECT_TRUE(CheckProfile(p, &error)) << error;
  p.colours = 1;
  EXPECT_FALSE(CheckProfile(p, &error));
  EXPECT_NE(error.find("need each other"), std::string::npos) << error;
  p.colours = 8;
  EXPECT_FALSE(CheckProfile(p, &error));
  EXPECT_NE(error.find("last_pkmap is smaller"), std::string::npos) << error;
}

TEST(Profile, QuirksThatAreNotBuiltAreRefused) {
  Profile p;
  std::string error;
  p.quirks = 1 << 11;
  EXPECT_FALSE(CheckProfile(p, &error));
  EXPECT_EQ(error, "quirks: Q1 to Q11 are bits 0 to 10; Q12 is one of a document");
  p.quirks = 1 << 1;
  EXPECT_TRUE(CheckProfile(p, &error)) << error;
  EXPECT_EQ(p.kmap_local_depth(), Profile{}.kmap_local_depth() + 1) << "Q2: the last slot is used";
}

TEST(Profile, DebugOptionsAndMigrationsAreBuilt) {
  for (const char* field : {"force_map", "debug_highmem", "debug_kmap_local", "migrations"}) {
    Profile p;
    std::string error;
    ASSERT_TRUE(SetProfileField(&p, field, 1, &error)) << error;
    EXPECT_TRUE(CheckProfile(p, &error)) << error;
  }
}

TEST(Profile, ACacheFoundByAddressNeedsOneCpuAndPins) {
  Profile p = *FindProfile("armv5_vivt");
  std::string error;
  EXPECT_TRUE(CheckProfile(p, &error)) << error;
  p.high_get = 0;
  EXPECT_FALSE(CheckProfile(p, &error));
  EXPECT_EQ(error, "cache=3 (VIVT) needs cpus=1, and high_get=1 or local_flush_all=1");
}

// What the named ones are for: traces lean on it.
TEST(Profile, ProfilesOfLocalMaps) {
  EXPECT_EQ(FindProfile("x86_tiny")->migrations, 0);
  EXPECT_EQ(FindProfile("x86_tiny_smp")->migrations, 1);
  EXPECT_EQ(FindProfile("x86_tiny_debug")->debug_kmap_local, 1);
  EXPECT_EQ(FindProfile("x86_tiny_debug")->force_map, 0);
  const Profile& pae = *FindProfile("x86_pae_debug");
  EXPECT_EQ(pae.debug_highmem + pae.debug_kmap_local + pae.force_map, 3);
}

TEST(Profile, GuardsHalveTheDepthOfLocalMaps) {
  const Profile& plain = *FindProfile("x86_tiny");
  EXPECT_EQ(plain.kmap_local_inc(), 1);
  EXPECT_EQ(plain.kmap_local_depth(), 4) << "of 5 slots, since the index stops below KM_MAX_IDX";
  const Profile& debug = *FindProfile("x86_tiny_debug");
  EXPECT_EQ(debug.kmap_local_inc(), 2);
  EXPECT_EQ(debug.kmap_local_depth(), 4) << "of 9 slots";
  EXPECT_EQ(FindProfile("x86_pae")->kmap_local_depth(), 15);
  EXPECT_EQ(FindProfile("x86_pae_debug")->kmap_local_depth(), 16);
}

TEST(Profile, ErasHaveDepthsOfTheirOwn) {
  EXPECT_EQ(FindProfile("x86_tiny_e2")->kmap_local_depth(), 4) << "every slot of the stack";
  EXPECT_EQ(FindProfile("x86_tiny_e1")->kmap_local_depth(), kKmTypes);
  EXPECT_EQ(FindProfile("x86_tiny_e1_debug")->kmap_local_depth(), kKmTypes);
  EXPECT_EQ(FindProfile("x86_tiny_e1_debug")->km_max_idx, 39) << "KM_TYPE_NR with fences";
}

TEST(Profile, AnEraThatDoesNotFitIsRefused) {
  const std::tuple<const char*, const char*, const char*> wrong[] = {
      {"x86_tiny_e1", "km_max_idx=5",
       "era=0 needs a slot for each km_type: km_max_idx=19, with debug_kmap_local=1 39"},
      {"x86_tiny_e2", "debug_kmap_local=1",
       "debug_kmap_local=1 needs era=0 or era=2: a stack of slots has no guards"},
      {"x86_tiny_e2", "keeps_pte=1",
       "keeps_pte=1 needs local_flush_on_map=1: else a new map would have an old translation"},
      {"x86_tiny_e2", "force_map=1", "nonlinear_pte=1 and force_map=1 are built for era=2 alone"},
      {"x86_tiny_e1", "coherent_dma=0", "coherent_dma=0 is built for era=1 and era=2"},
      {"x86_tiny", "keeps_pte=1", "keeps_pte=1 needs era=0 or era=1: kunmap_local always clears"},
  };
  for (const auto& [name, change, sentence] : wrong) {
    Profile p = *FindProfile(name);
    const std::string text = change;
    const size_t equals = text.find('=');
    std::string error;
    ASSERT_TRUE(
        SetProfileField(&p, text.substr(0, equals), std::stol(text.substr(equals + 1)), &error))
        << error;
    EXPECT_FALSE(CheckProfile(p, &error));
    EXPECT_EQ(error, sentence);
  }
}

TEST(Profile, ContradictionsAreRefused) {
  Profile p;
  std::string error;
  p.line_size = 64;
  EXPECT_FALSE(CheckProfile(p, &error));
  EXPECT_EQ(error, "line_size is larger than page_size");
  p = Profile{};
  p.smp = 0;
  EXPECT_FALSE(CheckProfile(p, &error));
  EXPECT_EQ(error, "smp=0 needs cpus=1");
  p = Profile{};
  p.debug_kmap_local = 1;
  p.km_max_idx = 6;
  EXPECT_FALSE(CheckProfile(p, &error));
  EXPECT_EQ(error,
            "debug_kmap_local=1 needs an odd km_max_idx: a guard on either side of every map");
  p.km_max_idx = 7;
  EXPECT_TRUE(CheckProfile(p, &error)) << error;
}

}  // namespace
}  // namespace highmem
