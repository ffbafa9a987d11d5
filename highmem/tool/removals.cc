// hm removals FILE: whether anything can be taken away from a failing trace.

#include "highmem/explain/removals.h"

#include <cstdio>

#include "highmem/tool/commands.h"

namespace highmem {
namespace {

struct Options {
  std::string file;
  RemovalOptions removals;
  FindingId only = FindingId::kNone;
};

int Removals(Options* options) {
  Trace trace;
  if (!ReadOrComplain(options->file, &trace)) return 1;
  options->removals.judge = JudgeOf(options->only);
  const RemovalResult result = TryRemovals(trace, options->removals);
  if (!result.finding) {
    std::fprintf(stderr, "hm: %s: its decisions break no rule\n", options->file.c_str());
    return 1;
  }
  for (const std::string& how : result.still_fail)
    std::printf("%s: fails in the same way %s\n", options->file.c_str(), how.c_str());
  std::printf("%s: %s, %u single removals, %zu fail in the same way\n", options->file.c_str(),
              Info(result.finding.id).name.data(), result.tried, result.still_fail.size());
  return result.still_fail.empty() ? 0 : 69;
}

}  // namespace

void AddRemovals(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* cmd = app.add_subcommand("removals", "Try whether a failing trace is minimal");
  cmd->add_option("FILE", options->file, "failing trace; its schedule: decisions")->required();
  cmd->add_option("--random", options->removals.random_schedules,
                  "random schedules of what each removal leaves (64)");
  cmd->add_option("--seed", options->removals.seed, "of these (1)");
  AddOnly(cmd, &options->only);
  cmd->callback([options, exit_code] { *exit_code = Removals(options.get()); });
}

}  // namespace highmem
