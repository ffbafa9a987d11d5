#include "highmem/report/report.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <utility>

#include "highmem/report/lanes.h"
#include "highmem/report/origin.h"
#include "highmem/report/stacks.h"
#include "highmem/report/waits.h"
#include "highmem/schedule/record.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

constexpr size_t kStepColumn = 7;
constexpr size_t kMarkColumn = 8;  // " <- HERE"
constexpr size_t kLabelColumn = 8;
constexpr size_t kWidestLane = 44;
constexpr size_t kFailsColumn = 6;
constexpr size_t kNarrowestPlace = 20;

constexpr const char* kBold = "\033[1m";
constexpr const char* kRed = "\033[31m";
constexpr const char* kPlain = "\033[0m";

std::string Padded(std::string text, size_t width) {
  if (text.size() > width) {
    text.resize(width - 1);
    text += '~';
  }
  text.resize(width, ' ');
  return text;
}

std::string RightTrimmed(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

// "label   text text text", what does not fit below it.
std::string Wrapped(const std::string& label, const std::string& text) {
  std::string out = Padded(label, std::max(kLabelColumn, label.size() + 1));
  const size_t indent = kLabelColumn;
  size_t column = out.size();
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find(' ', begin), text.size());
    std::string word = text.substr(begin, end - begin);
    if (column + word.size() > kReportColumns && column > indent) {
      out = RightTrimmed(out) + "\n" + std::string(indent, ' ');
      column = indent;
    }
    while (column + word.size() > kReportColumns) {
      out += word.substr(0, kReportColumns - column) + "\n" + std::string(indent, ' ');
      word.erase(0, kReportColumns - column);
      column = indent;
    }
    out += word + " ";
    column += word.size() + 1;
    begin = end + 1;
  }
  return RightTrimmed(out) + "\n";
}

// The rows as a table.
class Table {
 public:
  Table(const Trace& trace, const Lanes& lanes, const ReportOptions& options)
      : lanes_(lanes), options_(options), cpus_(static_cast<size_t>(trace.profile.cpus)) {}

  std::string Print() {
    KeepRows();
    Measure();
    std::string out = Head();
    uint64_t hidden = 0;
    for (size_t i = 0; i < lanes_.rows.size(); i++) {
      if (kept_[i] == 0) {
        hidden++;
        continue;
      }
      out += Hidden(std::exchange(hidden, 0)) + OneRow(lanes_.rows[i]);
    }
    return out + Hidden(hidden);
  }

  // Of the micro-steps made: those without a row of their own.
  uint64_t steps_hidden() const {
    uint64_t shown = 0, last = 0;
    for (size_t i = 0; i < kept_.size(); i++) {
      if (kept_[i] == 0 || lanes_.rows[i].step == last) continue;
      last = lanes_.rows[i].step;
      shown++;
    }
    return lanes_.steps - std::min(shown, lanes_.steps);
  }

 private:
  // Where there are too many, the latest, and before them those that change what is watched or are
  // of a call that is told.
  void KeepRows() {
    const size_t rows = lanes_.rows.size();
    kept_.assign(rows, 0);
    size_t room = options_.max_rows;
    for (size_t i = 0; i < rows && options_.turns != 0; i++)
      if (lanes_.rows[i].step == options_.turns) kept_[i] = 1;
    const size_t latest = std::min(rows, room / 2);
    for (size_t i = rows; i-- > rows - latest && room > 0; room--) kept_[i] = 1;
    for (size_t i = rows - latest; i-- > 0 && room > 0;) {
      const Row& row = lanes_.rows[i];
      if (row.state.empty() && !row.decided && !row.told) continue;
      kept_[i] = 1;
      room--;
    }
    for (size_t i = rows; i-- > 0 && room > 0;) {
      room -= kept_[i] == 0;
      kept_[i] = 1;
    }
    // A gap of one row takes a row to say so.
    for (size_t i = 0; i < rows; i++)
      if ((i == 0 || kept_[i - 1] != 0) && (i + 1 == rows || kept_[i + 1] != 0)) kept_[i] = 1;
  }

  void Measure() {
    lane_.assign(cpus_, 0);
    state_.assign(lanes_.columns.size(), 0);
    for (size_t i = 0; i < lanes_.rows.size(); i++) {
      const Row& row = lanes_.rows[i];
      if (kept_[i] == 0) continue;
      lane_[row.cpu] = std::max(lane_[row.cpu], row.text.size() + 2);
      for (size_t s = 0; s < row.state.size(); s++)
        if (Changes(s)) state_[s] = std::max(state_[s], row.state[s].size() + 2);
    }
    size_t fixed = kStepColumn + kMarkColumn + (options_.fails.empty() ? 0 : kFailsColumn);
    for (size_t s = 0; s < state_.size(); s++) {
      if (state_[s] != 0) state_[s] = std::max(state_[s], lanes_.columns[s].head.size() + 2);
      fixed += state_[s];
    }
    MeasurePlaces(fixed);
    fixed += place_;
    const auto used = static_cast<size_t>(
        std::count_if(lane_.begin(), lane_.end(), [](size_t w) { return w != 0; }));
    if (used == 0) return;
    const size_t room = kReportColumns > fixed + 8 * used ? kReportColumns - fixed : 8 * used;
    for (size_t& width : lane_)
      if (width != 0) width = std::min({std::max(width, size_t{8}), room / used, kWidestLane});
  }

  bool Changes(size_t column) const {
    return std::any_of(lanes_.rows.begin(), lanes_.rows.end(), [&](const Row& row) {
      return column < row.state.size() && row.state[column].find('>') != std::string::npos;
    });
  }

  // Where there is room behind lanes that are not cut.
  void MeasurePlaces(size_t fixed) {
    place_ = 0;
    for (size_t i = 0; i < lanes_.rows.size(); i++)
      if (kept_[i] != 0) place_ = std::max(place_, lanes_.rows[i].place.size());
    if (place_ != 0) place_ += 2;
    for (const size_t width : lane_) fixed += std::min(width, kWidestLane);
    const size_t room = kReportColumns - std::min(fixed, kReportColumns);
    place_ = room < std::min(place_, kNarrowestPlace) ? 0 : std::min(place_, room);
  }

  std::string Head() const {
    std::string out = Padded("step", kStepColumn);
    for (size_t c = 0; c < cpus_; c++)
      if (lane_[c] != 0) out += Padded("CPU" + std::to_string(c), lane_[c]);
    for (size_t s = 0; s < state_.size(); s++)
      if (state_[s] != 0) out += Padded(lanes_.columns[s].head, state_[s]);
    if (place_ != 0) out += Padded("in", place_);
    if (!options_.fails.empty()) out += "fails";
    return RightTrimmed(out) + "\n";
  }

  std::string OneRow(const Row& row) const {
    std::string number = std::to_string(row.step);
    number = std::string(number.size() < 5 ? 5 - number.size() : 0, ' ') + number;
    std::string out = Padded(number + (row.decided ? "*" : ""), kStepColumn);
    for (size_t c = 0; c < cpus_; c++) {
      if (lane_[c] == 0) continue;
      std::string text = row.cpu == c ? Printable(row.text) : "";
      out += Padded(std::move(text), lane_[c] - 1) + " ";
    }
    for (size_t s = 0; s < state_.size(); s++)
      if (state_[s] != 0)
        out += Padded(s < row.state.size() ? row.state[s] : "", state_[s] - 1) + " ";
    if (place_ != 0) out += Padded(row.place, place_ - 1) + " ";
    out += Fails(row.step);
    out = RightTrimmed(out);
    if (!row.here) return out + "\n";
    out += " <- HERE";
    return options_.tty ? kRed + out + kPlain + "\n" : out + "\n";
  }

  // " 38%"
  std::string Fails(uint64_t step) const {
    if (options_.fails.empty()) return "";
    std::string text =
        std::to_string(options_.fails[std::min<uint64_t>(step, options_.fails.size() - 1)]) + "%";
    return std::string(text.size() < 4 ? 4 - text.size() : 0, ' ') + text;
  }

  static std::string Hidden(uint64_t rows) {
    if (rows == 0) return "";
    return "  ...  " + std::to_string(rows) + (rows == 1 ? " row\n" : " rows\n");
  }

  const Lanes& lanes_;
  const ReportOptions& options_;
  const size_t cpus_;
  std::vector<uint8_t> kept_;
  std::vector<size_t> lane_;   // width by CPU, 0 if it has no row
  std::vector<size_t> state_;  // width by column, 0 if it never changes
  size_t place_ = 0;           // width, 0 if there is no room
};

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

// Where there are too many rows, the oldest of those that change nothing.
void DropQuiet(const ReportOptions& options, Lanes* lanes) {
  const size_t latest = options.max_rows / 3;  // of all rows: these stay
  if (lanes->rows.size() <= options.max_rows) return;
  size_t surplus = lanes->rows.size() - options.max_rows;
  const uint64_t from = lanes->rows[lanes->rows.size() - latest].step;
  std::erase_if(lanes->rows, [&](const Row& row) {
    const bool drop =
        row.quiet && !row.decided && surplus > 0 && row.step < from && row.step != options.turns;
    surplus -= drop;
    return drop;
  });
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
  Lanes lanes = MakeLanes(executor, *trace, here, options.turns);
  DropQuiet(options, &lanes);
  Table table(*trace, lanes, options);
  std::string out = table.Print();
  if (!lanes.found) out += "this replay never came to the step of the finding\n";
  std::string hidden =
      std::to_string(table.steps_hidden()) + " of " + std::to_string(lanes.steps) + " micro-steps";
  if (!trace->schedule.decisions.empty()) hidden += "; * a decision of the schedule";
  if (!options.fails.empty()) hidden += "; fails: of the ways to go on behind the row";
  out += "\n" + Wrapped("hidden", hidden) + OriginLines(executor, here);
  for (const auto& [label, text] : options.remarks) out += Wrapped(label, Printable(text));
  return out + WaitLines(executor, here) + StackLines(executor, here, lanes.here);
}

}  // namespace

std::string Printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
      continue;
    }
    char hex[8];
    std::snprintf(hex, sizeof(hex), "\\x%02x", byte);
    out += hex;
  }
  return out;
}

std::string ShellWord(std::string_view text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("_-./,:=+@%").find(c) != std::string_view::npos;
  });
  if (plain) return std::string(text);
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string TerminalReport(const Trace& given, const Finding& finding,
                           const ReportOptions& options) {
  const IdInfo& rule = Info(finding.id);
  const std::string name(rule.name);
  std::string out =
      Wrapped("FAIL " + name + " ", Printable(WithoutRule(Sentence(finding, given), rule)));
  if (options.tty) out = kBold + std::string(kRed) + out + kPlain;
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
