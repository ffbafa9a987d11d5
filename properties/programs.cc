#include "properties/programs.h"

#include <algorithm>
#include <ostream>
#include <vector>

#include "highmem/trace/lane.h"
#include "highmem/trace/lane_state.h"
#include "highmem/trace/text.h"

namespace highmem::properties {
namespace {

int Below(int n) { return *rc::gen::noShrink(rc::gen::inRange(0, std::max(1, n))); }

template <typename T>
T OneOf(const std::vector<T>& values) {
  return values[static_cast<size_t>(Below(static_cast<int>(values.size())))];
}

// Ops that a program of the family tries, as often as they stand here.
const std::vector<OpCode>& Wishes(Family family) {
  using enum OpCode;
  static const std::vector<OpCode> pkmap = {kmap,         kmap,  kmap,   kmap,
                                            kunmap,       load,  store,  page_address,
                                            post,         take,  yield,  kmap_flush_unused,
                                            kmap_to_page, lock,  unlock, preempt_disable,
                                            irq_save,     kunmap};
  static const std::vector<OpCode> local = {kmap_local_page,
                                            kmap_local_page,
                                            kmap_local_page,
                                            kunmap_local,
                                            kunmap_local,
                                            kmap_atomic,
                                            kunmap_atomic,
                                            load,
                                            load,
                                            store,
                                            store,
                                            yield,
                                            get_user,
                                            kmap,
                                            kunmap,
                                            kmap_to_page,
                                            fork,
                                            local_bh_disable,
                                            local_bh_enable,
                                            preempt_disable,
                                            preempt_enable,
                                            irq_save,
                                            irq_restore,
                                            kmap_local_pfn,
                                            kmap_atomic_pfn,
                                            exit_to_user};
  static const std::vector<OpCode> atomic = {kmap_atomic,
                                             kmap_atomic,
                                             kmap_atomic,
                                             kmap_atomic,
                                             kunmap_atomic,
                                             kunmap_atomic,
                                             kunmap_atomic,
                                             load,
                                             load,
                                             store,
                                             store,
                                             get_user,
                                             kmap,
                                             kunmap,
                                             local_bh_disable,
                                             local_bh_enable,
                                             preempt_enable,
                                             preempt_disable,
                                             irq_save,
                                             irq_restore,
                                             kmap_atomic_pfn,
                                             yield};
  static const std::vector<OpCode> nested = {kmap_atomic, kmap_atomic, kunmap_atomic, load, load,
                                             store,       store,       get_user,      yield};
  switch (family) {
    case Family::pkmap: return pkmap;
    case Family::atomic: return atomic;
    case Family::nested: return nested;
    case Family::local:
    case Family::handlers: break;
  }
  return local;
}

// Slots that the valid lane lets this kind of actor use.
std::vector<KmType> SlotsOf(ActorKind kind) {
  std::vector<KmType> slots;
  for (int n = 0; n < kKmTypes; n++) {
    const auto type = static_cast<KmType>(n);
    const KmTypeInfo& info = Info(type);
    bool its = !info.nmi && !info.hardirq && !info.softirq;
    if (kind == ActorKind::nmi) its = info.nmi;
    if (kind == ActorKind::irq) its = info.hardirq;
    if (kind == ActorKind::softirq) its = info.softirq && !info.hardirq;
    if (its) slots.push_back(type);
  }
  return slots;
}

// Adds random admissible ops to one actor after the other.
class Author {
 public:
  Author(Trace* trace, Family family) : trace_(*trace), family_(family) { state_.Begin(trace_); }

  void Write(ActorId actor, int ops) {
    trace_.actors[actor].first_op = static_cast<uint32_t>(trace_.ops.size());
    for (int i = 0; i < ops; i++) {
      Op op;
      bool found = false;
      for (int tries = 0; tries < 12 && !found; tries++) found = Draw(actor, &op);
      if (!found) break;
      trace_.ops.push_back(op);
      trace_.actors[actor].op_count++;
      if (op.var >= 0) trace_.actors[actor].vars.emplace_back();
      state_.Apply(actor, op);
    }
  }

 private:
  bool Draw(ActorId actor, Op* op) {
    *op = {};
    op->code = OneOf(Wishes(family_));
    for (const char letter : Info(op->code).args)
      if (!Operand(actor, letter, op)) return false;
    if (Info(op->code).makes != Makes::none)
      op->var = static_cast<int16_t>(trace_.actors[actor].vars.size());
    if (family_ == Family::nested && op->code == OpCode::kunmap_atomic) {
      Op newest;
      if (!state_.ReleaseOfLocal(actor, 0, &newest) || newest.ref != op->ref) return false;
    }
    return InPlace(actor, *op) && state_.Check(actor, *op) == SkipReason::none;
  }

  // What CheckTrace would object to, whatever the lane.
  bool InPlace(ActorId actor, const Op& op) const {
    const bool tasks_only = op.code == OpCode::post || op.code == OpCode::take ||
                            op.code == OpCode::fork || op.code == OpCode::loop;
    return !tasks_only || trace_.actors[actor].kind == ActorKind::task;
  }

  bool Operand(ActorId actor, char letter, Op* op) {
    const auto vars = static_cast<int>(trace_.actors[actor].vars.size());
    switch (letter) {
      case 'p':
        op->page = static_cast<int16_t>(Below(static_cast<int>(trace_.pages.size())));
        break;
      case 'm':
      case 'v':
      case 'x':
        if (vars == 0) return false;
        op->ref = static_cast<int16_t>(Below(vars));
        if (letter != 'm' && op->code != OpCode::post)
          op->offset = static_cast<uint16_t>(Below(trace_.profile.page_size));
        break;
      case 'i': op->value = 1 + Below(255); break;
      case 'k':
        if (!trace_.profile.is_era(Era::kE1Slots)) break;
        op->value = op->code == OpCode::kunmap_atomic
                        ? static_cast<int>(state_.SlotTypeOf(actor, op->ref))
                        : static_cast<int>(OneOf(SlotsOf(trace_.actors[actor].kind)));
        break;
      case 'a':
        if (actor == 0) return false;
        op->actor = static_cast<uint8_t>(Below(actor));
        return trace_.actors[op->actor].kind == ActorKind::task;
      case 't': {
        if (actor + 1 >= trace_.task_count()) return false;
        op->actor = static_cast<uint8_t>(actor + 1 + Below(trace_.task_count() - actor - 1));
        const auto forks = [op](const Op& o) {
          return o.code == OpCode::fork && o.actor == op->actor;
        };
        return std::ranges::none_of(trace_.ops, forks);
      }
      default: return false;
    }
    return true;
  }

  Trace& trace_;
  const Family family_;
  LaneState state_;
};

void AddActor(Trace* trace, ActorKind kind, int cpu, int runs) {
  Actor actor;
  actor.kind = kind;
  actor.cpu = static_cast<CpuId>(cpu);
  actor.runs = static_cast<uint16_t>(runs);
  trace->actors.push_back(actor);
}

Trace Blank(const char* profile, int high, int low) {
  Trace trace;
  trace.profile = *FindProfile(profile);
  trace.pages.resize(static_cast<size_t>(high + low));
  for (int p = high; p < high + low; p++) trace.pages[static_cast<size_t>(p)].high = false;
  return trace;
}

Trace Filtered(Trace trace) {
  LaneReport report;
  FilterLane(&trace, &report);
  return trace;
}

Trace DrawProgram(const Shape& shape) {
  Trace trace = Blank(shape.profile, 2 + Below(4), 1);
  const int tasks = 1 + Below(shape.tasks);
  for (int t = 0; t < tasks; t++) AddActor(&trace, ActorKind::task, Below(trace.profile.cpus), 1);
  const std::vector<ActorKind> kinds = {ActorKind::irq, ActorKind::softirq, ActorKind::nmi,
                                        ActorKind::fault};
  const bool interrupts = shape.family == Family::handlers || shape.family == Family::atomic;
  const int handlers = interrupts ? 1 + Below(3) : 0;
  for (int h = 0; h < handlers; h++)
    AddActor(&trace, OneOf(kinds), Below(trace.profile.cpus), 1 + Below(2));
  // Handlers are declared last but written first: what they hold bounds what tasks may.
  Author author(&trace, shape.family);
  std::vector<std::vector<Op>> programs(trace.actors.size());
  for (size_t a = 0; a < trace.actors.size(); a++) {
    const bool task = trace.actors[a].kind == ActorKind::task;
    author.Write(static_cast<ActorId>(a), 1 + Below(task ? shape.ops : 4));
  }
  return Filtered(std::move(trace));
}

}  // namespace

rc::Gen<Trace> ValidProgram(const Shape& shape) {
  return rc::gen::noShrink(rc::gen::exec([shape] { return DrawProgram(shape); }));
}

rc::Gen<Trace> TaskAndHandler(const char* profile, ActorKind handler) {
  return rc::gen::noShrink(rc::gen::exec([profile, handler] {
    Trace trace = Blank(profile, 4, 1);
    AddActor(&trace, ActorKind::task, 1, 1);
    AddActor(&trace, handler, 1, 1);
    Author author(&trace, Family::local);
    author.Write(0, 2 + Below(6));
    author.Write(1, 1 + Below(4));
    return Filtered(std::move(trace));
  }));
}

rc::Gen<Trace> Misuse(const Shape& shape) {
  return rc::gen::noShrink(rc::gen::exec([shape] {
    Trace trace = DrawProgram(shape);
    trace.misuse = true;
    const int at = Below(static_cast<int>(trace.actors[0].op_count));
    if (trace.actors[0].op_count == 0) return trace;
    Op& op = trace.ops[static_cast<size_t>(at)];
    const auto vars = static_cast<int>(trace.actors[0].vars.size());
    const bool refers = op.ref > 0 && vars > 0;
    if (refers && Below(2) == 0) {
      op.ref = static_cast<int16_t>(Below(op.ref));
    } else if (at > 0 && trace.ops[static_cast<size_t>(at - 1)].var < 0 && op.var < 0) {
      std::swap(trace.ops[static_cast<size_t>(at - 1)], op);
    }
    return trace;
  }));
}

}  // namespace highmem::properties

namespace rc {

void showValue(const highmem::Trace& trace, std::ostream& os) { os << highmem::PrintTrace(trace); }

}  // namespace rc
