#include "highmem/trace/lane.h"

#include <algorithm>
#include <string>

namespace highmem {
namespace {

constexpr uint32_t kDropped = ~0u;

// Memory that one call after the other uses again.
struct FilterScratch {
  LaneState state;
  std::vector<Op> ops;
  std::vector<Expect> expects;
  std::vector<Cond> conds;
  std::vector<uint32_t> moved_to;  // by old flat index: new index within the actor's program
  std::vector<int16_t> new_var;    // by old variable of one actor, or -1
  std::vector<std::string> names;
};

FilterScratch& GetFilterScratch() {
  static FilterScratch* const scratch = new FilterScratch;
  return *scratch;
}

class Filter {
 public:
  Filter(Trace* trace, LaneReport* report, FilterScratch& scratch)
      : trace_(*trace), report_(*report), scratch_(scratch) {
    scratch.state.Begin(*trace);
    scratch.ops.clear();
    scratch.expects.clear();
    scratch.conds.clear();
    scratch.moved_to.assign(trace->ops.size(), kDropped);
  }

  void Programs() {
    for (size_t a = 0; a < trace_.actors.size(); a++) Program(static_cast<ActorId>(a));
  }

  // After Programs. Rewrites what refers to ops by number.
  void Schedule() {
    auto& decisions = trace_.schedule.decisions;
    report_.lost_decisions =
        static_cast<uint32_t>(std::erase_if(decisions, [this](Decision& d) { return !Moved(&d); }));
    for (size_t a = 0; a < trace_.actors.size(); a++) Turns(static_cast<ActorId>(a));
    std::erase_if(trace_.schedule.turns, [](const Turn& turn) { return turn.ops == 0; });
    const bool no_order =
        trace_.schedule.kind == ScheduleKind::order && trace_.schedule.turns.empty();
    if (no_order) trace_.schedule.kind = ScheduleKind::decisions;
  }

  void Replace() {
    for (size_t a = 0; a < trace_.actors.size(); a++) {
      Actor& actor = trace_.actors[a];
      actor.first_op = first_[a];
      actor.op_count = End(static_cast<ActorId>(a)) - first_[a];
    }
    trace_.ops.swap(scratch_.ops);
    trace_.expects.swap(scratch_.expects);
    trace_.conds.swap(scratch_.conds);
    for (const SkippedOp& skipped : report_.skipped)
      if (Info(skipped.code).makes != Makes::none) Variables(skipped.actor);
  }

 private:
  uint32_t Size() const { return static_cast<uint32_t>(scratch_.ops.size()); }

  // One past the actor's last op, in the new list.
  uint32_t End(ActorId a) const { return a + 1u < trace_.actors.size() ? first_[a + 1] : Size(); }

  uint32_t MovedTo(ActorId actor, uint32_t op) const {
    const Actor& a = trace_.actors[actor];
    return op < a.op_count ? scratch_.moved_to[a.first_op + op] : kDropped;
  }

  // Gives an anchor its op's new number. The beginning of an op that is gone is the beginning of
  // the next one, or of the releases; anchors within it are lost.
  bool Moved(Decision* d) const {
    if (d->kind != DecisionKind::at) return true;
    const bool beginning = d->prim == PrimKind::op;
    const uint32_t ops = trace_.actors[d->actor].op_count;
    uint32_t op = d->op;
    while (beginning && op < ops && MovedTo(d->actor, op) == kDropped) op++;
    const uint32_t to = op < ops ? MovedTo(d->actor, op) : kept_[d->actor];
    if (to == kDropped || to == End(d->actor) - first_[d->actor]) return false;
    d->op = static_cast<uint16_t>(to);
    return true;
  }

  void Program(ActorId a) {
    const Actor& actor = trace_.actors[a];
    first_[a] = Size();
    const uint32_t last = actor.op_count - 1;
    const bool loops = actor.op_count > 0 && actor.kind == ActorKind::task &&
                       trace_.op(a, last).code == OpCode::loop;
    if (loops) scratch_.state.SetLoops(a);
    for (uint32_t i = 0; i < actor.op_count; i++) {
      const Op& op = trace_.op(a, i);
      SkipReason why = scratch_.state.Check(a, op);
      if (op.code == OpCode::loop && i != last) why = SkipReason::loop_place;
      if (why != SkipReason::none) {
        report_.skipped.push_back({a, op.code, why, i});
        continue;
      }
      if (op.code == OpCode::loop) Release(a);
      scratch_.moved_to[actor.first_op + i] = Size() - first_[a];
      scratch_.state.Apply(a, op);
      Keep(op);
      report_.kept++;
    }
    kept_[a] = Size() - first_[a];
    if (!loops) Release(a);
  }

  void Keep(Op op) {
    if (op.code == OpCode::check) {
      scratch_.conds.push_back(trace_.conds[static_cast<size_t>(op.value)]);
      op.value = static_cast<int32_t>(scratch_.conds.size()) - 1;
    }
    const auto expects = trace_.expects.begin() + op.expect_first;
    if (op.expect_count > 0) op.expect_first = static_cast<uint32_t>(scratch_.expects.size());
    scratch_.expects.insert(scratch_.expects.end(), expects, expects + op.expect_count);
    scratch_.ops.push_back(op);
  }

  void Release(ActorId a) {
    Op op;
    while (scratch_.state.NextRelease(a, &op)) {
      scratch_.state.Apply(a, op);
      scratch_.ops.push_back(op);
      report_.appended++;
    }
  }

  // After Replace. A trace numbers variables in the order in which they are first made, and has no
  // others; names stay.
  void Variables(ActorId a) {
    Actor& actor = trace_.actors[a];
    scratch_.new_var.assign(actor.vars.size(), -1);
    scratch_.names.clear();
    const auto renumber = [this](int16_t var) { return var < 0 ? var : scratch_.new_var[var]; };
    for (uint32_t i = 0; i < actor.op_count; i++) {
      Op& op = trace_.ops[actor.first_op + i];
      if (op.var >= 0 && scratch_.new_var[op.var] < 0) {
        scratch_.new_var[op.var] = static_cast<int16_t>(scratch_.names.size());
        scratch_.names.push_back(VarName(trace_, a, op.var));
      }
      op.var = renumber(op.var);
      op.ref = renumber(op.ref);
    }
    actor.vars.resize(scratch_.names.size());
    for (size_t v = 0; v < actor.vars.size(); v++) {
      actor.vars[v].clear();
      if (VarName(trace_, a, static_cast<int>(v)) != scratch_.names[v])
        actor.vars[v].swap(scratch_.names[v]);
    }
  }

  // A turn means the actor's next ops: it shrinks by those of them that are gone.
  void Turns(ActorId a) {
    uint32_t next = 0;
    for (Turn& turn : trace_.schedule.turns) {
      if (turn.actor != a) continue;
      const uint32_t end =
          std::min(trace_.actors[a].op_count, next + std::min(turn.ops, kDropped - next));
      for (; next < end; next++)
        if (MovedTo(a, next) == kDropped) turn.ops--;
    }
  }

  Trace& trace_;
  LaneReport& report_;
  FilterScratch& scratch_;
  uint32_t first_[kMaxActors] = {};
  uint32_t kept_[kMaxActors] = {};  // ops of the program before its releases
};

}  // namespace

void FilterLane(Trace* trace, LaneReport* report) {
  report->Clear();
  if (trace->misuse) {
    report->kept = static_cast<uint32_t>(trace->ops.size());
    return;
  }
  Filter filter(trace, report, GetFilterScratch());
  filter.Programs();
  filter.Schedule();
  filter.Replace();
}

}  // namespace highmem
