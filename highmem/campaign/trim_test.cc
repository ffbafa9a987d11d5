#include "highmem/campaign/trim.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "highmem/campaign/files.h"
#include "highmem/campaign/status.h"

namespace highmem {
namespace {

namespace fs = std::filesystem;

class TrimTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(mkdtemp(root_.data()), nullptr);
    std::string error;
    ASSERT_TRUE(MakeDirectory(Corpus(), &error)) << error;
  }
  std::string Corpus() const { return root_ + "/corpus"; }
  std::string Dir() const { return root_ + "/trim"; }
  void Add(const std::string& name, const std::string& bytes) {
    std::string error;
    ASSERT_TRUE(WriteAll(Corpus() + "/" + name, bytes, &error)) << error;
  }
  void Ran(const std::string& bytes, const std::vector<int>& cells) {
    std::string error;
    ASSERT_TRUE(AppendTo(Dir() + "/inputs", PrintInputCells({HashOf(bytes), cells}), &error));
  }
  void Begin(Trim* trim) {
    std::string error;
    ASSERT_TRUE(trim->Begin(Corpus(), Dir(), &error)) << error;
  }
  std::multiset<std::string> Contents() const {
    std::multiset<std::string> contents;
    for (const auto& file : fs::directory_iterator(Corpus()))
      contents.insert(ReadAll(file.path().string()));
    return contents;
  }

  std::string root_ = testing::TempDir() + "/trim-XXXXXX";
};

TEST_F(TrimTest, KeepsTheSmallestForEachCellAndWhatTheCodeNeeds) {
  for (const char* bytes : {"a", "bb", "ccc", "dddd", "eeeee"}) Add(bytes, bytes);
  Add("a again", "a");
  Trim trim;
  Begin(&trim);
  Ran("", {9});  // an engine's own
  Ran("dddd", {1, 2, 3});
  Ran("ccc", {2, 3});
  Ran("a", {});
  Ran("bb", {3});
  Ran("eeeee", {1});
  std::string error;
  EXPECT_TRUE(trim.End({HashOf("eeeee")}, &error)) << error;
  EXPECT_EQ(Contents(), (std::multiset<std::string>{"bb", "ccc", "dddd", "eeeee"}));
  EXPECT_TRUE(fs::exists(Corpus() + "/" + HashOf("bb")));
}

TEST_F(TrimTest, SomethingThatTellsNothingIsNoJudge) {
  for (const char* bytes : {"a", "bb"}) Add(bytes, bytes);
  Trim trim;
  Begin(&trim);
  std::string error;
  EXPECT_TRUE(trim.End({}, &error)) << error;
  EXPECT_EQ(Contents(), (std::multiset<std::string>{"a", "bb"}));
}

TEST_F(TrimTest, WhatWasHalfWrittenStays) {
  Add("new", "ha");
  Add("old", "o");
  Trim trim;
  Begin(&trim);
  Add("new", "half");
  Ran("ha", {1});
  Ran("o", {1});
  std::string error;
  EXPECT_TRUE(trim.End({}, &error)) << error;
  EXPECT_EQ(Contents(), (std::multiset<std::string>{"o", "half"}));
}

TEST_F(TrimTest, OthersFuzzMeanwhile) {
  Add("small", "s");
  Add("large", "large");
  Add("unrun", "it has crashed");
  Trim trim;
  Begin(&trim);
  Ran("s", {1});
  Ran("large", {1});
  fs::remove(Corpus() + "/small");  // by its fuzzer, which has found a smaller one
  fs::remove(Corpus() + "/large");
  Add("new", "new");
  std::string error;
  EXPECT_TRUE(trim.End({}, &error)) << error;
  EXPECT_EQ(Contents(), (std::multiset<std::string>{"it has crashed", "new", "s"}));
}

TEST_F(TrimTest, WhereNoCellsAreKnownTheCodeDecides) {
  Add("one", "1");
  Add("two", "2");
  Trim trim;
  Begin(&trim);
  std::string error;
  EXPECT_TRUE(trim.End({HashOf("2")}, &error)) << error;
  EXPECT_EQ(Contents(), (std::multiset<std::string>{"2"}));
}

// Every second input is needed; killed at any moment, all of those are there.
TEST_F(TrimTest, AKillLosesNothing) {
  constexpr int kInputs = 60;
  bool in_the_middle = false, ended = false;
  for (double patience = 100; !ended; patience *= 1.4) {  // in microseconds
    std::set<std::string> needed;
    for (int i = 0; i < kInputs; i++) {
      Add(std::to_string(i), std::to_string(i));
      if (i % 2 == 0) needed.insert(HashOf(std::to_string(i)));
    }
    const pid_t child = fork();
    if (child == 0) {
      Trim trim;
      std::string error;
      _exit(trim.Begin(Corpus(), Dir(), &error) && raise(SIGSTOP) == 0 && trim.End(needed, &error)
                ? 0
                : 1);
    }
    int status = 0;
    waitpid(child, &status, WUNTRACED);
    kill(child, SIGCONT);
    usleep(static_cast<useconds_t>(patience));
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    const std::multiset<std::string> left = Contents();
    for (int i = 0; i < kInputs; i += 2) ASSERT_GE(left.count(std::to_string(i)), 1u) << patience;
    ended = WIFEXITED(status);
    if (ended) {
      EXPECT_EQ(WEXITSTATUS(status), 0);
      EXPECT_EQ(left.size(), kInputs / 2u);
    } else {
      in_the_middle |= left.size() != kInputs;
    }
  }
  EXPECT_TRUE(in_the_middle) << "no kill came in the middle";
}

}  // namespace
}  // namespace highmem
