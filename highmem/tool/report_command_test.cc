// hm report: what it prints, writes and refuses.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "highmem/campaign/store_for_test.h"
#include "highmem/tool/hm.h"

namespace highmem {
namespace {

struct Said {
  int exit_code;
  std::string out, error;
};

Said Report(std::vector<std::string> words) {
  words.insert(words.begin(), {"hm", "report"});
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Said said;
  said.exit_code = HmMain(static_cast<int>(argv.size()), argv.data());
  said.out = testing::internal::GetCapturedStdout();
  said.error = testing::internal::GetCapturedStderr();
  return said;
}

std::string Contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

TEST(ReportCommand, PrintsASummaryAndWritesAPage) {
  const std::string dir = testing::TempDir() + "/report_command", page = dir + "/page.html";
  std::filesystem::create_directory(dir);
  ASSERT_EQ(WriteStoreForTest(dir, InventedCampaign()), "");
  const Said text = Report({dir, "-o", page});
  EXPECT_EQ(text.exit_code, 0) << text.error;
  EXPECT_THAT(text.out, testing::StartsWith("campaign "));
  EXPECT_THAT(Contents(page), testing::StartsWith("<!DOCTYPE html>"));

  std::ofstream(page) << "mine";
  const Said refused = Report({dir, "-o", page});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.error, testing::HasSubstr(page));
  EXPECT_EQ(Contents(page), "mine");
  const Said json = Report({dir, "--json", "-f", "-o", page});
  EXPECT_EQ(json.exit_code, 0) << json.error;
  EXPECT_THAT(json.out, testing::StartsWith("{\n \"format\": \"highmem campaign report 1\""));
  EXPECT_NE(Contents(page), "mine");
}

TEST(ReportCommand, OneLineAndExit1) {
  for (const std::string& dir : {testing::TempDir() + "/no_such_directory", testing::TempDir()}) {
    const Said said = Report({dir});
    EXPECT_EQ(said.exit_code, 1);
    EXPECT_EQ(said.out, "");
    EXPECT_THAT(said.error, testing::StartsWith("hm: " + dir + ": "));
    EXPECT_EQ(std::count(said.error.begin(), said.error.end(), '\n'), 1) << said.error;
  }
}

}  // namespace
}  // namespace highmem
