// What is no trace: every subcommand that reads one says so in one line and exits 1.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "highmem/tool/hm.h"
#include "highmem/trace/container.h"
#include "highmem/trace/file.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

constexpr char kText[] =
    "#hm 1\nprofile x86_tiny\npage A high\ntask T1@0:\n  kmap A -> pkmap:1\n  kunmap A\n";

struct Bad {
  std::string name;   // of the file
  std::string bytes;  // empty: see exists
  bool exists = true;
  std::string says;  // what the line must hold, behind the path
};

std::vector<Bad> Bads() {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(ParseTrace(kText, "test", &trace, &error)) << error.Text();
  const std::string container = EncodeContainer(trace);
  std::string garbage;
  for (uint32_t i = 0, x = 1; i < 4096; i++, x = x * 1103515245u + 12345u)
    garbage += static_cast<char>(x >> 16);
  return {
      {"absent.hm", "", false, ": cannot open: "},
      {"empty.hm", "", true, ": expected a trace, found an empty file"},
      {"garbage.hm", garbage, true, "expected a text that begins with '#hm 1'"},
      {"cut_text.hm", std::string(kText, sizeof(kText) - 6), true, ":6:"},
      {"cut_container.hm", container.substr(0, container.size() / 2), true, ": expected "},
      {"typo.hm", std::string(kText) + "  kmpa A\n", true, ":7:3: expected "},
      {"long.hm", std::string(kLongestTraceFile + 1, '#'), true, ": expected at most 16 MiB"},
      {"line.hm", std::string(kText) + std::string(1 << 20, 'x') + "\n", true, ":7:"},
  };
}

class BadInputTest : public testing::TestWithParam<const char*> {
 protected:
  static std::string Put(const Bad& bad) {
    const std::string path = testing::TempDir() + "/" + bad.name;
    if (bad.exists) std::ofstream(path, std::ios::binary) << bad.bytes;
    return path;
  }
};

TEST_P(BadInputTest, OneLineAndExit1) {
  for (const Bad& bad : Bads()) {
    const std::string path = Put(bad), out = testing::TempDir() + "/out.hm";
    std::vector<std::string> words = {"hm", GetParam(), path};
    if (words[1] == "minimize") words.emplace_back("-o");
    if (words[1] == "minimize" || words[1] == "convert") words.push_back(out);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());

    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int exit_code = HmMain(static_cast<int>(argv.size()), argv.data());
    const std::string said = testing::internal::GetCapturedStderr();

    EXPECT_EQ(testing::internal::GetCapturedStdout(), "") << bad.name;
    EXPECT_EQ(exit_code, 1) << bad.name;
    EXPECT_THAT(said, testing::StartsWith("hm: " + path + ":")) << bad.name;
    EXPECT_THAT(said.substr(path.size() + 4), testing::HasSubstr(bad.says)) << bad.name;
    EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1) << said;
    EXPECT_LT(said.size(), path.size() + 300) << bad.name;
    EXPECT_FALSE(std::filesystem::exists(out)) << bad.name;
  }
}

INSTANTIATE_TEST_SUITE_P(EveryReader, BadInputTest,
                         testing::Values("replay", "litmus", "minimize", "convert", "lane",
                                         "explore", "stress"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace highmem
