#include "highmem/trace/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "highmem/trace/container.h"
#include "highmem/trace/text.h"
#include "highmem/trace/trace_gen_for_test.h"

namespace highmem {
namespace {

using testing::StartsWith;

constexpr char kText[] = "#hm 1\nprofile x86_tiny\npage A high\ntask T1@0:\n  kmap A -> pkmap:1\n";

class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/highmem_file_test_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string Path(const std::string& name) const { return directory_ + "/" + name; }
  std::string Put(const std::string& name, const std::string& bytes) const {
    std::ofstream(Path(name), std::ios::binary) << bytes;
    return Path(name);
  }
  static std::string Get(const std::string& path) {
    std::ostringstream bytes;
    bytes << std::ifstream(path, std::ios::binary).rdbuf();
    return bytes.str();
  }
  size_t FilesThere() const {
    size_t files = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory_))
      files++;
    return files;
  }

  void ExpectComesBack(const Trace& t, TraceForm form, const std::string& head) const {
    const std::string path = Path("trace");
    Trace back;
    std::string error;
    EXPECT_TRUE(WriteTraceFile(path, t, {form, true}, &error)) << error;
    EXPECT_TRUE(ReadTraceFile(path, &back, &error)) << error;
    EXPECT_EQ(back, t);
    EXPECT_THAT(Get(path), StartsWith(head));
  }

  // The error without the path that must stand before it.
  static std::string ReadError(const std::string& path) {
    Trace trace;
    trace.misuse = true;
    std::string error;
    EXPECT_FALSE(ReadTraceFile(path, &trace, &error));
    EXPECT_EQ(trace, Trace());
    EXPECT_THAT(error, StartsWith(path + ":"));
    EXPECT_EQ(error.find('\n'), std::string::npos);
    return error.substr(path.size() + 1);
  }
  static std::string WriteError(const std::string& path, const WriteOptions& options) {
    std::string error;
    EXPECT_FALSE(WriteTraceFile(path, TraceGenerator(1).Next(), options, &error));
    EXPECT_THAT(error, StartsWith(path + ": "));
    return error.substr(path.size() + 2);
  }

  std::string directory_;
};

TEST_F(FileTest, BothFormsComeBack) {
  for (uint64_t seed = 0; seed < 20; seed++) {
    const Trace t = TraceGenerator(seed).Next();
    ExpectComesBack(t, TraceForm::text, "#hm ");
    ExpectComesBack(t, TraceForm::container, "HMT1");
  }
  EXPECT_EQ(FilesThere(), 1u);
}

TEST_F(FileTest, ReadErrors) {
  EXPECT_EQ(ReadError(Path("absent")), " cannot open: No such file or directory");
  EXPECT_EQ(ReadError(directory_), " expected a trace, found a directory");
  EXPECT_EQ(ReadError(Put("empty", "")), " expected a trace, found an empty file");
  EXPECT_EQ(ReadError(Put("garbage", std::string("\x7f"
                                                 "ELF\0\1",
                                                 6))),
            " expected a text that begins with '#hm 1' or a container that begins with 'HMT1', "
            "found neither");
  EXPECT_EQ(ReadError(Put("prose", "Dear reader,\n")),
            "1:1: expected '#hm 1', found 'Dear reader,'");
  EXPECT_EQ(ReadError(Put("typo", std::string(kText) + "  kmpa A\n")).substr(0, 4), "6:3:");
  EXPECT_EQ(ReadError(Put("cut", std::string(kText, sizeof(kText) - 4))),
            "5:18: expected ':', found end of line");
  EXPECT_EQ(ReadError(Put("half a magic", "HM")), " expected the magic bytes 'HMT1', found others");
}

TEST_F(FileTest, UnreadableFiles) {
  // Opens, but nothing is mapped at its beginning; unlike a mode, that holds for root as well.
  EXPECT_EQ(ReadError("/proc/self/mem"), " cannot read: Input/output error");
  if (geteuid() == 0) return;
  const std::string path = Put("locked", kText);
  chmod(path.c_str(), 0);
  EXPECT_EQ(ReadError(path), " cannot open: Permission denied");
}

TEST_F(FileTest, SixteenMebibytesAreTheMost) {
  std::string text = kText;
  text += '#';
  text.append(kLongestTraceFile - text.size(), 'x');
  Trace trace;
  std::string error;
  EXPECT_TRUE(ReadTraceFile(Put("full", text), &trace, &error)) << error;
  EXPECT_EQ(ReadError(Put("fuller", text + "\n")), " expected at most 16 MiB, found more");
  EXPECT_EQ(ReadError("/dev/zero"), " expected at most 16 MiB, found more");
}

TEST_F(FileTest, TruncatedContainersAreRefusedAtEveryByte) {
  const std::string bytes = EncodeContainer(TraceGenerator(5).Next());
  for (size_t size = 1; size < bytes.size(); size += size < 40 ? 1 : 37)
    EXPECT_FALSE(ReadError(Put("cut", bytes.substr(0, size))).empty());
}

TEST_F(FileTest, PipesAreRead) {
  const std::string path = Path("pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const pid_t child = fork();
  if (child == 0) {
    std::ofstream(path) << kText;
    _exit(0);
  }
  Trace trace;
  std::string error;
  EXPECT_TRUE(ReadTraceFile(path, &trace, &error)) << error;
  EXPECT_EQ(PrintTrace(trace), kText);
  waitpid(child, nullptr, 0);
}

TEST_F(FileTest, WritingKeepsWhatIsThereUnlessTold) {
  const std::string path = Put("mine", "precious");
  EXPECT_EQ(WriteError(path, {}), "cannot write: it exists already");
  EXPECT_EQ(Get(path), "precious");
  std::string error;
  EXPECT_TRUE(WriteTraceFile(path, TraceGenerator(1).Next(), {TraceForm::text, true}, &error));
  EXPECT_THAT(Get(path), StartsWith("#hm 1\n"));
  EXPECT_EQ(FilesThere(), 1u);
  const std::string dangling = Path("link");
  ASSERT_EQ(symlink("/nowhere/at/all", dangling.c_str()), 0);
  EXPECT_EQ(WriteError(dangling, {}), "cannot write: it exists already");
}

TEST_F(FileTest, WriteErrorsLeaveNothingBehind) {
  EXPECT_EQ(WriteError(Path("absent/trace"), {}), "cannot write: No such file or directory");
  EXPECT_EQ(WriteError(directory_, {TraceForm::text, true}), "cannot write: it is a directory");
  EXPECT_EQ(WriteError("/dev/null/trace", {}), "cannot write: Not a directory");
  EXPECT_EQ(FilesThere(), 0u);
}

TEST_F(FileTest, AFullDiskLeavesNothingBehind) {
  const std::string path = Put("mine", "precious");
  rlimit before;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small = {20, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string error = WriteError(path, {TraceForm::text, true});
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(error, "cannot write: File too large");
  EXPECT_EQ(Get(path), "precious");
  EXPECT_EQ(FilesThere(), 1u);
}

TEST_F(FileTest, NewFilesFollowTheUmask) {
  const mode_t before = umask(027);
  std::string error;
  EXPECT_TRUE(WriteTraceFile(Path("new"), TraceGenerator(1).Next(), {}, &error)) << error;
  umask(before);
  struct stat info;
  ASSERT_EQ(stat(Path("new").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640u);
}

TEST_F(FileTest, ALeftoverTemporaryFileIsNoObstacle) {
  const std::string leftover = Path("new.tmp-" + std::to_string(getpid()) + "-0");
  std::ofstream(leftover) << "x";
  std::string error;
  EXPECT_TRUE(WriteTraceFile(Path("new"), TraceGenerator(1).Next(), {}, &error)) << error;
  EXPECT_EQ(Get(leftover), "x");
}

}  // namespace
}  // namespace highmem
