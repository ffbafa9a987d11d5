// hm replay FILE: runs a trace as its schedule says and reports the first broken rule.

#include <cstdio>

#include "highmem/report/report.h"
#include "highmem/schedule/litmus.h"
#include "highmem/schedule/random.h"
#include "highmem/tool/commands.h"
#include "highmem/verdict/judge.h"

namespace highmem {
namespace {

struct Options {
  std::string file;
  bool strict = false;
  uint32_t random = 0;
  uint64_t seed = 1;
  FindingId only = FindingId::kNone;
};

// The trace's programs under seeded random schedules instead of its own.
int ReplayRandom(Trace& trace, const Options& options) {
  trace.schedule = {};
  trace.schedule.kind = ScheduleKind::random;
  trace.schedule.runs = options.random;
  trace.schedule.seed = options.seed;
  Executor executor;
  const LitmusOutcome out =
      RunLitmus(executor, trace, {.expectations = false, .only = options.only});
  std::printf("%s: %llu random schedules, seed %llu: %s\n", options.file.c_str(),
              static_cast<unsigned long long>(out.runs),
              static_cast<unsigned long long>(options.seed),
              out.finding ? Sentence(out.finding, trace).c_str() : "pass");
  return ExitCode(out);
}

int Replay(const Options& options) {
  Trace trace;
  if (!ReadOrComplain(options.file, &trace)) return 1;
  if (options.random > 0) return ReplayRandom(trace, options);

  Executor executor;
  const JudgeOptions judge = JudgeOf(options.only);
  const LitmusOutcome out =
      RunLitmus(executor, trace, {.expectations = judge.expectations, .only = options.only});
  if (options.strict && !out.divergence.empty()) {
    std::printf("%s: the replay left the recorded schedule: %s\n", options.file.c_str(),
                out.divergence.c_str());
    return 68;
  }
  if (out.finding) {
    std::fputs(TerminalReport(trace, out.finding, {.file = options.file, .judge = judge}).c_str(),
               stdout);
    return Info(out.finding.id).exit_code;
  }
  if (!out.holds) std::printf("%s: %s\n", options.file.c_str(), out.why.c_str());
  if (out.holds)
    std::printf("pass  %s  %llu run%s, %llu steps\n", options.file.c_str(),
                static_cast<unsigned long long>(out.runs), out.runs == 1 ? "" : "s",
                static_cast<unsigned long long>(out.steps));
  return ExitCode(out);
}

}  // namespace

void AddReplay(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* cmd = app.add_subcommand("replay", "Run a trace and report the first broken rule");
  cmd->add_option("FILE", options->file, "trace, text or container")->required();
  cmd->add_flag("--strict", options->strict,
                "exit 68 if a decision cannot be taken where it stands");
  cmd->add_option("--random", options->random, "run this many random schedules instead");
  cmd->add_option("--seed", options->seed, "of the random schedules");
  AddOnly(cmd, &options->only);
  cmd->callback([options, exit_code] { *exit_code = Replay(*options); });
}

}  // namespace highmem
