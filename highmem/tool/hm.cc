#include "highmem/tool/commands.h"
#include "highmem/trace/file.h"
#include "highmem/trace/words.h"

namespace highmem {
namespace {

constexpr void (*kCommands[])(CLI::App&, int*) = {AddReplay,  AddLitmus, AddMinimize, AddExplain,
                                                  AddConvert, AddLane,   AddExplore,  AddStress,
                                                  AddCosts,   AddLists};

}  // namespace

bool ReadOrComplain(const std::string& path, Trace* trace) {
  std::string error;
  if (ReadTraceFile(path, trace, &error)) return true;
  std::fprintf(stderr, "hm: %s\n", error.c_str());
  return false;
}

void AddOnly(CLI::App* cmd, FindingId* only) {
  const auto take = [only](const std::string& word) { FindWord<FindingId>(word, only); };
  const auto ids = WordsOf<FindingId>();
  cmd->add_option_function<std::string>("--only", take,
                                        "that rule alone; no expectation of the trace but by CHECK")
      ->check(CLI::IsMember(std::vector<std::string>(ids.begin(), ids.end())))
      ->type_name("ID");
}

int HmMain(int argc, char** argv) {
  CLI::App app("Replays, judges, stresses, shrinks and explores traces of highmem mappings.", "hm");
  app.require_subcommand(1);
  int exit_code = 0;
  for (const auto add : kCommands) add(app, &exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 1;
  }
  return exit_code;
}

bool IsHmCommand(const std::string& word) {
  CLI::App app;
  int ignored = 0;
  for (const auto add : kCommands) add(app, &ignored);
  for (const CLI::App* command : app.get_subcommands({}))
    if (command->get_name() == word) return true;
  return false;
}

}  // namespace highmem
