#include "highmem/campaign/store.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "highmem/campaign/merge.h"

namespace highmem {
namespace {

std::string FreshDirectory() {
  std::string dir = testing::TempDir() + "/campaign-XXXXXX";
  EXPECT_NE(mkdtemp(dir.data()), nullptr);
  return dir;
}

// The one value that a query gives, as text.
std::string Ask(const std::string& dir, const std::string& sql) {
  sqlite3* db = nullptr;
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_open((dir + "/campaign.db").c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << sql;
  std::string out = "nothing";
  if (sqlite3_step(statement) == SQLITE_ROW)
    out = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return out;
}

class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    store_ = Store::Open(dir_, &error_);
    ASSERT_NE(store_, nullptr) << error_;
    Begin("r1");
  }
  void Begin(const std::string& run) {
    EXPECT_TRUE(store_->BeginRun({run, "mixed", "libfuzzer", 7, "v1"}, &error_)) << error_;
  }
  void Absorb(const std::string& run, uint64_t executions, uint64_t hits, uint64_t times,
              const char* state = "running") {
    Store::Progress progress;
    progress.state = state;
    progress.status.executions = executions;
    progress.status.cells["pool/parked/kmap"] = hits;
    progress.status.findings["I7/kmap/slot/x86_tiny"] = times;
    progress.first_hits = {{"pool/parked/kmap", "hm1:" + run}};
    progress.traces["I7/kmap/slot/x86_tiny"] = "trace of " + run;
    EXPECT_TRUE(store_->Absorb(run, 3, progress, &error_)) << error_;
  }

  const std::string dir_ = FreshDirectory();
  std::string error_;
  std::unique_ptr<Store> store_;
};

TEST_F(StoreTest, WhatIsToldTwiceCountsOnce) {
  Absorb("r1", 10, 4, 2);
  Absorb("r1", 10, 4, 2);
  Absorb("r1", 15, 6, 3);
  EXPECT_EQ(Ask(dir_, "SELECT executions FROM run"), "15");
  EXPECT_EQ(Ask(dir_, "SELECT hits FROM cell"), "6");
  EXPECT_EQ(Ask(dir_, "SELECT times FROM finding"), "3");
}

TEST_F(StoreTest, RunsAddUpAndTheFirstKeepsTheTrace) {
  Absorb("r1", 10, 4, 2, "killed");
  Begin("r2");
  Absorb("r2", 5, 1, 1, "ended");
  EXPECT_EQ(Ask(dir_, "SELECT hits FROM cell"), "5");
  EXPECT_EQ(Ask(dir_, "SELECT times FROM finding"), "3");
  EXPECT_EQ(Ask(dir_, "SELECT trace FROM cell"), "hm1:r1");
  EXPECT_EQ(Ask(dir_, "SELECT raw FROM finding"), "trace of r1");
  Store::Totals totals;
  ASSERT_TRUE(store_->GetTotals(&totals, &error_));
  EXPECT_EQ(totals.executions, 15u);
  EXPECT_EQ(totals.to_minimize, 1u);
  std::vector<Store::Run> running;
  ASSERT_TRUE(store_->RunningRuns(&running, &error_));
  EXPECT_TRUE(running.empty());
}

// Even where a process's numbers fall, as behind a lost file, nothing is taken back.
TEST_F(StoreTest, NothingFalls) {
  Absorb("r1", 10, 4, 2);
  Absorb("r1", 0, 0, 0);
  EXPECT_EQ(Ask(dir_, "SELECT executions FROM run"), "10");
  EXPECT_EQ(Ask(dir_, "SELECT hits FROM cell"), "4");
}

TEST_F(StoreTest, FindingsAreMinimizedOnce) {
  Absorb("r1", 10, 4, 2);
  std::vector<Store::Finding> fresh;
  ASSERT_TRUE(store_->NewFindings(&fresh, &error_));
  ASSERT_EQ(fresh.size(), 1u);
  EXPECT_EQ(fresh[0].raw, "trace of r1");
  ASSERT_TRUE(store_->SetFinding(fresh[0].key, "minimized", "small", "report", &error_));
  Absorb("r1", 20, 5, 9);
  ASSERT_TRUE(store_->NewFindings(&fresh, &error_));
  EXPECT_TRUE(fresh.empty());
  EXPECT_EQ(Ask(dir_, "SELECT minimized FROM finding"), "small");
}

TEST_F(StoreTest, MergedTwiceCountsOnce) {
  Absorb("r1", 10, 4, 2, "ended");
  const std::string other_dir = FreshDirectory();
  const auto other = Store::Open(other_dir, &error_);
  ASSERT_NE(other, nullptr) << error_;
  ASSERT_TRUE(MergeCampaign(other.get(), other_dir, dir_, &error_)) << error_;
  ASSERT_TRUE(MergeCampaign(other.get(), other_dir, dir_, &error_)) << error_;
  EXPECT_EQ(Ask(other_dir, "SELECT hits FROM cell"), "4");
  EXPECT_EQ(Ask(other_dir, "SELECT times FROM finding"), "2");
  Begin("r2");
  Absorb("r2", 7, 3, 1, "ended");
  ASSERT_TRUE(MergeCampaign(other.get(), other_dir, dir_, &error_)) << error_;
  EXPECT_EQ(Ask(other_dir, "SELECT hits FROM cell"), "7");
  EXPECT_EQ(Ask(other_dir, "SELECT sum(executions) FROM run"), "17");
  EXPECT_FALSE(MergeCampaign(store_.get(), dir_, dir_, &error_));
  EXPECT_NE(error_.find("is this very campaign"), std::string::npos) << error_;
}

TEST(Store, RefusesWhatIsNoStore) {
  std::string error;
  EXPECT_EQ(Store::Open("/nowhere", &error), nullptr);
  EXPECT_NE(error.find("/nowhere/campaign.db"), std::string::npos) << error;
  const std::string dir = FreshDirectory();
  std::ofstream(dir + "/campaign.db") << "this is a text of some length, and no database at all";
  EXPECT_EQ(Store::Open(dir, &error), nullptr);
  EXPECT_NE(error.find("not a database"), std::string::npos) << error;
}

TEST(Status, KilledAtAnyByte) {
  FuzzStatus status;
  status.executions = 12;
  status.steps = 345;
  status.findings["I7/kmap/slot/x86_tiny"] = 3;
  status.cells["pair, two cpus/local map/dma"] = 9;
  const std::string text = PrintStatus(status);
  FuzzStatus read;
  ASSERT_TRUE(ParseStatus(text, &read));
  EXPECT_EQ(read.executions, 12u);
  EXPECT_EQ(read.findings, status.findings);
  EXPECT_EQ(read.cells, status.cells);
  for (size_t cut = 0; cut < text.size(); cut++)
    EXPECT_FALSE(ParseStatus(text.substr(0, cut), &read)) << cut;
  const std::string hits = PrintFirstHit({"a/b/c", "hm1:x"}) + PrintFirstHit({"d/e/f", "hm1:y"});
  EXPECT_EQ(ParseFirstHits(hits).size(), 2u);
  EXPECT_EQ(ParseFirstHits(hits.substr(0, hits.size() - 1)).size(), 1u);
}

}  // namespace
}  // namespace highmem
