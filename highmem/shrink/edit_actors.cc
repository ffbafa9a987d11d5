// Edits of whole actors. (edit.h)
#include <algorithm>
#include <utility>

#include "highmem/shrink/edit.h"
#include "highmem/shrink/programs.h"
#include "highmem/trace/words.h"

namespace highmem {
namespace {

// Of the targets that have no actor, the field is 0.
bool NamesActor(const Decision& d) {
  return d.kind != DecisionKind::start &&
         (d.target.kind == TargetKind::actor || d.target.kind == TargetKind::migrate);
}

bool Names(const Cond& cond, ActorId actor) {
  return TakesTask(cond.quantity) && cond.who == actor;
}

bool HasCond(const VerdictDecl& v) {
  return v.kind == VerdictKind::forbid_cond || v.kind == VerdictKind::allow_cond ||
         v.kind == VerdictKind::final_cond;
}

// Gives every reference to an actor its new number; kGone drops what refers to it.
void RenumberActors(Trace* t, const std::vector<int>& to) {
  auto& decisions = t->schedule.decisions;
  std::erase_if(decisions, [&](const Decision& d) {
    const bool of = d.kind != DecisionKind::after && to[d.actor] == kGone;
    return of || (NamesActor(d) && to[d.target.actor] == kGone);
  });
  for (Decision& d : decisions) {
    if (d.kind != DecisionKind::after) d.actor = static_cast<ActorId>(to[d.actor]);
    if (NamesActor(d)) d.target.actor = static_cast<ActorId>(to[d.target.actor]);
  }
  std::erase_if(t->verdicts, [&](const VerdictDecl& v) {
    return HasCond(v) && TakesTask(v.cond.quantity) && to[v.cond.who] == kGone;
  });
  for (VerdictDecl& v : t->verdicts)
    if (HasCond(v) && TakesTask(v.cond.quantity)) v.cond.who = static_cast<uint8_t>(to[v.cond.who]);
  for (Cond& cond : t->conds)
    if (TakesTask(cond.quantity)) cond.who = static_cast<uint8_t>(to[cond.who]);
  std::erase_if(t->schedule.turns, [&](const Turn& turn) { return to[turn.actor] == kGone; });
  for (Turn& turn : t->schedule.turns) turn.actor = static_cast<ActorId>(to[turn.actor]);
  for (Op& op : t->ops) {
    if (Info(op.code).takes('a')) op.actor = static_cast<uint8_t>(to[op.actor]);
    if (IsForeign(op)) op.actor = static_cast<uint8_t>(to[op.actor - 1u] + 1);
  }
}

// Whose variables have gone from `from` to `to`, behind the `vars` that were there.
void FollowMerge(Trace* trace, ActorId to, ActorId from, int16_t vars) {
  for (size_t a = 0; a < trace->actors.size(); a++)
    for (uint32_t i = 0; i < trace->actors[a].op_count; i++) {
      Op& op = trace->ops[trace->actors[a].first_op + i];
      if (!IsForeign(op)) continue;
      if (op.actor == from + 1) {
        op.actor = static_cast<uint8_t>(to + 1);
        op.ref = static_cast<int16_t>(op.ref + vars);
      }
      if (op.actor == a + 1) op.actor = 0;
    }
}

}  // namespace

bool DropActor(Trace* trace, ActorId actor) {
  std::vector<uint8_t> keep(trace->ops.size(), 1);
  for (size_t a = 0; a < trace->actors.size(); a++)
    for (uint32_t i = 0; i < trace->actors[a].op_count; i++) {
      const Op& op = trace->op(static_cast<ActorId>(a), i);
      const bool asks =
          Info(op.code).takes('c') && Names(trace->conds[static_cast<size_t>(op.value)], actor);
      const bool names_it = (Info(op.code).takes('a') && op.actor == actor) || asks ||
                            (IsForeign(op) && op.actor == actor + 1);
      if (a == actor || names_it) keep[trace->actors[a].first_op + i] = 0;
    }
  if (trace->actors.size() == 1 || !KeepOps(trace, keep)) return false;
  std::vector<int> to;
  for (int a = 0, next = 0; a < static_cast<int>(trace->actors.size()); a++)
    to.push_back(a == actor ? kGone : next++);
  trace->actors.erase(trace->actors.begin() + actor);
  RenumberActors(trace, to);
  return Tidy(trace);
}

bool SwapActors(Trace* trace, ActorId a, ActorId b) {
  Programs programs(trace);
  std::swap(programs.of(a), programs.of(b));
  std::swap(trace->actors[a], trace->actors[b]);
  programs.Write();
  std::vector<int> to;
  for (int i = 0; i < static_cast<int>(trace->actors.size()); i++)
    to.push_back(i == a ? b : i == b ? a : i);
  RenumberActors(trace, to);
  return Tidy(trace);
}

bool MergeActors(Trace* trace, ActorId to, ActorId from, uint32_t at) {
  Programs programs(trace);
  Actor& actor = trace->actors[to];
  std::vector<Op> moved = programs.of(from);
  std::vector<Op>& ops = programs.of(to);
  const auto vars = static_cast<int16_t>(actor.vars.size());
  const auto added = static_cast<uint16_t>(moved.size());
  for (Op& op : moved) {
    if (op.var >= 0) op.var = static_cast<int16_t>(op.var + vars);
    if (op.ref >= 0 && !IsForeign(op)) op.ref = static_cast<int16_t>(op.ref + vars);
  }
  for (Decision& d : trace->schedule.decisions) {
    if (d.kind == DecisionKind::start && d.actor == from) d.actor = to;
    if (NamesActor(d) && d.target.actor == from) d.target.actor = to;
    if (d.kind != DecisionKind::at) continue;
    if (d.actor == to && d.op >= at) d.op = static_cast<uint16_t>(d.op + added);
    if (d.actor == from) {
      d.actor = to;
      d.op = static_cast<uint16_t>(d.op + at);
    }
  }
  actor.vars.resize(actor.vars.size() + trace->actors[from].vars.size());
  ops.insert(ops.begin() + at, moved.begin(), moved.end());
  programs.of(from).clear();
  trace->actors[from].vars.clear();
  programs.Write();
  for (Op& op : trace->ops)
    if (Info(op.code).takes('a') && op.actor == from) op.actor = to;
  for (Cond& cond : trace->conds)
    if (Names(cond, from)) cond.who = to;
  for (VerdictDecl& v : trace->verdicts)
    if (HasCond(v) && Names(v.cond, from)) v.cond.who = to;
  FollowMerge(trace, to, from, vars);
  return Tidy(trace) && DropActor(trace, from);
}

}  // namespace highmem
