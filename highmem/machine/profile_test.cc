#include "highmem/machine/profile.h"

#include <gtest/gtest.h>

#include <set>

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
  EXPECT_EQ(error, "last_pkmap=3 is not legal: expected a power of two from 1 to 1024");
  EXPECT_FALSE(SetProfileField(&p, "cpus", 0, &error));
  EXPECT_EQ(error, "cpus=0 is not legal: expected a number from 1 to 4");
  EXPECT_FALSE(SetProfileField(&p, "wheels", 4, &error));
  EXPECT_EQ(error, "unknown profile field 'wheels'");
  EXPECT_TRUE(SetProfileField(&p, "last_pkmap", 2, &error));
  EXPECT_EQ(p.last_pkmap, 2);
}

TEST(Profile, EveryFieldThatIsNotBuiltIsRefused) {
  const std::pair<const char*, long> not_built[] = {
      {"cache", 3},      {"colours", 2},       {"shootdown", 1},  {"high_get", 1},
      {"force_map", 1},  {"debug_highmem", 1}, {"preempt_rt", 1}, {"nonlinear_pte", 1},
      {"paired_tlb", 1}, {"era", 0},           {"quirks", 1},     {"debug_kmap_local", 1},
  };
  for (const auto& [field, value] : not_built) {
    Profile p;
    std::string error;
    ASSERT_TRUE(SetProfileField(&p, field, value, &error)) << error;
    EXPECT_FALSE(CheckProfile(p, &error)) << field;
    EXPECT_NE(error.find("not built into this version"), std::string::npos) << error;
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
}

}  // namespace
}  // namespace highmem
