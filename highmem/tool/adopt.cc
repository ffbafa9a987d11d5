// hm adopt FILE: a failing trace becomes a regression test, under a telling name.

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "highmem/report/regression.h"
#include "highmem/schedule/litmus.h"
#include "highmem/schedule/record.h"
#include "highmem/tool/commands.h"
#include "highmem/trace/file.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

constexpr int kMostOfOneName = 1000;

struct Options {
  std::string file;
  std::string directory = "corpus/regressions";
  std::string name;
};

bool IsDirectory(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

std::string Contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The first free name; a file that says the same already will do.
int Write(const std::string& stem, const std::string& text) {
  std::string error;
  for (int n = 1; n < kMostOfOneName; n++) {
    const std::string path = stem + (n == 1 ? "" : "_" + std::to_string(n)) + ".hm";
    if (Contents(path) == text) {
      std::printf("%s says the same already\n", path.c_str());
      return 0;
    }
    if (WriteWholeFile(path, text, /*overwrite=*/false, &error)) {
      std::printf("adopted as %s: it holds once the failure is gone\n", path.c_str());
      return 0;
    }
    if (access(path.c_str(), F_OK) != 0) break;
  }
  std::fprintf(stderr, "hm: %s\n", error.c_str());
  return 1;
}

// Fails now, so that it says something once it holds.
bool FailsAsLitmus(const std::string& litmus) {
  Trace test;
  ParseError error;
  Executor executor;
  return ParseTrace(litmus, "", &test, &error) && !RunLitmus(executor, test, {}).holds;
}

int Adopt(const Options& options) {
  Trace trace;
  if (!ReadOrComplain(options.file, &trace)) return 1;
  Executor executor;
  Judge judge({.expectations = true});
  const Finding finding = RecordFirstFailure(executor, judge, &trace);
  const std::string litmus = finding ? RegressionLitmus(trace, finding) : "";
  if (!finding || !FailsAsLitmus(litmus)) {
    std::fprintf(stderr, "hm: %s: no rule is broken; adopt it with the implementation that fails\n",
                 options.file.c_str());
    return 1;
  }
  if (!IsDirectory(options.directory) && mkdir(options.directory.c_str(), 0777) != 0) {
    std::fprintf(stderr, "hm: %s: expected a directory, such as corpus/regressions of the tree\n",
                 options.directory.c_str());
    return 1;
  }
  const std::string name = options.name.empty() ? RegressionName(trace, finding) : options.name;
  return Write(options.directory + "/" + name, litmus);
}

}  // namespace

void AddAdopt(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* cmd = app.add_subcommand("adopt", "Keep a failing trace as a regression test");
  cmd->add_option("FILE", options->file, "failing trace, best a minimized one")->required();
  cmd->add_option("--dir", options->directory, "where to (corpus/regressions)");
  cmd->add_option("--name", options->name, "of the file, without .hm (rule_op_machine)");
  cmd->callback([options, exit_code] { *exit_code = Adopt(*options); });
}

}  // namespace highmem
