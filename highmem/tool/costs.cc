// hm costs FILE...: what the calls of a run cost, as a table.

#include "highmem/report/costs.h"

#include <cstdio>

#include "highmem/schedule/order.h"
#include "highmem/schedule/random.h"
#include "highmem/schedule/replay.h"
#include "highmem/tool/commands.h"

namespace highmem {
namespace {

// One run, by the trace's schedule; where it has many, by the first.
void RunFor(Executor& executor, const Trace& trace, Costs* costs) {
  ReplayChooser replay;
  OrderChooser order;
  RandomChooser random(trace.schedule.seed);
  Chooser* chooser = &replay;
  if (trace.schedule.kind == ScheduleKind::order) chooser = &order;
  if (trace.schedule.kind == ScheduleKind::random) chooser = &random;
  executor.Load(trace, costs);
  executor.Run(*chooser);
}

int PrintCosts(const std::vector<std::string>& files) {
  Executor executor;
  bool first = true;
  for (const std::string& file : files) {
    Trace trace;
    if (!ReadOrComplain(file, &trace)) return 1;
    Costs costs;
    RunFor(executor, trace, &costs);
    std::printf("%s%s  %s\n\n%s", first ? "" : "\n", file.c_str(), trace.profile.name,
                CostTable(costs).c_str());
    first = false;
  }
  return 0;
}

}  // namespace

void AddCosts(CLI::App& app, int* exit_code) {
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* cmd = app.add_subcommand("costs", "What the calls of a run cost, as a table");
  cmd->add_option("FILE", *files, "traces, text or container")->required();
  cmd->callback([files, exit_code] { *exit_code = PrintCosts(*files); });
}

}  // namespace highmem
