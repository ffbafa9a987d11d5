// hm convert: between text and container, and from an older version to this one.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "highmem/tool/hm.h"

namespace highmem {
namespace {

const char kText[] = "#hm 1\nprofile x86_tiny\ntask T1@0:\n  yield\n";

std::string Path(const std::string& name) {
  return std::string(std::getenv("TEST_TMPDIR")) + "/" + name;
}

std::string Contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

int Hm(std::vector<std::string> words) {
  words.insert(words.begin(), "hm");
  std::vector<char*> argv;
  argv.reserve(words.size());
  for (std::string& word : words) argv.push_back(word.data());
  return HmMain(static_cast<int>(argv.size()), argv.data());
}

class ConvertTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(text_) << kText;
    ASSERT_EQ(Hm({"convert", text_, container_, "--to", "container", "-f"}), 0);
  }
  const std::string text_ = Path("yield.hm");
  const std::string container_ = Path("yield.hmt");
};

TEST_F(ConvertTest, ThereAndBack) {
  EXPECT_EQ(Contents(container_).rfind("HMT1", 0), 0u);
  const std::string back = Path("back.hm");
  EXPECT_EQ(Hm({"convert", container_, back, "-f"}), 0);
  EXPECT_EQ(Contents(back), kText);
  EXPECT_EQ(Hm({"convert", container_, back}), 1) << "overwrites unasked";
}

TEST_F(ConvertTest, SeedsOfFuzzersAndBack) {
  const std::string seed = Path("yield.bin"), back = Path("back_from_bytes.hm");
  EXPECT_EQ(Hm({"convert", text_, seed, "--to", "fuzz-bytes", "-f"}), 0);
  EXPECT_EQ(Hm({"convert", seed, back, "--fuzz-bytes", "x86_tiny", "-f"}), 0);
  EXPECT_NE(Contents(back).find("\n  yield\n"), std::string::npos) << Contents(back);
}

// Without pages and conditions the versions differ in their number alone.
TEST_F(ConvertTest, UpgradeRewritesAnOldContainer) {
  const std::string now = Contents(container_);
  std::string old = now;
  old[4] = 1;
  std::ofstream(container_, std::ios::binary) << old;
  EXPECT_EQ(Hm({"convert", "--upgrade", container_}), 0);
  EXPECT_EQ(Contents(container_), now);
}

TEST_F(ConvertTest, UpgradeLeavesTheRestAlone) {
  const std::string now = Contents(container_);
  EXPECT_EQ(Hm({"convert", "--upgrade", container_}), 0);
  EXPECT_EQ(Contents(container_), now);
  EXPECT_EQ(Hm({"convert", "--upgrade", text_}), 0);
  EXPECT_EQ(Contents(text_), kText);
  EXPECT_EQ(Hm({"convert", "--upgrade", text_, Path("other")}), 1);
  EXPECT_EQ(Hm({"convert", text_}), 1) << "where to?";
  EXPECT_NE(Hm({"convert", "--upgrade", text_, "--to", "container"}), 0);
  std::ofstream(Path("bad.hmt"), std::ios::binary) << now.substr(0, now.size() - 1);
  EXPECT_EQ(Hm({"convert", "--upgrade", Path("bad.hmt")}), 1);
  EXPECT_EQ(Contents(Path("bad.hmt")), now.substr(0, now.size() - 1));
}

}  // namespace
}  // namespace highmem
