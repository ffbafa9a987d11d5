// hm report DIR: how far a fuzzing campaign has come, and what it has found.

#include "highmem/campaign/report.h"

#include <cstdio>

#include "highmem/campaign/reader.h"
#include "highmem/coverage/cells.h"
#include "highmem/coverage/unreached.h"
#include "highmem/tool/commands.h"

namespace highmem {
namespace {

struct Options {
  std::string directory;
  std::string out;
  bool force = false;
  bool json = false;
  bool never = false;
};

int Report(const Options& options) {
  CampaignData data;
  std::string error;
  if (!ReadCampaign(options.directory, &data, &error)) {
    std::fprintf(stderr, "hm: %s\n", error.c_str());
    return 1;
  }
  const std::vector<std::string> all_cells = AllCellNames();
  const CellReasons reasons = UnreachedReasons();
  if (!options.out.empty()) {
    const std::string page = CampaignPage(data, all_cells, reasons);
    if (WriteOrPrint(page, options.out, options.force) != 0) return 1;
  }
  const auto print = options.json ? CampaignJson : options.never ? CampaignNeverHit : CampaignText;
  return WriteOrPrint(print(data, all_cells, reasons), "", false);
}

}  // namespace

void AddReport(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* cmd = app.add_subcommand("report", "Summarise a fuzzing campaign");
  cmd->add_option("DIR", options->directory, "directory of the campaign")->required();
  cmd->add_option("-o,--out", options->out,
                  "write a page, too: coverage and speed over time, state cells, findings, runs");
  cmd->add_flag("-f,--force", options->force, "overwrite OUT");
  CLI::Option* json = cmd->add_flag("--json", options->json, "print data instead of the summary");
  cmd->add_flag("--never", options->never,
                "print the state cells never hit and why instead, as a table in Markdown")
      ->excludes(json);
  cmd->callback([options, exit_code] { *exit_code = Report(*options); });
}

}  // namespace highmem
