// hm events FILE: what a run did. hm diff A B FILE: where two implementations, or two machines,
// part on the same trace.

#include <cstdio>
#include <sstream>
#include <vector>

#include "highmem/report/event_text.h"
#include "highmem/report/report.h"
#include "highmem/schedule/replay.h"
#include "highmem/tool/commands.h"

namespace highmem {
namespace {

constexpr size_t kContext = 5;  // lines shown before the first difference

struct Options {
  std::string file;
  std::string profile;
  std::string a;
  std::string b;
};

class LineSink : public EventSink {
 public:
  explicit LineSink(const Trace& trace) : trace_(trace) {}
  void Begin(const Executor& /*executor*/) override { lines.clear(); }
  bool OnStep(const Executor& /*executor*/, std::span<const Event> events) override {
    for (const Event& e : events) lines.push_back(EventLine(trace_, e));
    return true;
  }
  std::vector<std::string> lines;

 private:
  const Trace& trace_;
};

// The events of a replay of the trace's decisions; empty, with a line on stderr, if the trace
// cannot run on that machine.
std::vector<std::string> EventsOf(Trace trace, const Profile* profile) {
  if (profile != nullptr) trace.profile = *profile;
  std::string error;
  if (!CheckTrace(trace, &error)) {
    std::fprintf(stderr, "hm: on %s: %s\n", trace.profile.name, error.c_str());
    return {};
  }
  Executor executor;
  LineSink sink(trace);
  ReplayChooser replay;
  executor.Load(trace, &sink);
  executor.Run(replay);
  return std::move(sink.lines);
}

int Events(const Options& options) {
  Trace trace;
  if (!ReadOrComplain(options.file, &trace)) return 1;
  const Profile* profile = nullptr;
  if (!options.profile.empty() && (profile = FindProfile(options.profile)) == nullptr) {
    std::fprintf(stderr, "hm: unknown profile '%s', see hm profiles\n", options.profile.c_str());
    return 1;
  }
  const std::vector<std::string> lines = EventsOf(trace, profile);
  for (const std::string& line : lines) std::printf("%s\n", line.c_str());
  return lines.empty() ? 1 : 0;
}

// Of a profile, or of another hm that holds another implementation.
std::vector<std::string> Side(const std::string& side, const Options& options) {
  if (const Profile* profile = FindProfile(side)) {
    Trace trace;
    if (!ReadOrComplain(options.file, &trace)) return {};
    return EventsOf(trace, profile);
  }
  const std::string command = ShellWord(side) + " events " + ShellWord(options.file);
  std::vector<std::string> lines;
  FILE* out = popen(command.c_str(), "r");
  if (out == nullptr) return lines;
  std::string line;
  for (int c = std::fgetc(out); c != EOF; c = std::fgetc(out)) {
    if (c != '\n') {
      line += static_cast<char>(c);
      continue;
    }
    lines.push_back(std::move(line));
    line.clear();
  }
  if (pclose(out) == 0) return lines;
  std::fprintf(stderr, "hm: '%s': expected a profile (hm profiles) or an hm that can run `%s`\n",
               side.c_str(), command.c_str());
  return {};
}

int Diff(const Options& options) {
  const std::vector<std::string> a = Side(options.a, options), b = Side(options.b, options);
  if (a.empty() || b.empty()) return 1;
  size_t same = 0;
  while (same < a.size() && same < b.size() && a[same] == b[same]) same++;
  if (same == a.size() && same == b.size()) {
    std::printf("equal: %zu events\n", same);
    return 0;
  }
  std::printf("the first %zu events are equal", same);
  if (same > 0) std::printf("; the last of them:");
  std::printf("\n");
  for (size_t i = same < kContext ? 0 : same - kContext; i < same; i++)
    std::printf("    %s\n", Printable(a[i]).c_str());
  const char* end = "(the run is over)";
  std::printf("A   %s\nB   %s\n", same < a.size() ? Printable(a[same]).c_str() : end,
              same < b.size() ? Printable(b[same]).c_str() : end);
  return 69;
}

}  // namespace

void AddDiff(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* events = app.add_subcommand("events", "Print what a run of a trace's decisions does");
  events->add_option("FILE", options->file, "trace")->required();
  events->add_option("--profile", options->profile, "another machine than the trace's");
  events->callback([options, exit_code] { *exit_code = Events(*options); });
  CLI::App* diff = app.add_subcommand(
      "diff", "The first event in which two runs of a trace differ; 69 if there is one");
  diff->add_option("A", options->a, "a profile, or another hm, such as a mutant's binary")
      ->required();
  diff->add_option("B", options->b, "likewise")->required();
  diff->add_option("FILE", options->file, "trace")->required();
  diff->callback([options, exit_code] { *exit_code = Diff(*options); });
}

}  // namespace highmem
