#include "highmem/campaign/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

#include "highmem/campaign/schema.h"
#include "highmem/campaign/store_for_test.h"

namespace highmem {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ReaderTest : public testing::Test {
 protected:
  ReaderTest()
      : dir_(testing::TempDir() + "/" +
             testing::UnitTest::GetInstance()->current_test_info()->name()),
        path_(dir_ + "/" + kCampaignStore) {
    std::filesystem::remove_all(dir_);
    std::filesystem::create_directory(dir_);
  }
  // One line that begins with `begin` and holds `words`.
  void ExpectError(const std::string& begin, const std::string& words) {
    CampaignData data;
    std::string error;
    EXPECT_FALSE(ReadCampaign(dir_, &data, &error));
    EXPECT_THAT(error, StartsWith(begin + ": "));
    EXPECT_THAT(error, HasSubstr(words));
    EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 0) << error;
    EXPECT_LT(error.size(), begin.size() + 200) << error;
    EXPECT_TRUE(data.samples.empty() && data.cells.empty() && data.runs.empty());
  }

  const std::string dir_, path_;
};

TEST_F(ReaderTest, ReadsWhatWasStored) {
  const CampaignData wrote = InventedCampaign();
  ASSERT_EQ(WriteStoreForTest(dir_, wrote), "");
  CampaignData data;
  std::string error;
  ASSERT_TRUE(ReadCampaign(dir_, &data, &error)) << error;
  EXPECT_EQ(data.directory, dir_);
  EXPECT_EQ(data.created, wrote.created);
  ASSERT_EQ(data.runs.size(), wrote.runs.size());
  for (size_t i = 0; i < data.runs.size(); i++) {
    const CampaignData::Run &run = data.runs[i], &want = wrote.runs[i];
    EXPECT_EQ(std::tie(run.id, run.target, run.engine, run.seed, run.version, run.begun,
                       run.seconds, run.executions, run.steps, run.state),
              std::tie(want.id, want.target, want.engine, want.seed, want.version, want.begun,
                       want.seconds, want.executions, want.steps, want.state));
  }
  ASSERT_EQ(data.samples.size(), wrote.samples.size());
  const CampaignData::Sample &sample = data.samples[2000], &want = wrote.samples[2000];
  EXPECT_NEAR(sample.at, want.at, 1e-5);
  EXPECT_EQ(
      std::tie(sample.executions, sample.features, sample.cells, sample.corpus, sample.findings),
      std::tie(want.executions, want.features, want.cells, want.corpus, want.findings));
  ASSERT_EQ(data.cells.size(), wrote.cells.size());
  EXPECT_EQ(data.cells[7].name, wrote.cells[7].name);
  EXPECT_EQ(data.cells[7].hits, wrote.cells[7].hits);
  EXPECT_EQ(data.cells[7].trace, wrote.cells[7].trace);
  ASSERT_EQ(data.findings.size(), wrote.findings.size());
  EXPECT_EQ(data.findings[1].key, wrote.findings[1].key);
  EXPECT_EQ(data.findings[1].report, wrote.findings[1].report);
  EXPECT_EQ(data.findings[1].raw, wrote.findings[1].raw);
}

TEST_F(ReaderTest, ReadsWhileTheCampaignWrites) {
  ASSERT_EQ(ExecuteForTest(dir_, "PRAGMA journal_mode=WAL"), "");
  ASSERT_EQ(WriteStoreForTest(dir_, InventedCampaign()), "");
  CampaignData data;
  std::string error;
  EXPECT_TRUE(ReadCampaign(dir_, &data, &error)) << error;
  EXPECT_EQ(ExecuteForTest(dir_, "DELETE FROM sample"), "");
  EXPECT_TRUE(ReadCampaign(dir_, &data, &error)) << error;
  EXPECT_TRUE(data.samples.empty());
}

TEST_F(ReaderTest, NoDirectory) {
  std::filesystem::remove(dir_);
  ExpectError(dir_, "cannot open: No such file");
  std::ofstream(dir_) << "x";
  ExpectError(dir_, "expected the directory of a campaign, found a file");
}

TEST_F(ReaderTest, NoStore) {
  ExpectError(dir_, "found no campaign.db in it");
  EXPECT_FALSE(std::filesystem::exists(path_));
  std::ofstream(path_) << "";
  ExpectError(path_, "expected the store of a campaign");
  std::ofstream(path_) << std::string(5000, 'x');
  ExpectError(path_, "cannot read: file is not a database");
}

TEST_F(ReaderTest, AnotherFormat) {
  ASSERT_EQ(ExecuteForTest(dir_, "CREATE TABLE t(x)"), "");
  ExpectError(path_, "found another database");
  std::filesystem::remove(path_);
  ASSERT_EQ(WriteStoreForTest(dir_, {}), "");
  ASSERT_EQ(ExecuteForTest(dir_, "UPDATE meta SET value='highmem\ncampaign 2'"), "");
  ExpectError(path_, "expected format 'highmem campaign 1', found 'highmem\\x0acampaign 2'");
  ASSERT_EQ(ExecuteForTest(dir_, "UPDATE meta SET value='highmem campaign 1'; DROP TABLE cell"),
            "");
  ExpectError(path_, "no such table: cell");
}

TEST_F(ReaderTest, WrongValues) {
  ASSERT_EQ(WriteStoreForTest(dir_, InventedCampaign()), "");
  ASSERT_EQ(ExecuteForTest(dir_, "UPDATE sample SET cells='many' WHERE rowid=3"), "");
  ExpectError(path_, "table sample, row 3: expected an integer as cells");
  ASSERT_EQ(ExecuteForTest(dir_, "UPDATE sample SET cells=3, at=9e999 WHERE rowid=3"), "");
  ExpectError(path_, "table sample, row 3000: expected a time that is not negative as at");
  ASSERT_EQ(ExecuteForTest(dir_, "UPDATE sample SET at=0; UPDATE cell SET hits=-1"), "");
  ExpectError(path_, "table cell, row 1: expected a number that is not negative as hits");
}

// Wherever it is cut, that is an error or, at worst, an older state.
TEST_F(ReaderTest, Damaged) {
  ASSERT_EQ(WriteStoreForTest(dir_, InventedCampaign()), "");
  const auto size = std::filesystem::file_size(path_);
  std::fstream(path_, std::ios::in | std::ios::out | std::ios::binary).seekp(5000)
      << std::string(size / 2, '\x5a');
  ExpectError(path_, "cannot read: database disk image is malformed");
  std::filesystem::resize_file(path_, size / 2 + 100);
  ExpectError(path_, "cannot read: ");
}

}  // namespace
}  // namespace highmem
