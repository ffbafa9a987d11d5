#include "highmem/explain/removals.h"

#include <algorithm>
#include <charconv>
#include <string_view>

#include "highmem/schedule/random.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/lane.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

// Of the profile: of these less is a smaller machine.
constexpr std::string_view kSizes[] = {
    "cpus",       "low_pages",    "high_pages", "page_size",    "line_size",
    "last_pkmap", "km_max_idx",   "colours",    "hash_buckets", "spec_fills",
    "tlb_evicts", "cache_evicts", "migrations",
};

using Lines = std::vector<std::string>;

Lines Split(const std::string& text) {
  Lines lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

bool IsHeader(const std::string& line) { return line.ends_with(":"); }
bool IsIndented(const std::string& line) { return line.starts_with("  "); }

// "task T1@0:" -> "T1"
std::string ActorOf(const std::string& header) {
  const size_t begin = header.find(' ') + 1;
  return header.substr(begin, header.find('@') - begin);
}

constexpr std::string_view kAfter = "  after ";

// "  after 12 -> T2" -> 12
uint64_t Steps(const std::string& decision) {
  uint64_t n = 0;
  std::from_chars(decision.data() + kAfter.size(), decision.data() + decision.size(), n);
  return n;
}

// A trace's lines, of which some go.
class Text {
 public:
  explicit Text(const Trace& trace) : lines_(Split(PrintTrace(trace))) {}

  size_t size() const { return lines_.size(); }
  const std::string& line(size_t i) const { return lines_[i]; }
  size_t schedule() const {
    return static_cast<size_t>(std::find(lines_.begin(), lines_.end(), "schedule:") -
                               lines_.begin());
  }
  bool IsOp(size_t i) const { return i < schedule() && IsIndented(lines_[i]) && HeaderOf(i) != 0; }
  bool IsPage(size_t i) const { return lines_[i].starts_with("page "); }
  bool IsDecision(size_t i) const {
    return i > schedule() && IsIndented(lines_[i]) && !lines_[i].starts_with("  start ");
  }

  // Anchors in ops behind it go on naming the same ops, those in it go.
  void DropOp(size_t i) {
    const size_t header = HeaderOf(i);
    const std::string anchor = "  at " + ActorOf(lines_[header]) + ".";
    const auto op = static_cast<int>(i - header);
    for (size_t d = lines_.size(); d-- > schedule();) {
      if (!lines_[d].starts_with(anchor)) continue;
      const size_t number = anchor.size(), end = lines_[d].find(' ', number);
      int n = 0;
      std::from_chars(lines_[d].data() + number, lines_[d].data() + end, n);
      if (n == op) Drop(d);
      if (n > op) lines_[d].replace(number, end - number, std::to_string(n - 1));
    }
    Drop(i);
  }
  void Drop(size_t i) { lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(i)); }
  // `after N` behind it goes on counting from where it counted.
  void DropDecision(size_t i) {
    if (i + 1 < lines_.size() && lines_[i].starts_with(kAfter) &&
        lines_[i + 1].starts_with(kAfter)) {
      const size_t end = lines_[i + 1].find(' ', kAfter.size());
      lines_[i + 1].replace(kAfter.size(), end - kAfter.size(),
                            std::to_string(Steps(lines_[i]) + Steps(lines_[i + 1])));
    }
    Drop(i);
  }
  void DropActor(size_t header) {
    do {
      Drop(header);
    } while (header < lines_.size() && IsIndented(lines_[header]));
  }
  void Replace(size_t i, std::string line) { lines_[i] = std::move(line); }

  // Drops what the parser then has no use for, line by line, until it is a trace. False if it never
  // becomes one.
  bool Parse(Trace* trace) {
    for (size_t tries = lines_.size(); tries > 0; tries--) {
      std::string text;
      for (const std::string& line : lines_) text += line + "\n";
      ParseError error;
      if (ParseTrace(text, "", trace, &error)) return true;
      const auto at = static_cast<size_t>(error.line);
      if (at == 0 || at > lines_.size() || !IsIndented(lines_[at - 1])) return false;
      if (IsOp(at - 1))
        DropOp(at - 1);
      else
        Drop(at - 1);
    }
    return false;
  }

 private:
  // The line that begins the program; 0 if none does.
  size_t HeaderOf(size_t i) const {
    while (i > 0 && IsIndented(lines_[i])) i--;
    return IsHeader(lines_[i]) ? i : 0;
  }

  Lines lines_;
};

class Removals {
 public:
  Removals(const Trace& trace, const RemovalOptions& options)
      : trace_(trace), options_(options), judge_(options.judge) {}

  RemovalResult Try() {
    // What the lane takes away or adds is not up to a removal.
    LaneReport report;
    FilterLane(&trace_, &report);
    ReplayChooser replay;
    result_.finding = RunOnce(executor_, judge_, trace_, replay).finding;
    if (!result_.finding) return result_;
    const Text whole(trace_);
    for (size_t i = 0; i < whole.size(); i++) {
      Text text = whole;
      const bool decision = whole.IsDecision(i);
      if (whole.IsOp(i)) text.DropOp(i);
      if (decision) text.DropDecision(i);
      if (whole.IsPage(i)) text.Drop(i);
      if (i < whole.schedule() && IsHeader(whole.line(i))) text.DropActor(i);
      if (text.size() == whole.size()) continue;
      Trace left;
      if (!text.Parse(&left)) continue;
      Judge(left, "without line " + std::to_string(i + 1) + ", `" + whole.line(i) + "`",
            decision ? What::schedule : What::program);
    }
    FewerRuns();
    SmallerNumbers();
    SmallerMachines();
    return result_;
  }

 private:
  enum class What { program, schedule, machine };

  // Of what was to be taken away there is less: an op that the lane adds again is not.
  bool IsSmaller(const Trace& left, What what) const {
    const auto runs = [](const Trace& trace) {
      int sum = 0;
      for (const Actor& actor : trace.actors) sum += actor.runs;
      return sum;
    };
    const auto values = [](const Trace& trace) {
      int64_t sum = 0;
      for (const Op& op : trace.ops)
        if (op.code == OpCode::fill || op.code == OpCode::rotate) sum += op.value;
      return sum;
    };
    switch (what) {
      case What::machine: return left.profile != trace_.profile;
      case What::schedule: return left.schedule.decisions.size() < trace_.schedule.decisions.size();
      case What::program:
        return left.ops.size() < trace_.ops.size() || runs(left) < runs(trace_) ||
               left.pages.size() < trace_.pages.size() ||
               (left.ops.size() == trace_.ops.size() && values(left) < values(trace_));
    }
    return false;
  }

  // Other schedules, which have decisions of their own, are tried of smaller programs only.
  void Judge(Trace left, const std::string& how, What what) {
    LaneReport report;
    FilterLane(&left, &report);
    std::string error;
    if (left.ops.size() > trace_.ops.size() || !IsSmaller(left, what) || !CheckTrace(left, &error))
      return;
    result_.tried++;
    ReplayChooser replay;
    bool fails = Fails(left, replay);
    left.schedule = {};
    RandomChooser random(options_.seed);
    const uint32_t schedules = what == What::program ? options_.random_schedules : 0;
    for (uint32_t n = 0; n < schedules && !fails; n++) fails = Fails(left, random);
    if (fails) result_.still_fail.push_back(how);
  }

  bool Fails(const Trace& left, Chooser& chooser) {
    const Finding finding = RunOnce(executor_, judge_, left, chooser).finding;
    return finding && SameFailure(finding, result_.finding);
  }

  void FewerRuns() {
    for (size_t a = 0; a < trace_.actors.size(); a++) {
      if (trace_.actors[a].runs < 2) continue;
      Trace left = trace_;
      left.actors[a].runs--;
      Judge(left, "with one run less of " + ActorName(trace_, static_cast<ActorId>(a)),
            What::program);
    }
  }

  // `fill N` and `rotate N`.
  void SmallerNumbers() {
    for (size_t i = 0; i < trace_.ops.size(); i++) {
      const Op& op = trace_.ops[i];
      const int least = op.code == OpCode::fill ? 1 : 0;
      if ((op.code != OpCode::fill && op.code != OpCode::rotate) || op.value <= least) continue;
      Trace left = trace_;
      left.ops[i].value--;
      Judge(left,
            "with `" + std::string(Info(op.code).name) + " " + std::to_string(op.value - 1) + "`",
            What::program);
    }
  }

  void SmallerMachines() {
    for (const ProfileField& field : ProfileFields()) {
      if (std::find(std::begin(kSizes), std::end(kSizes), field.name) == std::end(kSizes)) continue;
      const int now = trace_.profile.*field.member;
      const int next = field.power_of_two ? now / 2 : now - 1;
      if (next < field.min) continue;
      Trace left = trace_;
      left.profile.*field.member = next;
      Judge(left, "with " + std::string(field.name) + "=" + std::to_string(next), What::machine);
    }
  }

  Trace trace_;  // as its lane has it
  const RemovalOptions options_;
  Executor executor_;
  highmem::Judge judge_;
  RemovalResult result_;
};

}  // namespace

RemovalResult TryRemovals(const Trace& trace, const RemovalOptions& options) {
  return Removals(trace, options).Try();
}

}  // namespace highmem
