#include "highmem/report/report.h"

#include <algorithm>
#include <cstdio>

#include "highmem/kernel/describe.h"
#include "highmem/report/timeline.h"
#include "highmem/schedule/order.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/judge.h"

namespace highmem {
namespace {

constexpr size_t kWidth = 100;
constexpr size_t kStepWidth = 6;

// The judge decides where the run ends; the timeline watches.
class WatchedJudge : public EventSink {
 public:
  explicit WatchedJudge(const Trace& trace)
      : timeline(trace), judge({.expectations = true}) {}
  void Begin(const Executor& executor) override {
    timeline.Begin(executor);
    judge.Begin(executor);
  }
  bool OnStep(const Executor& executor, std::span<const Event> events) override {
    timeline.OnStep(executor, events);
    return judge.OnStep(executor, events);
  }
  Timeline timeline;
  Judge judge;
};

// Breaks a text at spaces; every line but the first is indented.
std::string Wrap(const std::string& text, size_t width, size_t indent) {
  std::string out;
  size_t column = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (column > 0 && column + 1 + word.size() > width) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > 0) {
      out += ' ';
      column++;
    }
    out += word;
    column += word.size();
    at = end + 1;
  }
  return out;
}

std::string Pad(std::string text, size_t width) {
  if (text.size() > width) text = text.substr(0, width - 1) + "~";
  text.resize(width, ' ');
  return text;
}

// Breaks "a, b, c" into lines of at most `width`.
std::vector<std::string> Fold(const std::string& changes, size_t width) {
  std::vector<std::string> lines(1);
  for (size_t at = 0; at < changes.size();) {
    const size_t end = std::min(changes.find(", ", at), changes.size());
    const std::string item = changes.substr(at, end - at);
    if (!lines.back().empty() && lines.back().size() + 2 + item.size() > width) lines.emplace_back();
    lines.back() += (lines.back().empty() ? "" : ", ") + item;
    at = end + 2;
  }
  return lines;
}

std::string Lanes(const std::vector<TimelineRow>& rows, int cpus, int max_rows) {
  const size_t lane = cpus == 1 ? 44 : cpus == 2 ? 29 : cpus == 3 ? 21 : 17;
  const size_t change = kWidth - kStepWidth - lane * static_cast<size_t>(cpus) - 1;
  std::string out = Pad("step", kStepWidth);
  for (int c = 0; c < cpus; c++) out += Pad("CPU" + std::to_string(c), lane);
  out += "state\n";
  const size_t first = rows.size() > static_cast<size_t>(max_rows)
                           ? rows.size() - static_cast<size_t>(max_rows)
                           : 0;
  if (first > 0)
    out += "      ... " + std::to_string(first) + " earlier rows are not shown\n";
  uint64_t last_step = 0;
  for (size_t i = first; i < rows.size(); i++) {
    const TimelineRow& row = rows[i];
    std::string marked = row.change;
    if (i + 1 == rows.size()) marked += marked.empty() ? "<- HERE" : ", <- HERE";
    bool head = true;
    for (const std::string& changes : Fold(marked, change)) {
      std::string line = Pad(head && row.step != last_step ? std::to_string(row.step) : "", kStepWidth);
      for (int c = 0; c < cpus; c++) line += Pad(head && c == row.cpu ? row.what : "", lane);
      line += changes;
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + "\n";
      head = false;
    }
    last_step = row.step;
  }
  return out;
}

std::string Indented(const std::string& text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    out += "  " + text.substr(at, end - at) + "\n";
    at = end + 1;
  }
  return out;
}

// The run, told again. Empty where the schedule is not one run.
std::string Story(const Trace& trace, const ReportOptions& options) {
  ReplayChooser replay;
  OrderChooser order;
  const bool one_run = trace.schedule.kind == ScheduleKind::decisions ||
                       trace.schedule.kind == ScheduleKind::order;
  if (!one_run) return "";
  Executor executor;
  WatchedJudge sink(trace);
  executor.Load(trace, &sink);
  if (trace.schedule.kind == ScheduleKind::order)
    executor.Run(order);
  else
    executor.Run(replay);
  sink.judge.Finish(executor);

  std::string out = Lanes(sink.timeline.rows(), trace.profile.cpus, options.max_rows);
  out += "\nwhere everybody is, innermost call first\n";
  for (int t = 0; t < task_count(); t++) {
    const auto id = static_cast<TaskId>(t);
    if (task(id).state == TaskState::kDead) continue;
    out += "  " + ActorName(trace, executor.ActorOf(id)) + " on CPU" +
           std::to_string(task(id).cpu) + "\n" + Indented(describe(id));
  }
  return out;
}

}  // namespace

std::string Escape(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' || (c >= ' ' && c <= '~')) {
      out += c;
      continue;
    }
    char hex[8];
    std::snprintf(hex, sizeof(hex), "\\x%02x", static_cast<unsigned char>(c));
    out += hex;
  }
  return out;
}

std::string TerminalReport(const Trace& trace, const Finding& finding,
                           const ReportOptions& options) {
  const std::string id(Info(finding.id).name);
  std::string out = Wrap("FAIL " + id + "  " + Sentence(finding, trace), kWidth, 5) + "\n\n";
  const std::string story = Story(trace, options);
  if (!story.empty()) out += story + "\n";
  out += "rule    " + id + ": " + std::string(Info(finding.id).meaning) + "  (docs/SPEC.md)\n";
  if (!options.file.empty()) out += "replay  bazel run //:hm -- replay " + options.file + "\n";
  if (!options.file.empty()) out += "shrink  bazel run //:hm -- minimize " + options.file + "\n";
  if (options.with_trace) out += "\ntrace\n" + Indented(PrintTrace(trace));
  return Escape(out);
}

}  // namespace highmem
