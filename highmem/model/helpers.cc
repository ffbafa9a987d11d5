#include "highmem/model/helpers.h"

#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"

namespace highmem::model {
namespace {

bool Copies(OpCode code) { return HelperFormOf(code).source; }
bool Reads(OpCode code) { return Copies(code) || code == OpCode::memcpy_from_page; }
bool Writes(OpCode code) { return code != OpCode::memcpy_from_page; }

}  // namespace

void Helpers::Begin(const Trace& trace, Data* data) {
  trace_ = &trace;
  data_ = data;
  states_ = arena.Carve<State>(trace.actors.size());
}

// Beyond the end of a page lies whatever is mapped there: of no page is anything known then.
void Helpers::OpBegin(const Event& e, const Actors::Call& call) {
  states_[e.ctx] = {static_cast<uint16_t>(e.obj), 0, 0, 0, 1};
  if (call.overruns) GiveUp(e.ctx);
}

void Helpers::GiveUp(ContextId actor) {
  states_[actor].judged = 0;
  for (int pfn = 0; pfn < machine.profile.pages(); pfn++) data_->Taint(static_cast<uint32_t>(pfn));
}

Opinion Helpers::Access(const Event& e, const Actors::Call& call) {
  if (states_[e.ctx].judged == 0) return {};
  switch (e.kind) {
    case EventKind::load: return Load(e, call);
    case EventKind::store: return Store(e, call);
    default: return {FindingId::D2, e.obj, 0, 0, call.page};
  }
}

Opinion Helpers::Load(const Event& e, const Actors::Call& call) {
  State& state = states_[e.ctx];
  const Op& op = OpOf(e.ctx);
  const HelperByte due = HelperByteAt(machine.profile, op, state.loads++);
  const Pfn page = Copies(op.code) ? static_cast<Pfn>(call.address) : call.page;
  const uint32_t offset = Copies(op.code) ? due.source_offset : due.offset;
  state.byte = static_cast<uint8_t>(e.new_value);
  const bool right = Reads(op.code) && e.aux == page && OffsetInPage(e.obj) == offset;
  if (!right) return {FindingId::I47, e.obj, page, static_cast<int64_t>(e.aux), page};
  if (!data_->Knows(page) || data_->Tainted(page)) return {};
  if (data_->Forgotten(page, offset)) data_->Store(page, offset, state.byte);
  const uint8_t byte = data_->Byte(page, offset);
  return byte == state.byte ? Opinion{} : Opinion{FindingId::D1, e.obj, byte, state.byte, page};
}

Opinion Helpers::Store(const Event& e, const Actors::Call& call) {
  State& state = states_[e.ctx];
  const Op& op = OpOf(e.ctx);
  const HelperForm form = HelperFormOf(op.code);
  const HelperByte due = HelperByteAt(machine.profile, op, state.stores++);
  const auto page = static_cast<Pfn>(call.page + due.page);
  const auto byte = static_cast<uint8_t>(form.source ? state.byte : form.byte ? op.value : 0);
  const bool more = state.stores <= HelperBytes(machine.profile, op) && Writes(op.code) &&
                    (!form.source || state.loads == state.stores);
  if (!more || e.aux != page || OffsetInPage(e.obj) != due.offset)
    return {FindingId::I47, e.obj, page, static_cast<int64_t>(e.aux), page};
  if (data_->Knows(page)) data_->Store(page, due.offset, static_cast<uint8_t>(e.new_value));
  return e.new_value == byte ? Opinion{} : Opinion{FindingId::I47, e.obj, byte, e.new_value, page};
}

Opinion Helpers::OpEnd(const Event& e, const Actors::Call& call) {
  const State state = states_[e.ctx];
  states_[e.ctx] = {};
  if (state.judged == 0) return {};
  const Op& op = trace_->op(static_cast<ActorId>(e.ctx), state.op);
  const uint32_t bytes = HelperBytes(machine.profile, op);
  const uint32_t done = Writes(op.code) ? state.stores : state.loads;
  return done == bytes ? Opinion{} : Opinion{FindingId::I47, 0, bytes, done, call.page};
}

}  // namespace highmem::model
