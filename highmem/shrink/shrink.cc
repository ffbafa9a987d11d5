#include "highmem/shrink/shrink.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "highmem/shrink/anchor.h"
#include "highmem/shrink/edit.h"
#include "highmem/shrink/shrinker.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

constexpr uint64_t kQuickShare = 10;
constexpr int kThoroughShare = 10;
constexpr uint32_t kMostAnchors = 24;
constexpr int kMostRounds = 8;
constexpr uint64_t kRunsBeforeSearch = 3;  // of a candidate: anchored, numbered, without decisions

Trace Program(const Trace& trace) {
  Trace program = trace;
  program.schedule = {};
  return program;
}

int Overrides(const Profile& profile, const Profile& named) {
  int n = 0;
  for (const ProfileField& field : ProfileFields())
    n += profile.*field.member != named.*field.member;
  return n;
}

}  // namespace

// What is not judged would only be wrong in the end.
bool Shrinker::Normalize() {
  if (!options_.judge.expectations) {
    for (Op& op : best_.ops) op.expect_count = op.expect_first = 0;
    best_.expects.clear();
    best_.verdicts.clear();
  }
  const Finding finding = lab_.FirstFailure(&best_);
  if (!finding) return false;
  lab_.Want(finding, best_);
  return lab_.Fails(&best_);
}

void Shrinker::SetBest(Trace trace) {
  best_ = std::move(trace);
  size_ = SizeOf(best_);
  anchored_ = best_;
  // Anchors of long lists cost a run each and do not live long.
  if (size_.decisions <= kMostAnchors)
    anchored_.schedule.decisions = AnchoredDecisions(lab_.executor(), best_);
}

bool Shrinker::Accept(Trace trace) {
  ahead_.Cancel();
  SetBest(std::move(trace));
  if (progress_) progress_({size_, tries_, lab_.seconds()});
  return true;
}

// With how many decisions the whole would still be smaller than the best so far.
bool Shrinker::SizeAllows(const TraceSize& program, int* max_decisions) const {
  TraceSize size = program;
  size.decisions = 0;
  size.starts = 0;
  if (!(size < size_)) return false;
  *max_decisions = options_.max_decisions;
  if (size.ops < size_.ops || size.actors < size_.actors) return true;
  size.decisions = size_.decisions;
  const int fewer = static_cast<int>(size_.decisions) - (size < size_ ? 0 : 1);
  *max_decisions = std::min(*max_decisions, fewer);
  return fewer >= 0;
}

bool Shrinker::TryProgram(const Trace& anchored, const Trace& numbered, bool* certain) {
  tries_++;
  *certain = true;
  int max_decisions;
  if (!SizeAllows(SizeOf(anchored), &max_decisions)) return false;
  *certain = false;
  Trace program = Program(anchored);
  std::string text = PrintTrace(program);
  const Candidate candidate = {
      anchored,
      numbered,
      std::move(program),
      std::move(text),
      max_decisions,
      thorough_ ? options_.max_states * kThoroughShare
      : quick_  ? options_.max_states / kQuickShare
                : options_.max_states,
      options_.random_schedules * (thorough_ ? kThoroughShare : 1),
  };
  if (LookedAhead(candidate, certain)) return false;
  Trace found;
  const double begin = lab_.seconds();
  const bool fails = Look(candidate, &found, certain);
  last_look_ = lab_.seconds() - begin;
  return fails && Accept(std::move(found));
}

bool Shrinker::Look(const Candidate& candidate, Trace* found, bool* certain) {
  for (const Trace* trace : {&candidate.anchored, &candidate.numbered, &candidate.program}) {
    *found = *trace;
    if (lab_.Fails(found) && SizeOf(*found) < size_) return true;
  }
  if (KnownToPass(candidate, certain)) return false;
  *found = candidate.program;
  if (lab_.FailsSomehow(found, candidate.max_states, candidate.max_decisions, certain) ||
      (!*certain && lab_.FailsAtRandom(found, candidate.random_schedules)))
    return SizeOf(*found) < size_;
  failed_[candidate.text] = {candidate.max_states, candidate.max_decisions, *certain};
  return false;
}

bool Shrinker::KnownToPass(const Candidate& candidate, bool* certain) {
  const Failure known = failed_[candidate.text];
  *certain = known.certain;
  return known.max_decisions >= candidate.max_decisions &&
         (known.certain || known.max_states >= candidate.max_states);
}

bool Shrinker::LookedAhead(const Candidate& candidate, bool* certain) {
  if (ahead_.off()) return false;
  if (ahead_.Skip()) return true;
  const uint64_t key = std::hash<std::string>()(
      PrintTrace(candidate.anchored) + PrintTrace(candidate.numbered) +
      std::to_string(candidate.max_decisions) + " " + std::to_string(candidate.max_states));
  if (ahead_.in_copy()) LookAndTell(candidate, key);
  if (const auto answer = ahead_.Take(key)) {
    // A copy that was stopped has looked long enough for both.
    if (!answer->useful) return Stopped();
    // The copy did not know what has been found out since it began.
    if (KnownToPass(candidate, certain)) {
      lab_.Count(kRunsBeforeSearch, 0);
      return true;
    }
    *certain = answer->certain;
    if (answer->searched)
      failed_[candidate.text] = {answer->max_states, answer->max_decisions, answer->certain};
    lab_.Count(answer->runs, answer->states);
    return true;
  }
  // Not for what takes less time than a process does.
  if (last_look_ < options_.worth_a_process) return false;
  ahead_.Start();
  return ahead_.Skip();
}

void Shrinker::LookAndTell(const Candidate& candidate, uint64_t key) {
  const uint64_t runs = lab_.runs(), states = lab_.states(), others = lab_.others_noted();
  bool certain = false;
  Trace found;
  const bool fails = Look(candidate, &found, &certain);
  const Failure& how = failed_[candidate.text];
  ahead_.Tell({.key = key,
               .useful = !fails && others == lab_.others_noted() && !Stopped(),
               .certain = certain,
               .searched = how.max_decisions >= 0,
               .max_states = how.max_states,
               .max_decisions = how.max_decisions,
               .runs = lab_.runs() - runs,
               .states = lab_.states() - states});
}

bool Shrinker::Try(const Edit& edit, bool removal) {
  if (Stopped()) return false;
  Trace anchored = anchored_, numbered = best_;
  const bool made =
      edit(&anchored) && IntoLane(&anchored) && edit(&numbered) && IntoLane(&numbered);
  bool certain = true;
  const bool kept = made && TryProgram(anchored, numbered, &certain);
  if (removal && !kept) {
    removals_++;
    proven_ += certain;
  }
  return kept;
}

bool Shrinker::Lap() {
  removals_ = proven_ = 0;
  // While there is much of everything, a smaller machine has its best chance.
  bool any = Machine();
  any |= Decisions();
  for (auto chunk = static_cast<uint32_t>(best_.ops.size() / 2); chunk > 1; chunk /= 2)
    any |= Ops(chunk);
  any |= Actors();
  any |= Ops(1);
  any |= Fills();
  any |= Operands();
  any |= Extras();
  if (!any && !quick_ && size_.ops <= kFewOps) any = PairsOfOps();
  return any;
}

void Shrinker::Rounds() {
  quick_ = true;
  while (!Stopped() && Lap()) {
  }
  quick_ = false;
  // A decision at another moment may do what took two before.
  for (int i = 0; i < kMostRounds; i++) {
    while (!Stopped() && Lap()) {
    }
    if (!Moments()) break;
  }
}

// The machine stays; its name becomes that of the profile it differs from least.
void Shrinker::NameProfile() {
  Profile& profile = anchored_.profile;
  Profile nearest = *FindProfile(profile.name);
  for (const Profile& named : NamedProfiles())
    if (Overrides(profile, named) < Overrides(profile, nearest)) nearest = named;
  std::copy(std::begin(nearest.name), std::end(nearest.name), profile.name);
}

ShrinkResult Shrinker::Run(const Trace& failing) {
  ShrinkResult result;
  result.trace = failing;
  best_ = failing;
  if (Normalize()) {
    SetBest(best_);
    result.before = size_;
    Rounds();
    ahead_.EndCopy();
    NameProfile();
    result.trace = anchored_;
    result.finding = lab_.Run(anchored_);
    result.begun = lab_.OpsBegun(anchored_);
    result.minimal = !Stopped();
  } else {
    result.before = SizeOf(failing);
  }
  result.after = SizeOf(result.trace);
  result.tries = tries_;
  result.runs = lab_.runs();
  result.states = lab_.states();
  result.seconds = lab_.seconds();
  result.removals_tried = removals_;
  result.removals_proven = proven_;
  result.others = std::move(lab_.others());
  std::sort(
      result.others.begin(), result.others.end(),
      [](const OtherFailure& a, const OtherFailure& b) { return a.finding.id < b.finding.id; });
  return result;
}

ShrinkResult Shrink(const Trace& failing, const ShrinkOptions& options,
                    const std::function<void(const ShrinkProgress&)>& progress) {
  return Shrinker(options, progress).Run(failing);
}

std::string ShrinkText(const ShrinkResult& result) {
  char seconds[32];
  std::snprintf(seconds, sizeof(seconds), "%.1f s", result.seconds);
  std::string text = "shrunk from " + SizeText(result.before) + " in " + seconds;
  if (result.minimal)
    text += "; each of " + std::to_string(result.removals_tried) + " single removals passes";
  else
    text += "; cut off, not minimal";
  if (result.others.empty()) return text;
  text += "; " + std::to_string(result.others.size()) + " other failure" +
          (result.others.size() == 1 ? "" : "s") + " met:";
  for (const OtherFailure& other : result.others)
    text += " " + std::string(Info(other.finding.id).name);
  return text;
}

}  // namespace highmem
