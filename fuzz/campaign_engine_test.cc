// A campaign under AFL++, as a user sees it. In afl-fuzz's place stands a script that has its
// options, files and processes, and lets libFuzzer make the inputs.

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include "highmem/campaign/files.h"
#include "highmem/campaign/process.h"

namespace highmem {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMutant = "highmem/mutants/zero-count-without-flush";

constexpr const char* kMinimized = "SELECT count(*) FROM finding WHERE state = 'minimized'";

constexpr const char* kAflFuzz = R"(#!/bin/bash
while getopts i:o:V:s:t:m: name; do printf -v "flag_$name" %s "$OPTARG"; done
shift $((OPTIND - 1))
out=$flag_o/default
mkdir -p "$out/queue" "$out/new"
inputs=("$flag_i"/*)
if [[ ! -e ${inputs[0]} ]]; then
  echo '[-] PROGRAM ABORT : no usable test cases'
  exit 1
fi
id=0
for file in "${inputs[@]}"; do
  cp "$file" "$out/queue/id:$id,time:0,orig:${file##*/}"
  id=$((id + 1))
done
echo 'edges_found       : 77' >"$out/fuzzer_stats"
"$1" -seed="$flag_s" -max_total_time="$flag_V" -handle_term=0 "$out/new" "$flag_i" &
target=$!
trap 'kill $target' TERM
going=1
while ((going)); do
  sleep 0.1
  kill -0 $target 2>/dev/null || going=0
  for file in "$out/new"/*; do
    [[ -e $file ]] || continue
    mv "$file" "$out/queue/id:$id,src:0,op:havoc"
    id=$((id + 1))
  done
done
)";

void Sleep(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

class CampaignEngineTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(mkdtemp(root_.data()), nullptr);
    dir_ = root_ + "/campaign";
    Program("afl-fuzz", kAflFuzz);
    // Says of itself what AFL++'s runtime says.
    Program("target",
            "#!/bin/bash\n# __AFL_SHM_ID\nexec " + fs::absolute(kMutant).string() + " \"$@\"\n");
  }

  void Program(const std::string& name, const std::string& text) {
    std::string error;
    ASSERT_TRUE(MakeDirectory(root_ + "/bin", &error) &&
                WriteAll(root_ + "/bin/" + name, text, &error))
        << error;
    ASSERT_EQ(chmod((root_ + "/bin/" + name).c_str(), 0755), 0);
  }
  void Start(Process* process, const std::string& seconds, const std::string& target,
             const std::string& path) {
    std::string error;
    ASSERT_TRUE(process->Start({kMutant, "campaign", dir_, "--engine", "afl++", "--targets", target,
                                "--jobs", "1", "--seconds", seconds, "--round", "3"},
                               {{"PATH", path}}, root_ + "/out", &error))
        << error;
  }
  void Start(Process* process, const std::string& seconds) {
    Start(process, seconds, root_ + "/bin/target", root_ + "/bin:" + std::getenv("PATH"));
  }
  int RunToItsEnd(const std::string& seconds) {
    Process process;
    Start(&process, seconds);
    while (process.Running()) Sleep(0.05);
    return process.exit_code();
  }
  std::string Output() const { return ReadAll(root_ + "/out"); }
  std::string Corpus() const { return dir_ + "/corpus/target"; }

  std::string Select(const std::string& sql) const {
    sqlite3* db = nullptr;
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_open((dir_ + "/campaign.db").c_str(), &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 10'000);
    EXPECT_EQ(sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr), SQLITE_OK) << sql;
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW) << sql;
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    const std::string value = text == nullptr ? "" : text;
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return value;
  }
  // Processes that have something of this test's directory on their command line.
  int Processes() const {
    int count = 0;
    std::error_code code;
    for (const auto& entry : fs::directory_iterator("/proc", code))
      count += ReadAll(entry.path().string() + "/cmdline").find(root_) != std::string::npos;
    return count;
  }
  static int CountDirectories(const std::string& dir) {
    const fs::directory_iterator entries(dir);
    return static_cast<int>(std::count_if(begin(entries), end(entries),
                                          [](const auto& e) { return e.is_directory(); }));
  }
  // What the run that is under way has found.
  size_t Queue() const {
    size_t inputs = 0;
    std::error_code code;
    for (const auto& run : fs::directory_iterator(dir_ + "/runs", code))
      for (const auto& file : fs::directory_iterator(run.path() / "afl/default/queue", code))
        inputs += file.path().string().find(",src:") != std::string::npos;
    return inputs;
  }

  std::string root_ = testing::TempDir() + "/engine-XXXXXX";
  std::string dir_;
};

TEST_F(CampaignEngineTest, KeepsWhatItFinds) {
  Process campaign;
  Start(&campaign, "1000");
  while (campaign.Running() && CountFiles(Corpus()) < 2) Sleep(0.1);
  while (campaign.Running() && Select(kMinimized) == "0") Sleep(0.1);
  campaign.Stop();
  EXPECT_EQ(campaign.exit_code(), 0) << Output();
  EXPECT_EQ(Select("SELECT group_concat(DISTINCT engine) FROM run"), "afl++");
  EXPECT_NE(Select("SELECT sum(executions) FROM run"), "0");
  EXPECT_NE(Select("SELECT count(*) FROM cell"), "0");
  EXPECT_EQ(Select("SELECT max(features) FROM sample"), "77");
  EXPECT_NE(Select(kMinimized), "0") << Output();
  for (const auto& file : fs::directory_iterator(Corpus()))
    EXPECT_EQ(HashOfFile(file.path().string()), file.path().filename().string());
  EXPECT_EQ(CountFiles(dir_ + "/runs"), 0u);
  EXPECT_EQ(CountFiles(dir_ + "/crashes"), 0u);
}

TEST_F(CampaignEngineTest, SurvivesAKill) {
  Process campaign;
  Start(&campaign, "1000");
  while (campaign.Running() && Queue() < 5) Sleep(0.02);
  campaign.Kill();
  for (int i = 0; i < 500 && Processes() > 0; i++) Sleep(0.02);
  EXPECT_EQ(Processes(), 0) << "orphans";
  const size_t inputs = Queue();
  EXPECT_GE(inputs, 5u) << Output();
  for (const auto& run : fs::directory_iterator(dir_ + "/runs")) {
    std::string error;  // as if the harness had crashed before
    const std::string crashes = run.path().string() + "/afl/default/crashes";
    ASSERT_TRUE(MakeDirectory(crashes, &error) && WriteAll(crashes + "/id:0", "x", &error));
  }
  EXPECT_EQ(RunToItsEnd("0.1"), 0) << Output();
  EXPECT_EQ(CountDirectories(dir_ + "/crashes"), 1);
  EXPECT_GE(CountFiles(Corpus()), inputs);
  EXPECT_EQ(Select("SELECT count(*) FROM run WHERE state = 'killed'"), "1");
}

TEST_F(CampaignEngineTest, SaysWhatIsMissing) {
  const std::string path = std::getenv("PATH");
  const struct {
    std::string target, path, sentence;
  } kCases[] = {
      {root_ + "/bin/target", "/nowhere", "Debian's package afl++"},
      {kMutant, root_ + "/bin:" + path, "is not built for AFL++"},
      {"nowhere", root_ + "/bin:" + path, "first: ci/afl --build nowhere\n"},
  };
  for (const auto& it : kCases) {
    Process process;
    Start(&process, "9", it.target, it.path);
    while (process.Running()) Sleep(0.02);
    EXPECT_EQ(process.exit_code(), 1);
    EXPECT_NE(Output().find(it.sentence), std::string::npos) << Output();
  }
}

// The sentence is afl-fuzz's own, without its colours.
TEST_F(CampaignEngineTest, AFuzzerThatEndsAtOnce) {
  Program("afl-fuzz",
          "#!/bin/bash\necho -e '\\n[-] \\e[1;31mPROGRAM ABORT : \\e[0mno \\e[1mluck\\e[0m'\n"
          "echo '         Location : main(), afl-fuzz.c:1'\nexit 1\n");
  EXPECT_EQ(RunToItsEnd("9"), 1);
  EXPECT_NE(Output().find("/target: ended at once: PROGRAM ABORT : no luck ("), std::string::npos)
      << Output();
}

}  // namespace
}  // namespace highmem
