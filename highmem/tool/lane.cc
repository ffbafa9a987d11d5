// hm lane FILE: which ops the valid lane refuses, and why.

#include "highmem/trace/lane.h"

#include <cstdio>

#include "highmem/tool/commands.h"

namespace highmem {
namespace {

int ShowLane(const std::string& file) {
  Trace trace;
  if (!ReadOrComplain(file, &trace)) return 1;
  const Trace before = trace;
  LaneReport report;
  FilterLane(&trace, &report);
  for (const SkippedOp& skipped : report.skipped) {
    const std::string_view reason = SkipSentence(skipped.reason);
    std::printf("%s.%u %s: %.*s\n", ActorName(before, skipped.actor).c_str(), skipped.op + 1,
                Info(skipped.code).name.data(), static_cast<int>(reason.size()), reason.data());
  }
  std::printf("%s lane: %u ops kept, %zu skipped, %u releases appended, %u decisions lost\n",
              trace.misuse ? "misuse" : "valid", report.kept, report.skipped.size(),
              report.appended, report.lost_decisions);
  return 0;
}

}  // namespace

void AddLane(CLI::App& app, int* exit_code) {
  auto file = std::make_shared<std::string>();
  CLI::App* cmd = app.add_subcommand("lane", "Say which ops the valid lane skips, and why");
  cmd->add_option("FILE", *file, "trace")->required();
  cmd->callback([file, exit_code] { *exit_code = ShowLane(*file); });
}

}  // namespace highmem
