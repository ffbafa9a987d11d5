// hm explore FILE: walks every interleaving of a trace's small world; -o writes the one that fails.

#include "highmem/schedule/explore.h"

#include <cstdio>

#include "highmem/schedule/record.h"
#include "highmem/tool/commands.h"
#include "highmem/trace/file.h"

namespace highmem {
namespace {

struct Options {
  std::string file;
  std::string out;
  bool force = false;
  uint64_t max_states = 50'000'000;
  bool no_reduce = false;
};

int ExploreFile(const Options& options) {
  Trace trace;
  if (!ReadOrComplain(options.file, &trace)) return 1;
  Executor executor;
  Judge judge;
  const ExploreResult r = Explore(executor, judge, trace,
                                  {.max_states = options.max_states, .reduce = !options.no_reduce});
  std::printf(
      "%s: %llu states, %llu transitions, %llu ends, depth %llu\n", options.file.c_str(),
      static_cast<unsigned long long>(r.states), static_cast<unsigned long long>(r.transitions),
      static_cast<unsigned long long>(r.ends), static_cast<unsigned long long>(r.max_depth));
  if (r.finding) {
    std::printf("%s\n", Sentence(r.finding, trace).c_str());
    std::string error;
    if (!options.out.empty() && !WriteTraceFile(options.out, AsTrace(executor, trace, r.path),
                                                {.overwrite = options.force}, &error)) {
      std::fprintf(stderr, "hm: %s\n", error.c_str());
      return 1;
    }
    return Info(r.finding.id).exit_code;
  }
  if (r.complete)
    std::printf("exhaustive: every interleaving of this world was explored, no rule broken\n");
  else
    std::printf("not exhaustive: stopped at %llu states; no rule broken up to there\n",
                static_cast<unsigned long long>(options.max_states));
  return 0;
}

}  // namespace

void AddExplore(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* cmd = app.add_subcommand("explore", "Walk every interleaving of a small trace");
  cmd->add_option("FILE", options->file, "trace")->required();
  cmd->add_option("-o,--out", options->out, "write the interleaving that fails here, as a trace");
  cmd->add_flag("-f,--force", options->force, "overwrite OUT");
  cmd->add_option("--max-states", options->max_states, "give up behind so many states");
  cmd->add_flag("--no-reduce", options->no_reduce, "branch at invisible steps too");
  cmd->callback([options, exit_code] { *exit_code = ExploreFile(*options); });
}

}  // namespace highmem
