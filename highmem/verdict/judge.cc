#include "highmem/verdict/judge.h"

#include "highmem/kernel/primitive.h"

namespace highmem {
namespace {

bool IsDiagnosis(EventKind kind) {
  return kind == EventKind::bug || kind == EventKind::warn || kind == EventKind::splat;
}

// What an objection of the model is about.
Role RoleOf(const model::Opinion& opinion, const Event& event) {
  switch (opinion.id) {
    case FindingId::D1:
    case FindingId::D2: return Role::byte;
    case FindingId::X2: return Role::page;
    case FindingId::S1: return IsDiagnosis(event.kind) ? Role::site : Role::page;
    default: return Role::none;
  }
}

}  // namespace

void Judge::Begin(const Executor& executor) {
  executor_ = &executor;
  finding_ = {};
  model_.Begin(executor.trace());
  checks_.Begin(executor, this);
  if (options_.expectations) expectations_.Begin(executor, this);
}

bool Judge::OnStep(const Executor& /*executor*/, std::span<const Event> step) {
  if (step.empty()) return true;
  for (const Event& event : step) JudgeByModel(event);
  if (events.overflow()) Report(step.back(), {FindingId::H4, Role::none, 0, 0, 0, kNoPfn});
  if (!EndsInDeservedBug(step)) checks_.OnStep(step);
  if (options_.expectations) expectations_.OnStep(step);
  return !finding_;
}

void Judge::JudgeByModel(const Event& e) {
  switch (e.kind) {
    case EventKind::bug:
    case EventKind::warn:
    case EventKind::splat:
    case EventKind::op_begin:
    case EventKind::op_end:
    case EventKind::actor_begin:
    case EventKind::actor_end:
    case EventKind::task_switch:
    case EventKind::post:
    case EventKind::load:
    case EventKind::store:
    case EventKind::device_load:
    case EventKind::device_store:
    case EventKind::fault:
    case EventKind::key_fault:
    case EventKind::pkey: {
      const model::Opinion o = model_.OnEvent(e);
      if (o.id == FindingId::kNone || (IsDiagnosis(e.kind) && Ignored(e))) return;
      Report(e, {o.id, RoleOf(o, e), o.object, o.expected, o.actual, o.page});
      return;
    }
    case EventKind::frame_overflow:
      Report(e, {FindingId::H2, Role::stack, e.obj, 0, 0, kNoPfn});
      return;
    case EventKind::frame_not_lifo:
      Report(e, {FindingId::H3, Role::stack, e.obj, 0, 0, kNoPfn});
      return;
    default: return;
  }
}

bool Judge::EndsInDeservedBug(std::span<const Event> step) const {
  const Event& last = step.back();
  return last.kind == EventKind::bug && (Ignored(last) || model_.Deserved(last));
}

bool Judge::Ignored(const Event& e) const {
  for (const Diagnosis& d : executor_->trace().ignored) {
    const EventKind kind = d.kind == ExpectKind::bug    ? EventKind::bug
                           : d.kind == ExpectKind::warn ? EventKind::warn
                                                        : EventKind::splat;
    if (kind == e.kind && static_cast<uint32_t>(d.site) == e.obj) return true;
  }
  return false;
}

void Judge::Report(const Event& e, const Breach& breach) {
  if (finding_ || (options_.only != FindingId::kNone && options_.only != breach.id)) return;
  if (options_.contract && Info(breach.id).klass == IdClass::mechanism) return;
  finding_.id = breach.id;
  finding_.role = breach.role;
  finding_.object = breach.object;
  finding_.expected = breach.expected;
  finding_.actual = breach.actual;
  finding_.page = breach.page;
  finding_.whose = breach.whose;
  finding_.cpu = e.cpu;
  finding_.ctx = e.ctx;
  finding_.step = e.step;
  finding_.event = e.kind;
  const Ledger& ledger = checks_.ledger();
  if (!ledger.IsActor(e.ctx)) return;
  finding_.actor = e.ctx;
  finding_.op = ledger.actor(e.ctx).code;
  finding_.op_index = ledger.actor(e.ctx).op_index;
  // At its end the op is in the event, and may have left the ledger.
  if (e.kind == EventKind::op_end) NameOp(e);
  // The ledger is not told of a step that ends in a deserved BUG; the op may have begun in it.
  if (e.kind != EventKind::bug || finding_.op != OpCode::kCount) return;
  for (const Event& event : events.pending())
    if (event.kind == EventKind::op_begin && event.ctx == e.ctx) NameOp(event);
}

void Judge::NameOp(const Event& mark) {
  finding_.op = CodeOf(mark);
  finding_.op_index = static_cast<uint16_t>(mark.obj);
}

void Judge::Finish(const Executor& /*executor*/) {
  checks_.Finish();
  if (options_.expectations) expectations_.Finish();
}

}  // namespace highmem
