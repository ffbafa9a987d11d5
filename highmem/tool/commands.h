// The subcommands of hm, one file each. Every one adds itself to the command line and leaves the
// process's exit code behind when it has run (DESIGN section 4: 0 pass, 1 bad usage or input, ...).
#ifndef HIGHMEM_TOOL_COMMANDS_H_
#define HIGHMEM_TOOL_COMMANDS_H_

#include <CLI/CLI.hpp>
#include <string>

#include "highmem/trace/finding_id.h"
#include "highmem/trace/trace.h"
#include "highmem/verdict/judge.h"

namespace highmem {

void AddReplay(CLI::App& app, int* exit_code);    // replay.cc
void AddLitmus(CLI::App& app, int* exit_code);    // litmus.cc
void AddMinimize(CLI::App& app, int* exit_code);  // minimize.cc
void AddConvert(CLI::App& app, int* exit_code);   // convert.cc
void AddLane(CLI::App& app, int* exit_code);      // lane.cc
void AddExplore(CLI::App& app, int* exit_code);   // explore.cc
void AddCosts(CLI::App& app, int* exit_code);     // costs.cc
void AddExplain(CLI::App& app, int* exit_code);   // explain.cc
void AddExport(CLI::App& app, int* exit_code);    // export.cc
void AddAdopt(CLI::App& app, int* exit_code);     // adopt.cc
void AddRemovals(CLI::App& app, int* exit_code);  // removals.cc
void AddDiff(CLI::App& app, int* exit_code);      // diff.cc: events, diff
void AddStress(CLI::App& app, int* exit_code);    // stress.cc
void AddReport(CLI::App& app, int* exit_code);    // report.cc
void AddLists(CLI::App& app, int* exit_code);     // lists.cc: profiles, invariants, ops
void AddCampaign(CLI::App& app, int* exit_code);  // campaign.cc

// --only ID: that rule alone; expectations of the trace only if it is CHECK.
void AddOnly(CLI::App* cmd, FindingId* only);
inline JudgeOptions JudgeOf(FindingId only) {
  return {.only = only, .expectations = only == FindingId::kNone || only == FindingId::CHECK};
}

// Reads a trace file in any form, or a trace that is `path` itself (trace/one_line.h); false with
// the one line printed to stderr.
bool ReadOrComplain(const std::string& path, Trace* trace);

// Writes the text to a file, or where `path` is empty to standard output. The exit code: 1, with
// the one line printed to stderr, if that cannot be.
int WriteOrPrint(const std::string& text, const std::string& path, bool overwrite);

}  // namespace highmem

#endif  // HIGHMEM_TOOL_COMMANDS_H_
