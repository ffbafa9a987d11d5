#include "highmem/model/actors.h"

#include "highmem/machine/arena.h"
#include "highmem/machine/page.h"

namespace highmem::model {
namespace {

constexpr Actors::Call kNone = {OpCode::kCount, false, kNoPfn, 0};

bool IsHigh(uint32_t pfn) {
  return pfn < static_cast<uint32_t>(machine.profile.pages()) &&
         PageHighMem(pfn_to_page(static_cast<Pfn>(pfn)));
}

}  // namespace

void Actors::Begin(const Trace& trace) {
  trace_ = &trace;
  count_ = static_cast<int>(trace.actors.size());
  states_ = arena.Carve<State>(count_);
  for (int i = 0; i < count_; i++) states_[i].call = kNone;
}

void Actors::OpBegin(const Event& e) {
  states_[e.ctx].call = {static_cast<OpCode>(e.old_value & 0xff), IsHigh(e.new_value),
                         static_cast<Pfn>(e.new_value), e.aux};
}

void Actors::OpEnd(const Event& e) {
  State& state = states_[e.ctx];
  switch (state.call.code) {
    case OpCode::irq_save: state.irqs_off++; break;
    case OpCode::irq_restore: Close(&state, &state.irqs_off); break;
    case OpCode::preempt_disable:
    case OpCode::local_bh_disable:
    case OpCode::kmap_atomic:
    case OpCode::kmap_atomic_pfn:
    case OpCode::lock: state.preempt_off++; break;
    case OpCode::preempt_enable:
    case OpCode::local_bh_enable:
    case OpCode::kunmap_atomic:
    case OpCode::unlock: Close(&state, &state.preempt_off); break;
    case OpCode::kmap:
    case OpCode::yield:
      if (state.irqs_off != 0) state.off_the_rails = 1;
      break;
    default: break;
  }
  state.call = kNone;
}

void Actors::Close(State* state, uint8_t* depth) {
  if (*depth == 0)
    state->off_the_rails = 1;
  else
    --*depth;
}

void Actors::HandlerEnd(ContextId actor) {
  State& state = states_[actor];
  const bool derailed = state.irqs_off != 0 || state.preempt_off != 0 || state.off_the_rails != 0;
  if (derailed)
    for (int i = 0; i < count_; i++) states_[i].off_the_rails = 1;
  state.irqs_off = state.preempt_off = 0;
}

}  // namespace highmem::model
