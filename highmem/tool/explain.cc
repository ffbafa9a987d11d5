// hm explain FILE: the report of a failing trace, with what experiments on it say.

#include "highmem/explain/explain.h"

#include <unistd.h>

#include <cstdio>

#include "highmem/tool/commands.h"
#include "highmem/trace/file.h"

namespace highmem {
namespace {

struct Options {
  std::string file;
  OddsOptions odds;
  FindingId only = FindingId::kNone;
};

int ExplainFile(const Options& options) {
  Trace trace;
  if (!ReadOrComplain(options.file, &trace)) return 1;
  const JudgeOptions judge = JudgeOf(options.only);
  const Explanation explanation = ExplainFailure(trace, judge, options.odds);
  if (!explanation.finding) {
    std::fprintf(stderr, "hm: %s: no rule is broken, there is nothing to explain\n",
                 options.file.c_str());
    return 1;
  }
  const ReportOptions report = {
      .file = options.file, .table = {.tty = isatty(STDOUT_FILENO) != 0}, .judge = judge};
  std::fputs(ExplanationReport(explanation, report).c_str(), stdout);
  return 0;
}

}  // namespace

void AddExplain(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* cmd = app.add_subcommand("explain", "Say why a trace fails, and what would save it");
  cmd->add_option("FILE", options->file, "failing trace, best a minimized one")->required();
  cmd->add_option("--continuations", options->odds.continuations,
                  "random ways on from each step (256)")
      ->check(CLI::Range(1, 1'000'000));
  cmd->add_option("--seed", options->odds.seed, "of these (1)");
  AddOnly(cmd, &options->only);
  cmd->callback([options, exit_code] { *exit_code = ExplainFile(*options); });
}

}  // namespace highmem
