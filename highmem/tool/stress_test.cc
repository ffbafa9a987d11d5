// hm stress, from the command line to the file it writes.

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "highmem/schedule/replay.h"
#include "highmem/tool/hm.h"
#include "highmem/trace/file.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

// Holds as its own schedule says, by its result; false where T2 looks into T1's kmap.
const char kTornCount[] =
    "profile x86_tiny cpus=2\npage A high\npage B high\n"
    "task T1@0:\n  b = kmap B -> pkmap:1\n  kunmap b\n  a = kmap A\n  kunmap a\n"
    "task T2@1:\n  b = kmap B -> pkmap:1\n  check count(B)>=2\n  kunmap b\n  check count(A)!=2\n"
    "schedule:\n  start T1\nexpect pass\n";
const char kSound[] =
    "profile x86_tiny cpus=2\npage A high\npage B high\n"
    "task T1@0:\n  b = kmap B -> pkmap:1\n  kunmap b\n"
    "task T2@1:\n  b = kmap A -> pkmap:2\n  kunmap b\nexpect pass\n";

std::string Path(const std::string& name) {
  return std::string(std::getenv("TEST_TMPDIR")) + "/" + name;
}

std::string Written(const std::string& name, const std::string& text) {
  Trace trace;
  ParseError parse_error;
  EXPECT_TRUE(ParseTrace("#hm 1\n" + text, name, &trace, &parse_error)) << parse_error.Text();
  std::string error;
  EXPECT_TRUE(WriteTraceFile(Path(name), trace, {.overwrite = true}, &error)) << error;
  return Path(name);
}

int Hm(std::vector<std::string> words) {
  words.insert(words.begin(), {"hm", "stress"});
  std::vector<char*> argv;
  argv.reserve(words.size());
  for (std::string& word : words) argv.push_back(word.data());
  return HmMain(static_cast<int>(argv.size()), argv.data());
}

Trace Read(const std::string& path) {
  Trace trace;
  std::string error;
  EXPECT_TRUE(ReadTraceFile(path, &trace, &error)) << error;
  return trace;
}

TEST(Stress, PassesWhatHoldsInEverySchedule) {
  const std::string file = Written("sound.hm", kSound);
  EXPECT_EQ(Hm({file, "--runs", "300"}), 0);
  EXPECT_EQ(Hm({file, "--runs", "300", "--strategy", "pct"}), 0);
}

TEST(Stress, WritesTheRunThatFails) {
  const std::string file = Written("torn.hm", kTornCount);
  for (const char* strategy : {"portfolio", "random", "pct"}) {
    const std::string out = Path(std::string(strategy) + ".hm");
    EXPECT_EQ(Hm({file, "--strategy", strategy, "--out", out, "-f"}), 69) << strategy;
    const Trace trace = Read(out);
    Executor executor;
    Judge judge({.expectations = true});
    ReplayChooser replay;
    EXPECT_EQ(RunOnce(executor, judge, trace, replay).finding.id, FindingId::CHECK) << strategy;
    EXPECT_EQ(replay.dropped(), 0);
    EXPECT_TRUE(trace.expects.empty());

    const std::string again = Path("again.hm");
    EXPECT_EQ(Hm({file, "--strategy", strategy, "--out", again, "-f"}), 69);
    EXPECT_EQ(Read(again), trace) << "same seed, another run";
  }
}

TEST(Stress, SeedsAreDifferentSchedules) {
  const std::string file = Written("torn.hm", kTornCount);
  EXPECT_EQ(Hm({file, "--seed", "1", "--out", Path("one.hm"), "-f"}), 69);
  EXPECT_EQ(Hm({file, "--seed", "2", "--out", Path("two.hm"), "-f"}), 69);
  EXPECT_NE(Read(Path("one.hm")), Read(Path("two.hm")));
}

TEST(Stress, BadUsage) {
  const std::string file = Written("torn.hm", kTornCount);
  EXPECT_EQ(Hm({file, "--strategy", "best"}), 1);
  EXPECT_EQ(Hm({Path("absent.hm")}), 1);
  EXPECT_EQ(Hm({file, "--out", file}), 1) << "overwrites without being told to";
}

}  // namespace
}  // namespace highmem
