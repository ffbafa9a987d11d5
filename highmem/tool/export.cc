// hm export FILE: a failing run for browsers, for other programs, and as a test that stays.

#include "highmem/report/export.h"

#include <cstdio>

#include "highmem/explain/explain.h"
#include "highmem/report/regression.h"
#include "highmem/schedule/record.h"
#include "highmem/tool/commands.h"
#include "highmem/trace/file.h"
#include "highmem/trace/one_line.h"

namespace highmem {
namespace {

struct Options {
  std::string file;
  std::string out;
  std::string as = "html";
  bool force = false;
  FindingId only = FindingId::kNone;
};

bool IsExplained(const Options& options) { return options.as == "html" || options.as == "json"; }

std::string Exported(const Explanation& explanation, const Options& options) {
  const Trace& trace = explanation.trace;
  const Finding& finding = explanation.finding;
  if (options.as == "litmus") return RegressionLitmus(trace, finding);
  if (options.as == "googletest") return RegressionGoogleTest(trace, finding);
  Executor executor;
  const uint64_t turns = explanation.odds.point_of_no_return();
  const Recording recording = RecordState(executor, trace, finding, turns);
  if (options.as == "trace-events") return RunAsTraceEvents(trace, finding, recording);
  const ExportOptions run = {.file = options.file,
                             .fails = FailsColumn(explanation),
                             .turns = turns,
                             .remarks = explanation.remarks};
  return options.as == "json" ? RunAsJson(trace, finding, recording, run)
                              : RunAsPage(trace, finding, recording, run);
}

// Without the experiments where they do not show.
Explanation Failure(const Trace& trace, const Options& options) {
  const JudgeOptions judge_options = JudgeOf(options.only);
  if (IsExplained(options)) return ExplainFailure(trace, judge_options);
  Explanation failure;
  failure.trace = trace;
  Executor executor;
  Judge judge(judge_options);
  failure.finding = RecordFirstFailure(executor, judge, &failure.trace);
  return failure;
}

int Export(const Options& options) {
  Trace trace;
  if (!ReadOrComplain(options.file, &trace)) return 1;
  if (options.as == "line")
    return WriteOrPrint(PrintOneLine(trace) + "\n", options.out, options.force);
  const Explanation failure = Failure(trace, options);
  if (!failure.finding) {
    std::fprintf(stderr, "hm: %s: no rule is broken, there is no failing run to export\n",
                 options.file.c_str());
    return 1;
  }
  return WriteOrPrint(Exported(failure, options), options.out, options.force);
}

}  // namespace

void AddExport(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* cmd = app.add_subcommand("export", "Write a failing run in another form");
  cmd->add_option("FILE", options->file, "failing trace")->required();
  cmd->add_option("--as", options->as,
                  "html: a page with lanes and state at every step (default); json: the same as "
                  "data; trace-events: for Perfetto and chrome://tracing; litmus, googletest: a "
                  "test that holds once the failure is gone; line: the trace in one line")
      ->check(CLI::IsMember({"html", "json", "trace-events", "litmus", "googletest", "line"}));
  cmd->add_option("-o,--out", options->out, "file to write (standard output)");
  cmd->add_flag("-f,--force", options->force, "overwrite OUT");
  AddOnly(cmd, &options->only);
  cmd->callback([options, exit_code] { *exit_code = Export(*options); });
}

}  // namespace highmem
