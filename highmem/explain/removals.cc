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
    "cpus",    "low_pages",  "high_pages",   "page_size",  "line_size",    "last_pkmap",
    "colours", "km_max_idx", "hash_buckets", "spec_fills", "cache_evicts", "tlb_evicts",
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
    ReplayChooser replay;
    result_.finding = RunOnce(executor_, judge_, trace_, replay).finding;
    if (!result_.finding) return result_;
    const Text whole(trace_);
    for (size_t i = 0; i < whole.size(); i++) {
      Text text = whole;
      const bool decision = whole.IsDecision(i);
      if (whole.IsOp(i)) text.DropOp(i);
      if (decision) text.Drop(i);
      if (i < whole.schedule() && IsHeader(whole.line(i))) text.DropActor(i);
      if (text.size() == whole.size()) continue;
      Trace left;
      if (!text.Parse(&left)) continue;
      Judge(left, "without line " + std::to_string(i + 1) + ", `" + whole.line(i) + "`",
            decision ? 0 : options_.random_schedules);
    }
    FewerRuns();
    SmallerMachines();
    return result_;
  }

 private:
  // By what was to be taken away: an op that the lane adds again is none.
  bool IsSmaller(const Trace& left, bool decision) const {
    const auto runs = [](const Trace& trace) {
      int sum = 0;
      for (const Actor& actor : trace.actors) sum += actor.runs;
      return sum;
    };
    if (left.profile != trace_.profile) return true;
    if (decision) return left.schedule.decisions.size() < trace_.schedule.decisions.size();
    return left.ops.size() < trace_.ops.size() || runs(left) < runs(trace_);
  }

  // Other schedules are tried of what is smaller by more than its schedule and its machine: they
  // have decisions of their own.
  void Judge(Trace left, const std::string& how, uint32_t random_schedules) {
    LaneReport report;
    FilterLane(&left, &report);
    std::string error;
    if (left.ops.size() > trace_.ops.size() || !IsSmaller(left, random_schedules == 0) ||
        !CheckTrace(left, &error))
      return;
    result_.tried++;
    ReplayChooser replay;
    bool fails = Fails(left, replay);
    left.schedule = {};
    RandomChooser random(options_.seed);
    for (uint32_t n = 0; n < random_schedules && !fails; n++) fails = Fails(left, random);
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
            options_.random_schedules);
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
      Judge(left, "with " + std::string(field.name) + "=" + std::to_string(next), 0);
    }
  }

  const Trace& trace_;
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
