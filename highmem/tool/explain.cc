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
  ExplainOptions explain;
  explain.odds = options.odds;
  explain.report.file = options.file;
  explain.report.tty = isatty(STDOUT_FILENO) != 0;
  explain.report.judge = {.only = options.only, .expectations = WantsExpectations(options.only)};
  const std::string text = Explain(trace, explain);
  if (text.empty()) {
    std::fprintf(stderr, "hm: %s: no rule is broken, there is nothing to explain\n",
                 options.file.c_str());
    return 1;
  }
  std::fputs(text.c_str(), stdout);
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
