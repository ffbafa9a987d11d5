#include "highmem/report/export.h"

#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "highmem/trace/text.h"

namespace highmem {
namespace {

using Json = nlohmann::ordered_json;

// page.html as a literal.
constexpr std::string_view kPage =
#include "highmem/report/page.inc"
    ;

// In trace events: of what is nobody's op. Actors follow.
constexpr int kMachineThread = 0;

// Where the page has its data.
constexpr std::string_view kSlot = "@RUN@";

Json Rows(const Lanes& lanes) {
  Json rows = Json::array();
  for (const Row& row : lanes.rows) {
    Json r = {{"step", row.step}, {"cpu", row.cpu}, {"text", row.text}};
    Json changes = Json::array();
    for (size_t i = 0; i < row.state.size(); i++)
      if (!row.state[i].empty()) changes.push_back(lanes.columns[i].head + " " + row.state[i]);
    if (!changes.empty()) r["changes"] = std::move(changes);
    if (!row.place.empty()) r["in"] = row.place;
    if (row.decided) r["decided"] = true;
    if (row.here) r["here"] = true;
    rows.push_back(std::move(r));
  }
  return rows;
}

Json Run(const Trace& trace, const Finding& finding, const Recording& recording,
         const ExportOptions& options) {
  const IdInfo& rule = Info(finding.id);
  Json run = {{"format", "highmem run 1"},
              {"file", options.file},
              {"finding",
               {{"id", rule.name},
                {"rule", rule.meaning},
                {"sentence", Sentence(finding, trace)},
                {"step", finding.step},
                {"cpu", finding.cpu}}},
              {"profile", trace.profile.name},
              {"cpus", trace.profile.cpus},
              {"trace", PrintTrace(trace)},
              {"rows", Rows(recording.lanes)}};
  Json steps = Json::array(), cells = Json::array(), changes = Json::array();
  for (const Recording::Step& step : recording.steps)
    steps.push_back({{"cpu", step.cpu}, {"who", step.who}, {"what", step.what}});
  for (const Recording::Cell& cell : recording.cells)
    cells.push_back({{"group", cell.group}, {"name", cell.name}, {"first", cell.first}});
  for (const Recording::Change& change : recording.changes)
    changes.push_back({{"step", change.step}, {"cell", change.cell}, {"value", change.value}});
  run["steps"] = std::move(steps);
  run["cells"] = std::move(cells);
  run["changes"] = std::move(changes);
  if (!options.fails.empty()) run["fails"] = options.fails;
  if (options.turns != 0) run["turns"] = options.turns;
  Json remarks = Json::array();
  for (const auto& [label, text] : options.remarks)
    remarks.push_back({{"label", label}, {"text", text}});
  run["remarks"] = std::move(remarks);
  return run;
}

std::string Dump(const Json& json, int indent) {
  return json.dump(indent, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

}  // namespace

std::string RunAsJson(const Trace& trace, const Finding& finding, const Recording& recording,
                      const ExportOptions& options) {
  return Dump(Run(trace, finding, recording, options), 1) + "\n";
}

std::string RunAsTraceEvents(const Trace& trace, const Finding& finding,
                             const Recording& recording) {
  Json events = Json::array();
  for (int cpu = 0; cpu < trace.profile.cpus; cpu++)
    events.push_back({{"ph", "M"},
                      {"name", "process_name"},
                      {"pid", cpu},
                      {"args", {{"name", "CPU" + std::to_string(cpu)}}}});
  std::set<std::pair<int, int>> threads;
  for (int cpu = 0; cpu < trace.profile.cpus; cpu++) threads.insert({cpu, kMachineThread});
  for (const Recording::Span& span : recording.spans) threads.insert({span.cpu, span.actor + 1});
  for (const auto& [cpu, thread] : threads)
    events.push_back({{"ph", "M"},
                      {"name", "thread_name"},
                      {"pid", cpu},
                      {"tid", thread},
                      {"args",
                       {{"name", thread == kMachineThread
                                     ? "state"
                                     : ActorName(trace, static_cast<ActorId>(thread - 1))}}}});
  const uint64_t end = recording.steps.size();
  for (const Recording::Span& span : recording.spans) {
    events.push_back({{"ph", "X"},
                      {"name", span.text},
                      {"cat", ActorName(trace, span.actor)},
                      {"pid", span.cpu},
                      {"tid", span.actor + 1},
                      {"ts", span.begin},
                      {"dur", (span.end == 0 ? end : span.end) - span.begin}});
  }
  for (const Recording::Change& change : recording.changes) {
    const Recording::Cell& cell = recording.cells[change.cell];
    events.push_back({{"ph", "i"},
                      {"name", cell.group + " " + cell.name + " = " + change.value},
                      {"pid", recording.steps[change.step - 1].cpu},
                      {"tid", kMachineThread},
                      {"ts", change.step},
                      {"s", "t"}});
  }
  events.push_back({{"ph", "i"},
                    {"name", "FAIL " + std::string(Info(finding.id).name)},
                    {"pid", finding.cpu},
                    {"tid", kMachineThread},
                    {"ts", finding.step},
                    {"s", "g"}});
  const Json file = {{"displayTimeUnit", "ms"}, {"traceEvents", std::move(events)}};
  return Dump(file, 1) + "\n";
}

std::string RunAsPage(const Trace& trace, const Finding& finding, const Recording& recording,
                      const ExportOptions& options) {
  // Inside of a script element only "<" could end it.
  std::string data;
  for (const char c : Dump(Run(trace, finding, recording, options), -1))
    data += c == '<' ? std::string("\\u003c") : std::string(1, c);
  std::string page(kPage.substr(1));  // behind the line end that begins the literal
  return page.replace(page.find(kSlot), kSlot.size(), data);
}

}  // namespace highmem
