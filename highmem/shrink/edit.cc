#include "highmem/shrink/edit.h"

#include <algorithm>
#include <bit>
#include <string>
#include <utility>

#include "highmem/shrink/programs.h"
#include "highmem/trace/helper_op.h"
#include "highmem/trace/lane.h"

namespace highmem {
namespace {

int16_t Renumbered(const std::vector<int>& to, int16_t n) {
  return n < 0 ? n : static_cast<int16_t>(to[static_cast<size_t>(n)]);
}

template <typename Change>
void ForEachPageUse(Trace* t, Change change) {
  for (Op& op : t->ops) {
    if (op.page >= 0) op.page = change(op.page);
    if (IsHelper(op.code)) {
      if (HelperFormOf(op.code).source)
        SetSourcePage(&op, change(static_cast<int16_t>(SourcePageOf(op))));
      continue;
    }
    uint32_t any = 0;
    for (uint32_t m = op.any; m != 0; m &= m - 1)
      any |= 1u << change(static_cast<int16_t>(std::countr_zero(m)));
    op.any = any;
  }
  for (Cond& cond : t->conds)
    if (cond.page >= 0) cond.page = change(cond.page);
  for (VerdictDecl& v : t->verdicts)
    if (v.cond.page >= 0) v.cond.page = change(v.cond.page);
}

// Drops ops of one program whose variable nobody has made, or finds them another.
std::vector<int> CloseOverVariables(Programs* programs, size_t actor, size_t vars, bool retarget,
                                    const std::vector<int16_t>& page_of_var) {
  std::vector<Op>* ops = &programs->of(actor);
  std::vector<int> to(ops->size(), kGone);
  std::vector<uint8_t> made(vars, 0);
  int newest = kGone;
  std::vector<Op> kept;
  for (size_t i = 0; i < ops->size(); i++) {
    Op op = (*ops)[i];
    if (IsForeign(op)) {
      if (!programs->Makes(op.actor - 1u, op.ref)) continue;
    } else if (op.ref >= 0 && made[static_cast<size_t>(op.ref)] == 0) {
      if (!retarget) continue;
      const int16_t page = page_of_var[static_cast<size_t>(op.ref)];
      if (op.code == OpCode::kunmap && page >= 0) {
        op.ref = -1;
        op.page = page;
      } else if (newest != kGone) {
        op.ref = static_cast<int16_t>(newest);
      } else {
        continue;
      }
    }
    if (op.var >= 0) {
      made[static_cast<size_t>(op.var)] = 1;
      newest = op.var;
    }
    to[i] = static_cast<int>(kept.size());
    kept.push_back(op);
  }
  *ops = std::move(kept);
  return to;
}

// Numbers variables in the order in which they are made. Returns the new numbers.
std::vector<int> RenumberVars(std::vector<Op>* ops, Actor* actor) {
  std::vector<int> to(actor->vars.size(), kGone);
  std::vector<std::string> names;
  for (Op& op : *ops) {
    if (!IsForeign(op)) op.ref = Renumbered(to, op.ref);
    if (op.var < 0) continue;
    int& number = to[static_cast<size_t>(op.var)];
    if (number == kGone) {
      number = static_cast<int>(names.size());
      names.push_back(actor->vars[static_cast<size_t>(op.var)]);
    }
    op.var = static_cast<int16_t>(number);
  }
  actor->vars = std::move(names);
  return to;
}

void ForgetNames(Trace* t) {
  for (PageDecl& page : t->pages) page.name.clear();
  for (Actor& actor : t->actors) {
    actor.name.clear();
    for (std::string& var : actor.vars) var.clear();
  }
}

bool Passes(const Trace& trace) {
  std::string error;
  return CheckTrace(trace, &error);
}

}  // namespace

bool Tidy(Trace* trace) {
  Programs programs(trace);
  std::vector<std::vector<int>> new_vars;
  for (size_t a = 0; a < trace->actors.size(); a++) {
    const size_t vars = trace->actors[a].vars.size();
    RenumberAnchors(trace, static_cast<ActorId>(a),
                    CloseOverVariables(&programs, a, vars, false, {}));
  }
  for (size_t a = 0; a < trace->actors.size(); a++)
    new_vars.push_back(RenumberVars(&programs.of(a), &trace->actors[a]));
  for (size_t a = 0; a < trace->actors.size(); a++)
    for (Op& op : programs.of(a))
      if (IsForeign(op)) op.ref = Renumbered(new_vars[op.actor - 1u], op.ref);
  programs.Write();
  if (Passes(*trace)) return true;
  ForgetNames(trace);
  return Passes(*trace);
}

bool IntoLane(Trace* trace) {
  LaneReport report;
  FilterLane(trace, &report);
  return Tidy(trace);
}

bool KeepOps(Trace* trace, const std::vector<uint8_t>& keep, bool retarget) {
  Programs programs(trace);
  for (size_t a = 0; a < trace->actors.size(); a++) {
    const Actor& actor = trace->actors[a];
    std::vector<Op>& ops = programs.of(a);
    std::vector<int16_t> page_of_var(actor.vars.size(), kGone);
    for (const Op& op : ops)
      if (op.var >= 0) page_of_var[static_cast<size_t>(op.var)] = op.page;
    std::vector<int> kept_at(ops.size(), kGone);
    std::vector<Op> kept;
    for (size_t i = 0; i < ops.size(); i++) {
      if (keep[actor.first_op + i] == 0) continue;
      kept_at[i] = static_cast<int>(kept.size());
      kept.push_back(ops[i]);
    }
    ops = std::move(kept);
    const std::vector<int> to =
        CloseOverVariables(&programs, a, actor.vars.size(), retarget, page_of_var);
    for (int& at : kept_at)
      if (at != kGone) at = to[static_cast<size_t>(at)];
    RenumberAnchors(trace, static_cast<ActorId>(a), kept_at);
  }
  programs.Write();
  return Tidy(trace);
}

bool FillInstead(Trace* trace, uint32_t op) {
  if (trace->ops[op].code != OpCode::kmap) return false;
  Op fill;
  fill.code = OpCode::fill;
  fill.value = 1;
  trace->ops[op] = fill;
  // Before anything is checked: the filler may need the frame of the page.
  return DropUnusedPages(trace);
}

bool JoinFills(Trace* trace, uint32_t op) {
  for (const Actor& actor : trace->actors) {
    if (op < actor.first_op || op >= actor.first_op + actor.op_count) continue;
    for (uint32_t before = op; before-- > actor.first_op;) {
      if (trace->ops[op].code != OpCode::fill || trace->ops[before].code != OpCode::fill) continue;
      trace->ops[before].value += trace->ops[op].value;
      std::vector<uint8_t> keep(trace->ops.size(), 1);
      keep[op] = 0;
      return KeepOps(trace, keep);
    }
  }
  return false;
}

bool FillMoreInstead(Trace* trace, uint32_t op, uint32_t fill) {
  if (trace->ops[op].code != OpCode::kmap || trace->ops[fill].code != OpCode::fill) return false;
  trace->ops[fill].value++;
  std::vector<uint8_t> keep(trace->ops.size(), 1);
  keep[op] = 0;
  return KeepOps(trace, keep) && DropUnusedPages(trace);
}

bool MergePages(Trace* trace, int from, int to) {
  ForEachPageUse(trace,
                 [&](int16_t page) { return static_cast<int16_t>(page == from ? to : page); });
  return Tidy(trace);
}

bool DropUnusedPages(Trace* trace) {
  std::vector<uint8_t> used(trace->pages.size(), 0);
  ForEachPageUse(trace, [&](int16_t page) {
    used[static_cast<size_t>(page)] = 1;
    return page;
  });
  std::vector<int> to(trace->pages.size(), kGone);
  std::vector<PageDecl> kept;
  for (size_t i = 0; i < used.size(); i++) {
    if (used[i] == 0) continue;
    to[i] = static_cast<int>(kept.size());
    kept.push_back(trace->pages[i]);
  }
  ForEachPageUse(trace,
                 [&](int16_t page) { return static_cast<int16_t>(to[static_cast<size_t>(page)]); });
  trace->pages = std::move(kept);
  return Tidy(trace);
}

bool DropDecisions(Trace* trace, size_t begin, size_t end) {
  auto& decisions = trace->schedule.decisions;
  if (end > decisions.size()) return false;
  const auto first = decisions.begin() + static_cast<std::ptrdiff_t>(begin);
  const auto behind = decisions.begin() + static_cast<std::ptrdiff_t>(end);
  if (behind != decisions.end() && behind->kind == DecisionKind::after)
    for (auto d = first; d != behind; ++d) behind->steps += d->steps;
  decisions.erase(first, behind);
  return Tidy(trace);
}

}  // namespace highmem
