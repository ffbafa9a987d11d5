// What hm makes of a failing trace: explain, export, adopt, removals; events and diff.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "highmem/tool/hm.h"

namespace highmem {
namespace {

// Nothing can be taken away from it.
const char kDeadlock[] =
    "#hm 1\nprofile x86_tiny1 cpus=1 low_pages=1 high_pages=1 page_size=8 line_size=4 km_max_idx=3 "
    "hash_buckets=1 spec_fills=0 cache_evicts=0 tlb_evicts=0\npage A high\nlane misuse\n"
    "task T1@0:\n  a = kmap A\nirq H2@0 x1:\n  kunmap A\n"
    "schedule:\n  at T1.1 unlock -> H2\n";
const char kPass[] =
    "#hm 1\nprofile x86_tiny cpus=1\npage A high\ntask T1@0:\n  a = kmap A\n  kunmap a\n";

std::string Path(const std::string& name) {
  return std::string(std::getenv("TEST_TMPDIR")) + "/" + name;
}

std::string Written(const std::string& name, const std::string& text) {
  std::ofstream(Path(name)) << text;
  return Path(name);
}

std::string Contents(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Said {
  int code;
  std::string out;
};

Said Hm(std::vector<std::string> words) {
  words.insert(words.begin(), "hm");
  std::vector<char*> argv;
  argv.reserve(words.size());
  for (std::string& word : words) argv.push_back(word.data());
  testing::internal::CaptureStdout();
  const int code = HmMain(static_cast<int>(argv.size()), argv.data());
  std::fflush(stdout);
  return {code, testing::internal::GetCapturedStdout()};
}

TEST(FailingRun, ExplainSaysWhatARunNeeds) {
  const Said said = Hm({"explain", Written("deadlock.hm", kDeadlock)});
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(said.out.rfind("FAIL L1 ", 0), 0u) << said.out;
  EXPECT_NE(said.out.find("\nturns "), std::string::npos) << said.out;
  EXPECT_EQ(Hm({"explain", Written("pass.hm", kPass)}).code, 1);
}

TEST(FailingRun, LitmusShowsWhy) {
  const std::string file = Written("deadlock.hm", kDeadlock);
  const Said said = Hm({"litmus", file, Written("pass.hm", kPass)});
  EXPECT_NE(said.code, 0);
  EXPECT_EQ(said.out.rfind("FAIL  " + file + ": ", 0), 0u) << said.out;
  EXPECT_NE(said.out.find("\nFAIL L1 "), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("<- HERE"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("\npass  "), std::string::npos) << said.out;
}

TEST(FailingRun, ExportWritesWhatItIsAskedFor) {
  const std::string file = Written("deadlock.hm", kDeadlock);
  for (const auto& [as, begin] :
       std::vector<std::pair<std::string, std::string>>{{"html", "<!DOCTYPE html>"},
                                                        {"json", "{\n \"format\""},
                                                        {"trace-events", "{\n \"displayTimeUnit\""},
                                                        {"litmus", "#hm 1\n# Failed as: "},
                                                        {"googletest", "// "},
                                                        {"line", "hm1:profile "}}) {
    const std::string out = Path("out." + as);
    EXPECT_EQ(Hm({"export", file, "--as", as, "-o", out}).code, 0) << as;
    EXPECT_EQ(Contents(out).rfind(begin, 0), 0u) << Contents(out).substr(0, 100);
    EXPECT_EQ(Hm({"export", file, "--as", as, "-o", out}).code, 1) << "overwrites unasked";
  }
  EXPECT_EQ(Hm({"export", Written("pass.hm", kPass)}).code, 1);
}

// A trace in one line is taken where a file is.
TEST(FailingRun, OneLineStandsForAFile) {
  Said line = Hm({"export", Written("deadlock.hm", kDeadlock), "--as", "line"});
  line.out.pop_back();
  EXPECT_EQ(Hm({"replay", line.out}).code, 67);
}

TEST(FailingRun, AdoptNamesTheFileAndKeepsWhatIsThere) {
  const std::string file = Written("deadlock.hm", kDeadlock), dir = Path("regressions");
  EXPECT_EQ(Hm({"adopt", file, "--dir", dir}).code, 0);
  const std::string adopted = dir + "/l1_kunmap_x86_tiny1.hm";
  EXPECT_NE(Contents(adopted).find("\nexpect pass\n"), std::string::npos);
  EXPECT_NE(Hm({"adopt", file, "--dir", dir}).out.find("says the same already"), std::string::npos);
  Written("regressions/l1_kunmap_x86_tiny1.hm", "another");
  EXPECT_EQ(Hm({"adopt", file, "--dir", dir}).code, 0);
  EXPECT_EQ(Contents(adopted), "another");
  EXPECT_NE(Contents(dir + "/l1_kunmap_x86_tiny1_2.hm"), "");
  EXPECT_EQ(Hm({"adopt", Written("pass.hm", kPass), "--dir", dir}).code, 1);
}

TEST(FailingRun, RemovalsTellsWhatIsMinimal) {
  EXPECT_EQ(Hm({"removals", Written("deadlock.hm", kDeadlock)}).code, 0);
  std::string more = kDeadlock;
  more.insert(more.find("  a = kmap A"), "  yield\n");
  more.replace(more.find("T1.1"), 4, "T1.2");
  const Said said = Hm({"removals", Written("more.hm", more)});
  EXPECT_EQ(said.code, 69);
  EXPECT_NE(said.out.find("fails in the same way without line 6, `  yield`"), std::string::npos)
      << said.out;
}

TEST(FailingRun, DiffNamesTheFirstEventThatDiffers) {
  const std::string file = Written("pass.hm", kPass);
  const Said equal = Hm({"diff", "x86_tiny", "x86_tiny", file});
  EXPECT_EQ(equal.code, 0);
  EXPECT_EQ(equal.out.rfind("equal: ", 0), 0u) << equal.out;
  const Said other = Hm({"diff", "x86_tiny", "x86_tiny1", file});
  EXPECT_EQ(other.code, 69);
  EXPECT_NE(other.out.find("\nA   CPU0 T1 pkmap_cursor  "), std::string::npos) << other.out;
  EXPECT_NE(other.out.find("\nB   CPU0 T1 "), std::string::npos) << other.out;
  EXPECT_EQ(Hm({"diff", "x86_tiny", "no_such_machine", file}).code, 1);
}

TEST(FailingRun, EventsAreALineEach) {
  const Said said = Hm({"events", Written("pass.hm", kPass)});
  EXPECT_EQ(said.code, 0);
  EXPECT_NE(said.out.find("CPU0 T1 pkmap_count  slot 1, count before 0, count 1\n"),
            std::string::npos)
      << said.out;
  EXPECT_EQ(Hm({"events", Path("pass.hm"), "--profile", "no_such_machine"}).code, 1);
}

}  // namespace
}  // namespace highmem
