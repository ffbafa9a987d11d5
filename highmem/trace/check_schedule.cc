// The schedule: decisions and turns. (check_trace.h)
#include "highmem/machine/cache.h"
#include "highmem/trace/check_parts.h"

namespace highmem {
namespace {

using Where = TraceProblem::Where;

std::string WrongAnchor(const Trace& t, const Decision& d) {
  const Actor& actor = t.actors[d.actor];
  if (d.op >= actor.op_count)
    return Concat("expected an op of ", ActorName(t, d.actor), ", which has ", actor.op_count,
                  ", found number ", d.op + 1);
  if (!HasWord(d.prim) || d.prim == PrimKind::none)
    return Concat("expected a primitive, found number ", static_cast<int>(d.prim));
  if (d.behind && !Info(d.prim).after)
    return Concat("expected a primitive that opens a window, found '", WordOf(d.prim), "+'");
  if (d.nth == 0) return "expected an occurrence from #1 on, found #0";
  return {};
}

std::string WrongTarget(const Trace& t, const Target& target) {
  if (!HasWord(target.kind)) return "the target is of no known kind";
  Target plain;
  plain.kind = target.kind;
  const bool of_tlb = target.kind == TargetKind::fill || target.kind == TargetKind::evict;
  const bool migrates = target.kind == TargetKind::migrate;
  if (target.kind == TargetKind::actor || migrates) plain.actor = target.actor;
  if (target.kind != TargetKind::actor) plain.cpu = target.cpu;
  const bool of_cache = target.kind == TargetKind::writeback;
  if (of_tlb || of_cache) plain.where = target.where;
  if (!(plain == target))
    return Concat("a field that target '", WordOf(target.kind), "' does not use is set");
  if (target.actor >= t.actors.size())
    return Concat("expected an actor from 0 to ", t.actors.size() - 1, ", found ", target.actor);
  if (migrates && t.actors[target.actor].kind != ActorKind::task)
    return Concat("expected a task to migrate, found ", DescribeActor(t, target.actor));
  if (target.cpu >= t.profile.cpus)
    return Concat("expected a CPU from 0 to ", t.profile.cpus - 1, ", found ", target.cpu);
  if (of_tlb && target.where >= VpnCount(t.profile))
    return Concat("expected a virtual page from 0 to ", VpnCount(t.profile) - 1, ", found ",
                  target.where);
  const auto lines = static_cast<uint32_t>(CacheLineCount(t.profile));
  if (of_cache && lines == 0) return "expected a profile with a cache that software can see";
  if (of_cache && target.where >= lines)
    return Concat("expected a cache line from 0 to ", lines - 1, ", found ", target.where);
  return {};
}

bool DecisionIsSound(const Trace& t, size_t i, TraceProblem* problem) {
  const Decision& d = t.schedule.decisions[i];
  if (!HasWord(d.kind))
    return Fail(problem, Where::decision, i, "decision ", i, " is of no known kind");
  if (d.kind != DecisionKind::after && d.actor >= t.actors.size())
    return Fail(problem, Where::decision, i, "expected an actor from 0 to ", t.actors.size() - 1,
                ", found ", d.actor);
  Decision plain;  // what the kind lets count, the rest as it must be
  plain.kind = d.kind;
  if (d.kind != DecisionKind::after) plain.actor = d.actor;
  if (d.kind != DecisionKind::start) plain.target = d.target;
  if (d.kind == DecisionKind::after) plain.steps = d.steps;
  if (d.kind == DecisionKind::at) {
    plain.prim = d.prim;
    plain.behind = d.behind;
    plain.op = d.op;
    plain.nth = d.nth;
  }
  if (!(plain == d))
    return Fail(problem, Where::decision, i, "a field that '", WordOf(d.kind),
                "' does not use is set");
  std::string wrong;
  if (d.kind == DecisionKind::at) wrong = WrongAnchor(t, d);
  if (wrong.empty() && d.kind != DecisionKind::start) wrong = WrongTarget(t, d.target);
  return wrong.empty() || Fail(problem, Where::decision, i, wrong);
}

}  // namespace

bool CheckSchedule(const Trace& t, TraceProblem* problem) {
  const Schedule& s = t.schedule;
  if (!HasWord(s.kind))
    return Fail(problem, Where::schedule, 0, "the schedule is of no known kind");
  if (s.kind != ScheduleKind::decisions && !s.decisions.empty())
    return Fail(problem, Where::schedule, 0, "only a list of decisions can hold decisions");
  if (s.kind != ScheduleKind::order && !s.turns.empty())
    return Fail(problem, Where::schedule, 0, "only an order can hold turns");
  if (s.kind == ScheduleKind::random && s.runs == 0)
    return Fail(problem, Where::schedule, 0, "expected at least 1 random run, found 0");
  if (s.kind != ScheduleKind::random && (s.runs != 0 || s.seed != 0))
    return Fail(problem, Where::schedule, 0, "only random schedules have runs and a seed");
  for (const Turn& turn : s.turns) {
    if (turn.actor >= t.actors.size())
      return Fail(problem, Where::schedule, 0, "expected an actor from 0 to ", t.actors.size() - 1,
                  " in the order, found ", turn.actor);
    if (turn.ops == 0)
      return Fail(problem, Where::schedule, 0, "expected a turn of at least 1 op, found 0");
  }
  for (size_t i = 0; i < s.decisions.size(); i++)
    if (!DecisionIsSound(t, i, problem)) return false;
  return true;
}

}  // namespace highmem
