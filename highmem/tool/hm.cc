#include "highmem/tool/hm.h"

#include "highmem/tool/commands.h"
#include "highmem/trace/file.h"
#include "highmem/trace/one_line.h"
#include "highmem/trace/words.h"

namespace highmem {
namespace {

constexpr void (*kCommands[])(CLI::App&, int*) = {
    AddReplay,  AddLitmus, AddMinimize, AddExplain, AddExport, AddAdopt,  AddRemovals, AddDiff,
    AddConvert, AddLane,   AddExplore,  AddStress,  AddCosts,  AddReport, AddLists,    AddCampaign};

}  // namespace

bool ReadOrComplain(const std::string& path, Trace* trace) {
  std::string error;
  if (IsOneLine(path)) {
    ParseError where;
    if (ParseOneLine(path, trace, &where)) return true;
    error = where.Text();
  } else if (ReadTraceFile(path, trace, &error)) {
    return true;
  }
  std::fprintf(stderr, "hm: %s\n", error.c_str());
  return false;
}

int WriteOrPrint(const std::string& text, const std::string& path, bool overwrite) {
  if (path.empty()) {
    if (std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0) return 0;
    std::perror("hm: standard output");
    return 1;
  }
  std::string error;
  if (WriteWholeFile(path, text, overwrite, &error)) return 0;
  std::fprintf(stderr, "hm: %s\n", error.c_str());
  return 1;
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
