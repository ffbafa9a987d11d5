// hm litmus FILE...: judges what each file expects; one line each, and a report where a rule is
// broken.

#include "highmem/schedule/litmus.h"

#include <cstdio>

#include "highmem/report/report.h"
#include "highmem/tool/commands.h"
#include "highmem/trace/negate.h"

namespace highmem {
namespace {

struct Options {
  std::vector<std::string> files;
  bool negate = false;
  bool quiet = false;
};

int JudgeFiles(const Options& options) {
  int worst = 0;
  Executor executor;
  for (const std::string& file : options.files) {
    Trace trace;
    if (!ReadOrComplain(file, &trace)) return 1;
    const LitmusOutcome out = RunLitmus(executor, trace, {});
    if (!out.holds) {
      std::printf("FAIL  %s: %s\n", file.c_str(), out.why.c_str());
      if (out.finding)
        std::fputs(TerminalReport(trace, out.finding, {.file = file}).c_str(), stdout);
      worst = ExitCode(out);
    } else if (!options.quiet) {
      std::printf("pass  %s\n", file.c_str());
    }
  }
  return worst;
}

// Every expectation of every file, negated one at a time, must make the file fail.
int JudgeNegations(const Options& options) {
  int survivors = 0;
  size_t total = 0;
  Executor executor;
  for (const std::string& file : options.files) {
    Trace trace;
    if (!ReadOrComplain(file, &trace)) return 1;
    const size_t before = total;
    ForEachNegation(trace, [&](const Trace& negated, const std::string& what) {
      total++;
      if (!RunLitmus(executor, negated, {}).holds) return;
      std::printf("FAIL  %s: holds although negated: %s\n", file.c_str(), what.c_str());
      survivors++;
    });
    if (total == before) {
      std::printf("FAIL  %s: expects nothing\n", file.c_str());
      survivors++;
    }
  }
  std::printf("%zu negated expectations, %d of them still hold\n", total, survivors);
  return survivors == 0 ? 0 : 69;
}

}  // namespace

void AddLitmus(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* cmd = app.add_subcommand("litmus", "Judge litmus files");
  cmd->add_option("FILES", options->files, "litmus files")->required();
  cmd->add_flag("--negate", options->negate, "negate every expectation in turn: each must fail");
  cmd->add_flag("-q,--quiet", options->quiet, "say nothing of files that hold");
  cmd->callback([options, exit_code] {
    *exit_code = options->negate ? JudgeNegations(*options) : JudgeFiles(*options);
  });
}

}  // namespace highmem
