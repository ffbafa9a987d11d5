// Rules about files that no compiler checks: floors, length, white space.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int kMaxLines = 400;
constexpr int kMaxColumns = 100;
constexpr int kOracles = 4;

struct Floor {
  std::string_view directory;
  int level;
};

// A file includes its own floor and those below.
constexpr std::array<Floor, 16> kFloors = {{
    {"highmem/machine/", 0},
    {"highmem/kernel/", 1},
    {"highmem/kmap/", 2},
    {"highmem/trace/", 3},
    {"highmem/model/", kOracles},
    {"highmem/check/", kOracles},
    {"highmem/verdict/", 5},
    {"highmem/schedule/", 6},
    {"highmem/shrink/", 7},
    {"highmem/report/", 7},
    {"highmem/explain/", 7},
    {"highmem/campaign/", 7},
    {"highmem/tool/", 8},
    {"fuzz/", 9},
    {"properties/", 9},
    {"ci/", 9},
}};

const Floor* FindFloor(std::string_view path) {
  const auto* floor = std::find_if(kFloors.begin(), kFloors.end(), [path](const Floor& f) {
    return path.starts_with(f.directory);
  });
  return floor == kFloors.end() ? nullptr : floor;
}

bool MayInclude(const Floor& from, const Floor& to) {
  if (from.level == kOracles && to.level == kOracles) {
    return from.directory == to.directory;  // The two oracles do not know each other.
  }
  return to.level <= from.level;
}

// The X of `#include "X"`, else "".
std::string_view IncludedPath(std::string_view line) {
  constexpr std::string_view kInclude = "#include \"";
  if (!line.starts_with(kInclude)) return "";
  line.remove_prefix(kInclude.size());
  return line.substr(0, line.find('"'));
}

// "" if `path` may contain `line`.
std::string IncludeProblem(std::string_view path, std::string_view line) {
  const Floor* from = FindFloor(path);
  const Floor* to = FindFloor(IncludedPath(line));
  if (from == nullptr || to == nullptr || MayInclude(*from, *to)) return "";
  return std::string(from->directory) + " may not include " + std::string(to->directory);
}

int Columns(std::string_view line) {
  // In UTF-8, all bytes of a character but the first are 10xxxxxx.
  return static_cast<int>(
      std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::vector<std::string> LineProblems(std::string_view path, std::string_view line) {
  std::vector<std::string> problems;
  if (Columns(line) > kMaxColumns) {
    problems.push_back("more than " + std::to_string(kMaxColumns) + " columns");
  }
  if (line.find('\t') != std::string_view::npos) problems.emplace_back("tab");
  if (!line.empty() && line.back() == ' ') problems.emplace_back("trailing space");
  std::string include = IncludeProblem(path, line);
  if (!include.empty()) problems.push_back(std::move(include));
  return problems;
}

bool IsCpp(const std::filesystem::path& path) {
  return path.extension() == ".cc" || path.extension() == ".h" || path.extension() == ".def";
}

bool IsBuild(const std::filesystem::path& path) {
  return path.extension() == ".bzl" || path.filename() == "BUILD";
}

// One "path:line: problem" each.
std::vector<std::string> Problems(const std::string& path, const std::string& text) {
  std::vector<std::string> problems;
  std::istringstream stream(text);
  std::string line;
  int number = 0;
  while (std::getline(stream, line)) {
    ++number;
    for (const std::string& problem : LineProblems(path, line)) {
      std::ostringstream where;
      where << path << ":" << number << ": " << problem;
      problems.push_back(where.str());
    }
  }
  if (IsCpp(path) && number > kMaxLines) {
    problems.push_back(path + ": more than " + std::to_string(kMaxLines) + " lines");
  }
  if (path.find('/') != std::string::npos && IsCpp(path) && FindFloor(path) == nullptr) {
    problems.push_back(path + ": on no floor; see kFloors in ci/layout_test.cc");
  }
  return problems;
}

std::string Read(const std::filesystem::path& path) {
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(Layout, IncludesGoDown) {
  EXPECT_THAT(Problems("highmem/kmap/a.cc", "#include \"highmem/kernel/b.h\"\n"), IsEmpty());
  EXPECT_THAT(Problems("highmem/kmap/a.cc", "#include \"highmem/kmap/b.h\"\n"), IsEmpty());
  EXPECT_THAT(Problems("highmem/kmap/a.cc", "#include \"gtest/gtest.h\"\n"), IsEmpty());
  EXPECT_THAT(Problems("highmem/report/a.cc", "#include \"highmem/shrink/b.h\"\n"), IsEmpty());
  EXPECT_THAT(Problems("highmem/kmap/a.cc", "\n#include \"highmem/trace/b.h\"\n"),
              ElementsAre("highmem/kmap/a.cc:2: highmem/kmap/ may not include highmem/trace/"));
  EXPECT_THAT(Problems("highmem/model/a.cc", "#include \"highmem/check/b.h\"\n"),
              ElementsAre("highmem/model/a.cc:1: highmem/model/ may not include highmem/check/"));
}

TEST(Layout, EveryDirectoryIsOnAFloor) {
  EXPECT_THAT(Problems("hm.cc", "\n"), IsEmpty());
  EXPECT_THAT(Problems("highmem/new/a.cc", "\n"),
              ElementsAre("highmem/new/a.cc: on no floor; see kFloors in ci/layout_test.cc"));
}

TEST(Layout, FilesAndLinesAreShort) {
  const std::string lines(kMaxLines, '\n');
  EXPECT_THAT(Problems("ci/a.cc", lines), IsEmpty());
  EXPECT_THAT(Problems("ci/a.cc", lines + "\n"), ElementsAre("ci/a.cc: more than 400 lines"));
  const std::string line(kMaxColumns - 1, 'x');
  EXPECT_THAT(Problems("ci/BUILD", line + "\u00fc"), IsEmpty());
  EXPECT_THAT(Problems("ci/BUILD", line + "xx"), ElementsAre("ci/BUILD:1: more than 100 columns"));
}

TEST(Layout, WhiteSpace) {
  EXPECT_THAT(Problems("ci/BUILD", "\t# \n"),
              ElementsAre("ci/BUILD:1: tab", "ci/BUILD:1: trailing space"));
}

TEST(Layout, Repository) {
  std::set<std::filesystem::path> files, generated;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(".")) {
    const std::filesystem::path path = entry.path().lexically_normal();
    if (entry.is_regular_file() && (IsCpp(path) || IsBuild(path))) files.insert(path);
    if (path.extension() == ".inc") generated.insert(path);
  }
  EXPECT_THAT(files, Contains("ci/layout_test.cc"));

  std::string problems;
  for (const std::filesystem::path& path : files) {
    const std::string text = Read(path);
    for (const std::string& problem : Problems(path.string(), text)) problems += problem + "\n";

    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
      const std::string included(IncludedPath(line));
      if (FindFloor(included) == nullptr || files.contains(included) ||
          generated.contains(included))
        continue;
      problems += path.string();
      problems += ": " + included + " is in no package of _PACKAGES in ci/BUILD\n";
    }
  }
  EXPECT_TRUE(problems.empty()) << problems;
}

}  // namespace
