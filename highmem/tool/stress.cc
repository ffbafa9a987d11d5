// hm stress FILE: the programs of a trace under many schedules; the first run that breaks a rule.

#include <cstdio>

#include "highmem/report/report.h"
#include "highmem/schedule/portfolio.h"
#include "highmem/schedule/record.h"
#include "highmem/schedule/replay.h"
#include "highmem/tool/commands.h"
#include "highmem/trace/file.h"
#include "highmem/trace/forget.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

struct Options {
  std::string file;
  std::string out;
  std::string strategy = "portfolio";
  uint64_t runs = 10'000;
  uint64_t seed = 1;
  bool force = false;
  FindingId only = FindingId::kNone;
};

Mix MixOf(const std::string& strategy) {
  if (strategy == "random") return Mix::random;
  return strategy == "pct" ? Mix::pct : Mix::portfolio;
}

// The run that failed once more, for its decisions. `chooser` is about to make it.
int ReportRun(const Trace& trace, Chooser& chooser, const Finding& finding, const std::string& run,
              const Options& options) {
  Executor executor;
  Judge judge(JudgeOf(options.only));
  ReplayChooser replay;
  const Trace recorded = RecordRun(executor, trace, nullptr, chooser);
  if (!RunOnce(executor, judge, recorded, replay).finding) {
    // The limit named in schedule/record.h.
    std::printf("FAIL %s\n%s; no list of decisions brings it back\n",
                Sentence(finding, trace).c_str(), run.c_str());
    return Info(finding.id).exit_code;
  }
  const ReportOptions report = {
      .file = options.out, .notes = {run}, .judge = JudgeOf(options.only)};
  std::fputs(TerminalReport(recorded, judge.finding(), report).c_str(), stdout);
  std::string error;
  if (!options.out.empty() &&
      !WriteTraceFile(options.out, recorded, {.overwrite = options.force}, &error)) {
    std::fprintf(stderr, "hm: %s\n", error.c_str());
    return 1;
  }
  return Info(judge.finding().id).exit_code;
}

int Stress(const Options& options) {
  Trace trace;
  if (!ReadOrComplain(options.file, &trace)) return 1;
  ForgetExpectations(&trace);
  Executor executor;
  Judge judge(JudgeOf(options.only));
  PortfolioChooser chooser(options.seed, MixOf(options.strategy));
  for (uint64_t i = 1; i <= options.runs; i++) {
    PortfolioChooser before = chooser;
    if (!RunOnce(executor, judge, trace, chooser).finding) continue;
    const std::string run = "run " + std::to_string(i) + " of " + std::to_string(options.runs) +
                            ", seed " + std::to_string(options.seed) + ", " + chooser.picked();
    return ReportRun(trace, before, judge.finding(), run, options);
  }
  std::printf("pass  %s  %llu schedules, seed %llu\n", options.file.c_str(),
              static_cast<unsigned long long>(options.runs),
              static_cast<unsigned long long>(options.seed));
  return 0;
}

}  // namespace

void AddStress(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* cmd = app.add_subcommand("stress", "Run a trace's programs under many schedules");
  cmd->add_option("FILE", options->file, "trace; its own schedule and expectations are left out")
      ->required();
  cmd->add_option("--strategy", options->strategy,
                  "random walk, pct (depth 1 to 4), or both and more")
      ->check(CLI::IsMember({"portfolio", "random", "pct"}));
  cmd->add_option("--runs", options->runs, "how many schedules (10000)");
  cmd->add_option("--seed", options->seed, "of the schedules (1)");
  cmd->add_option("-o,--out", options->out, "write the run that breaks a rule here, as a trace");
  cmd->add_flag("-f,--force", options->force, "overwrite the output");
  AddOnly(cmd, &options->only);
  cmd->callback([options, exit_code] { *exit_code = Stress(*options); });
}

}  // namespace highmem
