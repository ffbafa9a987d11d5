#include "highmem/model/actors.h"

#include "highmem/machine/arena.h"
#include "highmem/machine/page.h"
#include "highmem/trace/helper_op.h"

namespace highmem::model {
namespace {

constexpr Actors::Call kNone = {OpCode::kCount,         false, kNoPfn, 0,
                                KmType::KM_BOUNCE_READ, false, {}};

bool IsHigh(uint32_t pfn) {
  return pfn < static_cast<uint32_t>(machine.profile.pages()) &&
         PageHighMem(pfn_to_page(static_cast<Pfn>(pfn)));
}

}  // namespace

void Actors::Begin(const Trace& trace) {
  trace_ = &trace;
  count_ = static_cast<int>(trace.actors.size());
  tasks_ = trace.task_count();
  states_ = arena.Carve<State>(count_);
  current_ = arena.Carve<uint8_t>(machine.profile.cpus);
  top_ = arena.Carve<uint8_t>(stacks());
  for (int s = 0; s < stacks(); s++) top_[s] = kNobody;
  for (int c = 0; c < machine.profile.cpus; c++) current_[c] = static_cast<uint8_t>(tasks_ + c);
  int tasks = 0;
  for (int i = 0; i < count_; i++) {
    State& state = states_[i];
    state.call = kNone;
    state.irqs_on = 1;
    state.stack = state.below = kNobody;
    if (IsHandler(static_cast<ContextId>(i))) continue;
    state.stack = static_cast<uint8_t>(tasks++);
    top_[state.stack] = static_cast<uint8_t>(i);
  }
}

bool Actors::Overruns(const Event& e) const {
  if (!IsHelper(static_cast<OpCode>(e.old_value & 0xff))) return false;
  const Op& op = trace_->op(static_cast<ActorId>(e.ctx), e.obj);
  return HelperOverruns(machine.profile, op,
                        1 << trace_->pages[static_cast<size_t>(op.page)].order);
}

void Actors::OpBegin(const Event& e) {
  const auto code = static_cast<OpCode>(e.old_value & 0xff);
  KmType type = kNone.type;
  if (machine.profile.is_era(Era::kE1Slots) && Info(code).takes('k'))
    type = static_cast<KmType>(trace_->op(static_cast<ActorId>(e.ctx), e.obj).value);
  states_[e.ctx].call = {
      code, IsHigh(e.new_value), static_cast<Pfn>(e.new_value), e.aux, type, Overruns(e), {}};
}

void Actors::OpEnd(const Event& e) {
  State& state = states_[e.ctx];
  Section(&state, state.call.code);
  const bool schedules = state.call.code == OpCode::kmap || state.call.code == OpCode::yield;
  // Who slept with interrupts off finds them on.
  if (schedules && state.irqs_on == 0 && !Atomic(static_cast<ContextId>(e.ctx)))
    state.off_the_rails = 1;
  // SPEC X7.
  const bool takes_kmap_lock = (state.call.code == OpCode::kmap && state.call.high) ||
                               state.call.code == OpCode::kmap_flush_unused;
  if (machine.profile.high_get != 0 && takes_kmap_lock) state.irqs_on = 1;
  state.call = kNone;
}

void Actors::Section(State* state, OpCode code) {
  switch (code) {
    case OpCode::irq_save:
      state->irq_flags = state->irq_flags << 1 | state->irqs_on;
      state->irqs_on = 0;
      state->irq_saves++;
      break;
    case OpCode::irq_restore: RestoreIrqs(state); break;
    case OpCode::local_irq_enable: state->irqs_on = 1; break;
    case OpCode::local_irq_disable: state->irqs_on = 0; break;
    case OpCode::kmap_atomic:
    case OpCode::kmap_atomic_pfn:
      state->pagefaults_off++;
      if (machine.profile.preempt_rt == 0) state->preempt_off++;
      break;
    case OpCode::preempt_disable:
    case OpCode::lock: state->preempt_off++; break;
    case OpCode::kunmap_atomic:
      Close(state, &state->pagefaults_off);
      if (machine.profile.preempt_rt == 0) Close(state, &state->preempt_off);
      break;
    case OpCode::preempt_enable:
    case OpCode::unlock: Close(state, &state->preempt_off); break;
    case OpCode::local_bh_disable: state->bh_off++; break;
    case OpCode::local_bh_enable: Close(state, &state->bh_off); break;
    default: break;
  }
}

void Actors::RestoreIrqs(State* state) {
  Close(state, &state->irq_saves);
  state->irqs_on = state->irq_flags & 1;
  state->irq_flags >>= 1;
}

void Actors::Close(State* state, uint8_t* depth) {
  if (*depth == 0)
    state->off_the_rails = 1;
  else
    --*depth;
}

void Actors::TaskSwitch(const Event& e) { current_[e.cpu] = static_cast<uint8_t>(e.new_value); }

// An interrupt's flag comes back by itself at its end, a fault handler shares that of its task.
void Actors::HandlerBegin(const Event& e) {
  State& state = states_[e.ctx];
  state.stack = current_[e.cpu];
  state.below = top_[state.stack];
  top_[state.stack] = static_cast<uint8_t>(e.ctx);
  const bool fault = KindOf(e.ctx) == ActorKind::fault && state.below != kNobody;
  state.irqs_on = fault ? states_[state.below].irqs_on : KindOf(e.ctx) == ActorKind::softirq;
}

void Actors::HandlerEnd(ContextId actor) {
  State& state = states_[actor];
  const bool leaves_flag =
      KindOf(actor) == ActorKind::fault &&
      (state.below == kNobody || state.irqs_on != states_[state.below].irqs_on);
  const bool derailed = state.preempt_off != 0 || state.bh_off != 0 || state.pagefaults_off != 0 ||
                        state.off_the_rails != 0 || leaves_flag;
  if (derailed)
    for (int i = 0; i < count_; i++) states_[i].off_the_rails = 1;
  if (state.stack != kNobody) top_[state.stack] = state.below;
  state = {};
  state.call = kNone;
  state.irqs_on = 1;
  state.off_the_rails = derailed;
  state.stack = state.below = kNobody;
}

Known Actors::IfOnRails(ContextId actor, bool yes) const {
  if (states_[actor].off_the_rails != 0) return Known::unknown;
  return yes ? Known::yes : Known::no;
}

bool Actors::Atomic(ContextId actor) const {
  const State& state = states_[actor];
  const bool interrupt = IsHandler(actor) && KindOf(actor) != ActorKind::fault;
  return interrupt || state.preempt_off != 0 || state.bh_off != 0;
}

Known Actors::MaySleep(ContextId actor) const {
  return IfOnRails(actor, !Atomic(actor) && states_[actor].irqs_on != 0);
}

Known Actors::InAtomic(ContextId actor) const { return IfOnRails(actor, Atomic(actor)); }

Known Actors::InterruptsOn(ContextId actor) const {
  return IfOnRails(actor, states_[actor].irqs_on != 0);
}

Known Actors::InHardirq(ContextId actor) const {
  const bool hardirq = KindOf(actor) == ActorKind::irq || KindOf(actor) == ActorKind::nmi;
  return IfOnRails(actor, hardirq);
}

Known Actors::InInterrupt(ContextId actor) const {
  const KmContext c = KmContextOf(actor);
  return IfOnRails(actor, c.nmi || c.hardirq || c.softirq);
}

KmContext Actors::KmContextOf(ContextId actor) const {
  const ActorKind kind = KindOf(actor);
  const bool softirq = kind == ActorKind::softirq || states_[actor].bh_off != 0;
  return {kind == ActorKind::nmi, kind == ActorKind::irq, softirq, states_[actor].irqs_on != 0};
}

CpuId Actors::CpuOf(ContextId actor) const {
  for (int c = 0; c < machine.profile.cpus; c++)
    if (current_[c] == states_[actor].stack) return static_cast<CpuId>(c);
  return trace_->actors[actor].cpu;
}

Known Actors::FaultsServed(ContextId actor) const {
  const bool refused = states_[actor].pagefaults_off != 0 && machine.profile.counts_pagefaults();
  return IfOnRails(actor, !Atomic(actor) && !refused);
}

}  // namespace highmem::model
