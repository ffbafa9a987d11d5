#include "highmem/trace/check_trace.h"

#include <algorithm>
#include <cstring>

#include "highmem/trace/check_parts.h"

namespace highmem {
namespace {

using Where = TraceProblem::Where;

// Decision::op is 16 bits wide.
constexpr uint32_t kMaxOps = 0xffff;
constexpr size_t kMaxAllVars = 0xffff;

bool ProfileIsSound(const Trace& t, TraceProblem* problem) {
  const Profile& p = t.profile;
  if (std::memchr(p.name, 0, sizeof(p.name)) == nullptr)
    return Fail(problem, Where::profile, 0, "the profile's name has no end");
  const Profile* named = FindProfile(p.name);
  if (named == nullptr)
    return Fail(problem, Where::profile, 0, "expected a known profile, found '", p.name, "'");
  if (std::memcmp(named->name, p.name, sizeof(p.name)) != 0)
    return Fail(problem, Where::profile, 0, "the profile's name is not padded with zeros");
  std::string error;
  return CheckProfile(p, &error) || Fail(problem, Where::profile, 0, error);
}

bool PagesFit(const Trace& t, TraceProblem* problem) {
  int low = 0;
  int high = 0;
  for (size_t i = 0; i < t.pages.size(); i++) {
    const PageDecl& page = t.pages[i];
    if (page.order > 1 || (page.order == 1 && t.profile.colours > 1))
      return Fail(problem, Where::page, i, "expected order 0, or without colours 1, found ",
                  page.order);
    (page.high ? high : low) += 1 << page.order;
    if (low > t.profile.low_pages)
      return Fail(problem, Where::page, i, "expected at most ", t.profile.low_pages,
                  " low pages, as the profile has, found one more");
    if (high > t.profile.high_pages)
      return Fail(problem, Where::page, i, "expected at most ", t.profile.high_pages,
                  " high pages, as the profile has, found one more");
    if (page.colour >= t.profile.colours)
      return Fail(problem, Where::page, i, "expected a colour from 0 to ", t.profile.colours - 1,
                  ", found ", page.colour);
    const int end = page.high ? t.profile.pages() : t.profile.low_pages;
    if (PfnOf(t, static_cast<int>(i)) + (1 << page.order) > end)
      return Fail(problem, Where::page, i, "expected at most as many ", page.high ? "high" : "low",
                  " pages of colour ", page.colour, " as the profile has, found one more");
  }
  return true;
}

bool ActorIsSound(const Trace& t, size_t i, TraceProblem* problem) {
  const Actor& actor = t.actors[i];
  if (!HasWord(actor.kind))
    return Fail(problem, Where::actor, i, "actor ", i, " is of no known kind");
  if (actor.cpu >= t.profile.cpus)
    return Fail(problem, Where::actor, i, "expected a CPU from 0 to ", t.profile.cpus - 1,
                ", found ", actor.cpu);
  if (actor.kind == ActorKind::task && actor.runs != 1)
    return Fail(problem, Where::actor, i, "a task runs once, found ", actor.runs, " runs");
  if (actor.runs == 0)
    return Fail(problem, Where::actor, i, "expected a handler to run at least once, found x0");
  if (actor.op_count > kMaxOps)
    return Fail(problem, Where::actor, i, "expected at most ", kMaxOps, " ops, found ",
                actor.op_count);
  if (actor.vars.size() > kMaxVars)
    return Fail(problem, Where::actor, i, "expected at most ", kMaxVars, " variables, found ",
                actor.vars.size());
  return true;
}

bool ActorsFit(const Trace& t, TraceProblem* problem) {
  if (t.actors.empty()) return Fail(problem, Where::trace, 0, "expected an actor, found none");
  if (t.actors.size() > kMaxActors)
    return Fail(problem, Where::actor, kMaxActors, "expected at most ", kMaxActors,
                " actors, found ", t.actors.size());
  int tasks = 0;
  uint64_t ops = 0;
  size_t vars = 0;
  for (size_t i = 0; i < t.actors.size(); i++) {
    if (!ActorIsSound(t, i, problem)) return false;
    const Actor& actor = t.actors[i];
    tasks += actor.kind == ActorKind::task;
    if (tasks > kMaxTasks)
      return Fail(problem, Where::actor, i, "expected at most ", kMaxTasks,
                  " tasks, found one more");
    if (actor.first_op != ops)
      return Fail(problem, Where::actor, i, "ops of actor ", i,
                  " do not follow those of the actor before it");
    ops += actor.op_count;
    vars += actor.vars.size();
  }
  if (vars > kMaxAllVars)
    return Fail(problem, Where::trace, 0, "expected at most ", kMaxAllVars, " variables, found ",
                vars);
  return ops == t.ops.size() ||
         Fail(problem, Where::trace, 0, "the actors have ", ops, " ops, the trace ", t.ops.size());
}

// High frames up to the last one that is declared.
int HighFrames(const Trace& t) {
  int last = t.profile.low_pages - 1;
  for (size_t i = 0; i < t.pages.size(); i++)
    if (t.pages[i].high)
      last = std::max<int>(last, PfnOf(t, static_cast<int>(i)) + (1 << t.pages[i].order) - 1);
  return last + 1 - t.profile.low_pages;
}

bool FillersFit(const Trace& t, TraceProblem* problem) {
  const auto high =
      std::count_if(t.pages.begin(), t.pages.end(), [](const PageDecl& page) { return page.high; });
  if (HighFrames(t) + FillerCount(t) <= t.profile.high_pages) return true;
  size_t last = t.ops.size() - 1;
  while (t.ops[last].code != OpCode::fill && t.ops[last].code != OpCode::rotate) last--;
  return Fail(problem, Where::op, last, "expected at most ", t.profile.high_pages,
              " high pages, as the profile has, found ", high, " declared and ", FillerCount(t),
              " taken by fill and rotate");
}

}  // namespace

bool CheckMachine(const Trace& trace, TraceProblem* problem) {
  return ProfileIsSound(trace, problem) && PagesFit(trace, problem) && ActorsFit(trace, problem);
}

bool FindProblem(const Trace& trace, TraceProblem* problem) {
  return !(CheckMachine(trace, problem) && CheckNames(trace, problem) &&
           CheckPrograms(trace, problem) && FillersFit(trace, problem) &&
           CheckSchedule(trace, problem) && CheckVerdicts(trace, problem));
}

int64_t FillerCount(const Trace& trace) {
  int64_t fillers = 0;
  bool rotates = false;
  for (const Op& op : trace.ops) {
    if (op.code == OpCode::fill) fillers += op.value;
    rotates |= op.code == OpCode::rotate;
  }
  return fillers + (rotates ? trace.profile.last_pkmap + trace.profile.colours : 0);
}

}  // namespace highmem
