#include "highmem/report/report.h"

#include <utility>

#include "highmem/report/lanes.h"
#include "highmem/report/origin.h"
#include "highmem/report/plain_text.h"
#include "highmem/report/stacks.h"
#include "highmem/report/table.h"
#include "highmem/report/waits.h"
#include "highmem/schedule/record.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

std::string StackLines(const Executor& executor, const Finding& finding, const StackLine& here) {
  std::string out;
  for (const StackLine& line : StacksOf(executor, finding, here))
    out += Wrapped(out.empty() ? "stack" : "", line.who + ": " + line.stack);
  return out;
}

// Of a run that cannot go on: who waits for whom.
std::string WaitLines(const Executor& executor, const Finding& finding) {
  std::string out;
  if (finding.id != FindingId::L1) return out;
  for (const std::string& line : Waits(executor))
    out += Wrapped(out.empty() ? "waits" : "", Printable(line));
  return out;
}

// Of bad data: where it came from. Runs the trace again and comes back to where it stood.
std::string OriginLines(Executor& executor, const Finding& finding) {
  const Origin origin = FindOrigin(executor, executor.trace(), finding);
  std::string out;
  if (!origin.came.empty()) out += Wrapped("came", Printable(origin.came));
  if (!origin.right.empty()) out += Wrapped("right", Printable(origin.right));
  return out;
}

// The sentence without the rule, which has a line of its own.
std::string WithoutRule(std::string sentence, const IdInfo& rule) {
  const std::string tail = ": " + std::string(rule.meaning) + " (" + std::string(rule.name) + ")";
  if (sentence.ends_with(tail)) sentence.resize(sentence.size() - tail.size());
  return sentence;
}

// The trace as it stands in its file; lines that are too long are folded.
std::string TraceText(const Trace& trace) {
  constexpr size_t kIndent = 2;
  const std::string text = PrintTrace(trace);
  std::string out;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    std::string line = Printable(text.substr(begin, end - begin));
    begin = end + 1;
    std::string indent(kIndent, ' ');
    while (indent.size() + line.size() > kReportColumns) {
      size_t cut = line.rfind(' ', kReportColumns - indent.size());
      if (cut == std::string::npos || cut == 0) cut = kReportColumns - indent.size();
      out += indent + line.substr(0, cut) + "\n";
      line.erase(0, cut + (line[cut] == ' '));
      indent.assign(kIndent + 8, ' ');
    }
    out += indent + line + "\n";
  }
  return out;
}

// Lanes and stacks. A schedule of another kind becomes the decisions that fail.
std::string Run(Trace* trace, const Finding& finding, const ReportOptions& options) {
  Executor executor;
  Finding here = finding;
  if (trace->schedule.kind != ScheduleKind::decisions) {
    Judge judge(options.judge);
    here = RecordFirstFailure(executor, judge, trace);
    if (!SameFailure(here, finding)) return "the failing run could not be found again\n";
  }
  Lanes lanes = MakeLanes(executor, *trace, here, options.table.turns);
  uint64_t hidden_steps = 0;
  std::string out = LanesTable(*trace, &lanes, options.table, &hidden_steps);
  if (!lanes.found) out += "this replay never came to the step of the finding\n";
  std::string hidden =
      std::to_string(hidden_steps) + " of " + std::to_string(lanes.steps) + " micro-steps";
  if (!trace->schedule.decisions.empty()) hidden += "; * a decision of the schedule";
  if (!options.table.fails.empty()) hidden += "; fails: of the ways to go on behind the row";
  out += "\n" + Wrapped("hidden", hidden) + OriginLines(executor, here);
  for (const auto& [label, text] : options.remarks) out += Wrapped(label, Printable(text));
  return out + WaitLines(executor, here) + StackLines(executor, here, lanes.here);
}

}  // namespace

std::string TerminalReport(const Trace& given, const Finding& finding,
                           const ReportOptions& options) {
  const IdInfo& rule = Info(finding.id);
  const std::string name(rule.name);
  std::string out =
      Wrapped("FAIL " + name + " ", Printable(WithoutRule(Sentence(finding, given), rule)));
  if (options.table.tty) out = kBold + std::string(kRed) + out + kPlain;
  out += Wrapped("rule", name + ": " + std::string(rule.meaning));
  for (const std::string& note : options.notes) out += Wrapped("", Printable(note));

  Trace trace = given;
  out += "\n" + Run(&trace, finding, options) + "\ntrace\n" + TraceText(trace);
  const std::string file = options.file.empty() ? "FILE" : ShellWord(options.file);
  const FindingId only = options.judge.only;
  const std::string rest =
      only == FindingId::kNone ? "" : " --only " + std::string(Info(only).name);
  return out + "\nreplay  bazel run //:hm -- replay " + Printable(file) + rest + "\n";
}

}  // namespace highmem
