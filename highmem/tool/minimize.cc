// hm minimize FILE: the smallest trace that fails in the same way.

#include <csignal>
#include <cstdio>

#include "highmem/report/report.h"
#include "highmem/shrink/shrink.h"
#include "highmem/tool/commands.h"
#include "highmem/trace/file.h"
#include "highmem/trace/one_line.h"

namespace highmem {
namespace {

struct Options {
  std::string file;
  std::string out;
  double seconds = 0;
  int jobs = 1;
  bool force = false;
  FindingId only = FindingId::kNone;
};

std::atomic<bool> interrupted{false};

// FILE.hm -> FILE.min.hm
std::string DefaultOut(const std::string& file) {
  if (IsOneLine(file)) return "trace.min.hm";
  const size_t dot = file.rfind(".hm");
  return (dot == std::string::npos ? file : file.substr(0, dot)) + ".min.hm";
}

// Other failures are findings of their own: OUT.<id>.hm, never lost, never followed.
bool SaveOthers(const ShrinkResult& result, const std::string& out, std::string* error) {
  for (const OtherFailure& other : result.others) {
    const std::string path = out + "." + std::string(Info(other.finding.id).name) + ".hm";
    if (!WriteTraceFile(path, other.trace, {.overwrite = true}, error)) return false;
    std::printf("met another failure on the way, saved: %s\n", path.c_str());
  }
  return true;
}

int Minimize(const Options& options) {
  Trace trace;
  if (!ReadOrComplain(options.file, &trace)) return 1;
  const std::string out = options.out.empty() ? DefaultOut(options.file) : options.out;

  std::signal(SIGINT, [](int) { interrupted = true; });
  const JudgeOptions judge = JudgeOf(options.only);
  const ShrinkResult result = Shrink(
      trace,
      {.judge = judge, .seconds = options.seconds, .stop = &interrupted, .jobs = options.jobs});
  if (!result.finding) {
    std::fprintf(stderr, "hm: %s: no rule is broken, there is nothing to shrink\n",
                 options.file.c_str());
    return 1;
  }
  std::string error;
  if (!WriteTraceFile(out, result.trace, {.overwrite = options.force}, &error) ||
      !SaveOthers(result, out, &error)) {
    std::fprintf(stderr, "hm: %s\n", error.c_str());
    return 1;
  }
  std::fputs(TerminalReport(result.trace, result.finding, {.file = out, .judge = judge}).c_str(),
             stdout);
  std::printf(
      "\nshrunk from %u ops to ops %u (%u begun when it fails), decisions %u, actors %u; "
      "%llu candidates, %.1f s%s\n",
      result.before.ops, result.after.ops, result.begun, result.after.decisions,
      result.after.actors, static_cast<unsigned long long>(result.tries), result.seconds,
      result.minimal ? "" : "; cut off before it was minimal");
  if (result.minimal)
    std::printf(
        "each of %u single removals makes it pass; %u of these are certain (all schedules "
        "of few decisions were tried)\n",
        result.removals_tried, result.removals_proven);
  std::printf("written to %s\n", out.c_str());
  return interrupted ? 72 : 0;
}

}  // namespace

void AddMinimize(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* cmd = app.add_subcommand("minimize", "Shrink a failing trace");
  cmd->add_option("FILE", options->file, "failing trace")->required();
  cmd->add_option("-o,--out", options->out, "file to write (FILE.min.hm)");
  cmd->add_option("--time", options->seconds, "stop after so many seconds with the best so far");
  cmd->add_option("--jobs", options->jobs, "processes (1); the result does not depend on them")
      ->check(CLI::Range(1, 64));
  cmd->add_flag("-f,--force", options->force, "overwrite the output");
  AddOnly(cmd, &options->only);
  cmd->callback([options, exit_code] { *exit_code = Minimize(*options); });
}

}  // namespace highmem
