// A campaign on a mutant, killed again and again, as a user sees it: command line, exit codes,
// store. $HIGHMEM_KILLS says how often (2).

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "highmem/campaign/files.h"
#include "highmem/campaign/process.h"
#include "highmem/campaign/status.h"

namespace highmem {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMutant = "highmem/mutants/no-recheck-after-sleep";

void Sleep(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

// What is known, by name: a number that must never fall.
using Books = std::map<std::string, int64_t>;

void Read(sqlite3* db, const std::string& sql, Books* books) {
  sqlite3_stmt* statement = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << sql;
  while (sqlite3_step(statement) == SQLITE_ROW)
    (*books)[reinterpret_cast<const char*>(sqlite3_column_text(statement, 0))] =
        sqlite3_column_int64(statement, 1);
  sqlite3_finalize(statement);
}

class CampaignTest : public testing::Test {
 protected:
  CampaignTest() { EXPECT_NE(mkdtemp(dir_.data()), nullptr); }

  std::vector<std::string> Command(const std::string& seconds) const {
    return {kMutant, "campaign",  dir_,    "--targets", kMutant, "--jobs",
            "1",     "--seconds", seconds, "--round",   "2",     "--json"};
  }
  std::string Output() const { return ReadAll(dir_ + ".out"); }
  void Start(Process* process, const std::string& seconds) {
    std::string error;
    ASSERT_TRUE(process->Start(Command(seconds), {}, dir_ + ".out", &error)) << error;
  }
  int RunToItsEnd(const std::string& seconds) {
    Process process;
    Start(&process, seconds);
    while (process.Running()) Sleep(0.05);
    return process.exit_code();
  }
  // Waits until it has shown that it works.
  void AwaitLines(Process* process, size_t lines) {
    while (process->Running()) {
      const std::string out = Output();
      if (static_cast<size_t>(std::count(out.begin(), out.end(), '\n')) >= lines) return;
      Sleep(0.02);
    }
    ADD_FAILURE() << Output();
  }

  Books ReadBooks() const {
    Books books;
    sqlite3* db = nullptr;
    EXPECT_EQ(sqlite3_open((dir_ + "/campaign.db").c_str(), &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 10'000);
    Read(db, "SELECT 'sound: ' || integrity_check, 1 FROM pragma_integrity_check", &books);
    Read(db, "SELECT 'executions', coalesce(sum(executions), 0) FROM run", &books);
    Read(db, "SELECT 'cell ' || name, hits FROM cell", &books);
    Read(db, "SELECT 'finding ' || key, times FROM finding", &books);
    sqlite3_close(db);
    return books;
  }
  void ExpectSound(const Books& before, const Books& now) {
    EXPECT_TRUE(now.count("sound: ok"));
    for (const auto& [name, number] : before) {
      const auto it = now.find(name);
      ASSERT_NE(it, now.end()) << name << " is lost";
      EXPECT_GE(it->second, number) << name;
    }
    // An execution counts once at most in a cell and in a finding: nothing is doubled.
    const int64_t executions = now.at("executions");
    for (const auto& [name, number] : now)
      if (name.starts_with("cell ") || name.starts_with("finding "))
        EXPECT_LE(number, executions) << name;
  }

  // What a corpus comes through.
  std::set<int> Cells(const std::string& corpus) const {
    const std::string dir = dir_ + ".cells";
    fs::remove_all(dir);
    std::string error;
    EXPECT_TRUE(MakeDirectory(dir + "/findings", &error)) << error;
    Process process;
    EXPECT_TRUE(process.Start({kMutant, "-runs=0", corpus},
                              {{kCampaignVariable, dir}, {kCampaignInputsVariable, "1"}},
                              dir + "/log", &error))
        << error;
    while (process.Running()) Sleep(0.02);
    EXPECT_EQ(process.exit_code(), 0) << ReadAll(dir + "/log");
    std::set<int> cells;
    for (const InputCells& input : ParseInputCells(ReadAll(dir + "/inputs")))
      cells.insert(input.cells.begin(), input.cells.end());
    return cells;
  }

  std::string dir_ = testing::TempDir() + "/campaign-XXXXXX";
};

TEST_F(CampaignTest, SurvivesKills) {
  const char* asked = std::getenv("HIGHMEM_KILLS");
  const int kills = asked == nullptr ? 2 : std::atoi(asked);
  std::minstd_rand random(1);
  Books books;
  for (int i = 0; i < kills; i++) {
    Process campaign;
    Start(&campaign, "1000");
    AwaitLines(&campaign, 2);
    Sleep(random() % 3000 / 1e3);
    campaign.Kill();
    EXPECT_EQ(campaign.exit_code(), 128 + SIGKILL) << Output();
    const Books now = ReadBooks();
    ExpectSound(books, now);
    books = now;
  }
  // The same command goes on, to the end; its finding is minimized.
  EXPECT_EQ(RunToItsEnd("2"), 0) << Output();
  const Books last = ReadBooks();
  ExpectSound(books, last);
  EXPECT_GT(last.at("executions"), 0);
  EXPECT_EQ(CountFiles(dir_ + "/runs"), 0u);
  EXPECT_EQ(CountFiles(dir_ + "/crashes"), 0u);
}

// Whatever it has started may be killed, too.
TEST_F(CampaignTest, GoesOnWithoutItsProcesses) {
  Process campaign;
  Start(&campaign, "1000");
  AwaitLines(&campaign, 2);
  for (size_t lines = 3; lines < 6; lines++) {
    std::ifstream children("/proc/" + std::to_string(campaign.pid()) + "/task/" +
                           std::to_string(campaign.pid()) + "/children");
    for (pid_t child = 0; children >> child;) kill(child, SIGKILL);
    AwaitLines(&campaign, lines);
  }
  while (campaign.Running() && ReadBooks().at("executions") == 0) Sleep(0.1);
  campaign.Stop();
  EXPECT_EQ(campaign.exit_code(), 0) << Output();
  EXPECT_EQ(CountFiles(dir_ + "/crashes"), 0u);
}

TEST_F(CampaignTest, OneWriterAtATime) {
  Process first;
  Start(&first, "1000");
  AwaitLines(&first, 1);
  std::string error;
  Process second;
  ASSERT_TRUE(second.Start(Command("1000"), {}, dir_ + ".second", &error)) << error;
  while (second.Running()) Sleep(0.05);
  EXPECT_EQ(second.exit_code(), 1);
  EXPECT_NE(ReadAll(dir_ + ".second").find("another campaign is at work here, process "),
            std::string::npos)
      << ReadAll(dir_ + ".second");
  first.Stop();
  EXPECT_EQ(first.exit_code(), 0) << "SIGTERM ends it in good order";
  EXPECT_EQ(CountFiles(dir_ + "/runs"), 0u);
}

// A corpus of more than it needs: it becomes smaller, killed in the middle or not, and comes
// through the same cells.
TEST_F(CampaignTest, TrimsItsCorpus) {
  const std::string corpus = dir_ + "/corpus/no-recheck-after-sleep";
  std::string error;
  ASSERT_TRUE(MakeDirectory(corpus, &error)) << error;
  std::minstd_rand random(1);
  constexpr size_t kInputs = 400;
  for (size_t i = 0; i < kInputs; i++) {
    std::string bytes(8 + random() % 200, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() >> 8);
    ASSERT_TRUE(WriteAll(corpus + "/" + std::to_string(i), bytes, &error)) << error;
  }
  const std::set<int> cells = Cells(corpus);
  EXPECT_GT(cells.size(), 10u);
  Process campaign;
  Start(&campaign, "1000");
  const std::string trim = dir_ + "/runs/trim-no-recheck-after-sleep";
  while (campaign.Running() && !fs::exists(trim)) Sleep(0.01);
  campaign.Kill();
  const std::set<int> there = Cells(corpus);
  EXPECT_TRUE(std::includes(there.begin(), there.end(), cells.begin(), cells.end()));

  Start(&campaign, "1000");
  while (campaign.Running() && CountFiles(corpus) >= kInputs) Sleep(0.01);
  while (campaign.Running() && fs::exists(trim)) Sleep(0.01);
  campaign.Stop();
  EXPECT_EQ(campaign.exit_code(), 0) << Output();
  EXPECT_LT(CountFiles(corpus), kInputs);
  const std::set<int> left = Cells(corpus);
  EXPECT_TRUE(std::includes(left.begin(), left.end(), cells.begin(), cells.end()));
  const std::string failed = dir_ + "/crashes/trim-no-recheck-after-sleep";
  EXPECT_FALSE(fs::exists(failed)) << ReadAll(failed + "/log");
}

TEST_F(CampaignTest, BadTargets) {
  std::string error;
  for (const char* target : {"nowhere", "/bin/false"}) {
    Process process;
    ASSERT_TRUE(process.Start({kMutant, "campaign", dir_, "--seconds", "9", "--targets", target},
                              {}, dir_ + ".out", &error))
        << error;
    while (process.Running()) Sleep(0.02);
    EXPECT_EQ(process.exit_code(), 1);
    EXPECT_NE(Output().find(target), std::string::npos) << Output();
  }
}

}  // namespace
}  // namespace highmem
