#include "highmem/check/local_ledger.h"

#include <algorithm>

#include "highmem/check/ledger.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"
#include "highmem/trace/helper_op.h"

namespace highmem {
namespace {

bool MapsLocally(OpCode code) {
  return code == OpCode::kmap_local_page || code == OpCode::kmap_local_pfn ||
         code == OpCode::kmap_atomic || code == OpCode::kmap_atomic_pfn;
}
bool Releases(OpCode code) { return code == OpCode::kunmap_local || code == OpCode::kunmap_atomic; }
bool IsAtomic(OpCode code) {
  return code == OpCode::kmap_atomic || code == OpCode::kmap_atomic_pfn ||
         code == OpCode::kunmap_atomic;
}
bool ByFrame(OpCode code) {
  return code == OpCode::kmap_local_pfn || code == OpCode::kmap_atomic_pfn;
}

bool IsStructPage(Vaddr v) {
  const auto pages = static_cast<uint32_t>(machine.profile.pages());
  return v >= kMemMap && v < kMemMap + pages * kStructPageSize;
}

// Where a cache is found by frame, maintenance maps the page while it lasts. (SPEC D.5)
int MapsForDma(const Event& op_begin) {
  return IsDma(CodeOf(op_begin)) && machine.profile.coherent_dma == 0 &&
         !machine.profile.cache_is_vivt() && HighPage(op_begin.new_value) != kNoPfn;
}

bool NeedsSlot(uint32_t page) { return machine.profile.forces_map() || HighPage(page) != kNoPfn; }

// Slots that a call takes and gives back before it ends.
int MapsInside(const Event& op_begin) {
  const HelperForm form = HelperFormOf(CodeOf(op_begin));
  if (!form.helper) return MapsForDma(op_begin);
  return NeedsSlot(op_begin.new_value) + (form.source && NeedsSlot(op_begin.aux) ? 1 : 0);
}

uint16_t Bit(ContextId ctx) { return static_cast<uint16_t>(1u << ctx); }

}  // namespace

const LocalLedger::Call LocalLedger::kNoCall = {};

LocalLedger::Counters CountersOf(TaskId t) {
  return {static_cast<uint8_t>(task(t).preempt_count), task(t).pagefault_disabled,
          task(t).migration_disabled};
}

bool LocalLedger::Concerns(const Trace& trace) {
  return std::ranges::any_of(trace.ops, [](const Op& op) {
    return MapsLocally(op.code) || Releases(op.code) || op.code == OpCode::fork ||
           op.code == OpCode::cpu_down || IsDma(op.code) || IsHelper(op.code);
  });
}

void LocalLedger::Begin(const Executor& executor) {
  const Trace& trace = executor.trace();
  actor_count_ = static_cast<int>(trace.actors.size());
  stack_count_ = task_count() + machine.profile.cpus;
  capacity_ = machine.profile.km_max_idx;
  trace_ = &trace;
  misuse_ = trace.misuse;
  task_contexts_ = 0;
  for (int a = 0; a < actor_count_; a++)
    if (trace.actors[static_cast<size_t>(a)].kind == ActorKind::task ||
        trace.actors[static_cast<size_t>(a)].kind == ActorKind::fault)
      task_contexts_ |= 1u << a;
  calls_ = arena.Carve<Call>(actor_count_);
  for (int a = 0; a < actor_count_; a++) calls_[a] = kNoCall;
  own_ = arena.Carve<Own>(actor_count_);
  stacks_ = arena.Carve<Stack>(stack_count_);
  maps_ = arena.Carve<Map>(stack_count_ * capacity_);
  shared_ = arena.Carve<Shared>(1);
}

void LocalLedger::OnEvent(const Event& e) {
  if (!IsActor(e.ctx)) return;
  switch (e.kind) {
    case EventKind::op_begin: OpBegin(e); break;
    case EventKind::actor_begin: ActorBegin(e); break;
    case EventKind::actor_end: ActorEnd(e); break;
    default: break;
  }
}

void LocalLedger::ActorBegin(const Event& e) {
  if (misuse_ && !IsTaskContext(e.ctx)) own_[e.ctx].at_begin = CountersOf(machine.cpus[e.cpu].curr);
}

// What a handler leaves behind may lie on top of a slot that a call under way is about to take.
void LocalLedger::ActorEnd(const Event& e) {
  const Own own = own_[e.ctx];
  own_[e.ctx] = {};
  if (IsTaskContext(e.ctx)) return;
  const TaskId t = machine.cpus[e.cpu].curr;
  bool lost = misuse_ && CountersOf(t) != own.at_begin;
  for (const Map& map : maps(t)) lost |= map.actor == e.ctx;
  if (lost) Lose(t, e.cpu);
}

void LocalLedger::OpBegin(const Event& e) {
  const OpCode code = CodeOf(e);
  if (code == OpCode::kmap && machine.profile.setter_hook != 0) shared_->kmaps++;
  if (misuse_) Section(e);
  const int inside = MapsInside(e);
  if (!MapsLocally(code) && !Releases(code) && inside == 0) return;
  const TaskId t = machine.cpus[e.cpu].curr;
  Call& call = calls_[e.ctx];
  call = kNoCall;
  call.on = t;
  call.maps = MapsLocally(code);
  call.atomic = IsAtomic(code);
  call.page = static_cast<Pfn>(e.new_value);
  call.below = stacks_[t].under_way;
  call.before = CountersOf(t);
  if (static_cast<int8_t>(call.before.preempt_depth) < 0) Lose(t, e.cpu);
  if (inside != 0) {
    call.inside = 1;
    call.real = static_cast<uint8_t>(inside);
    call.other = IsHelper(code) ? static_cast<Pfn>(e.aux) : kNoPfn;
  } else if (call.maps != 0) {
    call.real = ByFrame(code) || NeedsSlot(call.page);
  } else {
    BeginRelease(e, &call);
  }
  stacks_[t].under_way = static_cast<uint8_t>(stacks_[t].under_way + call.real);
}

void LocalLedger::Section(const Event& e) {
  uint8_t& disables = own_[e.ctx].disables;
  switch (CodeOf(e)) {
    case OpCode::preempt_disable:
    case OpCode::lock: disables = static_cast<uint8_t>(std::min(disables + 1, 0xff)); break;
    case OpCode::preempt_enable:
    case OpCode::unlock:
      if (disables == 0)
        Lose(machine.cpus[e.cpu].curr, e.cpu);
      else
        disables--;
      break;
    default: break;
  }
}

void LocalLedger::BeginRelease(const Event& e, Call* call) {
  const TaskId t = call->on;
  const Vaddr address = e.aux;
  call->offset = static_cast<uint16_t>(OffsetInPage(address));
  call->real = InFixKmap(address);
  call->pinned = machine.profile.high_get != 0 && InPkmap(address);
  if (call->real == 0 && IsStructPage(address)) shared_->cast |= Bit(e.ctx);
  if (call->atomic != 0 && own_[e.ctx].atomics == 0) {
    shared_->mixed |= Bit(e.ctx);
    // It takes a pin that another map may need.
    if (machine.profile.preempt_rt != 0) Lose(t, e.cpu);
  }
  if (call->atomic != 0 && own_[e.ctx].atomics > 0) own_[e.ctx].atomics--;
  if (call->real == 0) return;
  if (machine.profile.is_era(Era::kE1Slots)) return BeginSlotRelease(e, call);
  Stack& stack = stacks_[t];
  if (stack.depth == 0) {
    Lose(t, e.cpu);
    return;
  }
  // Whatever was passed, the newest map is what goes.
  Map& newest = maps_[t * capacity_ + --stack.depth];
  if (newest.index != FixKmapIndex(address) || newest.actor != e.ctx) Lose(t, e.cpu);
  if (newest.atomic != call->atomic) shared_->mixed |= Bit(e.ctx);
  call->index = newest.index;
  call->page = newest.page;
  newest = {};
}

int LocalLedger::SlotNamedBy(const Event& e) const {
  const Op& op = trace_->op(static_cast<ActorId>(e.ctx), e.obj);
  return FixKmapIndexOf(KmTypeSlot(static_cast<KmType>(op.value)), e.cpu);
}

void LocalLedger::BeginSlotRelease(const Event& e, Call* call) {
  Map* const maps = maps_ + call->on * capacity_;
  uint8_t& depth = stacks_[call->on].depth;
  const int index = FixKmapIndex(e.aux);
  Map* const found =
      std::find_if(maps, maps + depth, [&](const Map& map) { return map.index == index; });
  if (found == maps + depth || found->actor != e.ctx || index != SlotNamedBy(e)) {
    Lose(call->on, e.cpu);
    return;
  }
  call->index = found->index;
  call->page = found->page;
  std::copy(found + 1, maps + depth, found);
  maps[--depth] = {};
}

LocalLedger::Call LocalLedger::Close(const Event& e) {
  if (CodeOf(e) == OpCode::kmap && machine.profile.setter_hook != 0) shared_->kmaps--;
  if (!IsActor(e.ctx) || calls_[e.ctx].on == kNone) return kNoCall;
  Call call = calls_[e.ctx];
  calls_[e.ctx] = kNoCall;
  stacks_[call.on].under_way = static_cast<uint8_t>(stacks_[call.on].under_way - call.real);
  if (call.inside != 0) return kNoCall;
  if (call.maps == 0) return call;
  own_[e.ctx].atomics = static_cast<uint8_t>(own_[e.ctx].atomics + call.atomic);
  if (call.real != 0 && InFixKmap(e.new_value)) Push(e, call);
  if (machine.profile.high_get != 0 && InPkmap(e.new_value)) {
    call.pinned = 1;
    call.real = 0;
  }
  return call;
}

// No room: one map more than fit, which is reported where it is seen (I41).
void LocalLedger::Push(const Event& e, const Call& call) {
  Stack& stack = stacks_[call.on];
  const bool taken = At(call.on, FixKmapIndex(e.new_value)) != nullptr;
  if (stack.depth == capacity_ || (taken && machine.profile.is_era(Era::kE1Slots))) {
    Lose(call.on, e.cpu);
    return;
  }
  maps_[call.on * capacity_ + stack.depth++] = {
      call.page, static_cast<uint8_t>(FixKmapIndex(e.new_value)),
      static_cast<uint8_t>(e.ctx & 0x7f), static_cast<uint8_t>(call.atomic & 1)};
}

void LocalLedger::Lose(TaskId t, CpuId cpu) {
  shared_->lost_tasks |= static_cast<uint16_t>(1u << t);
  LoseCpu(cpu);
}

const LocalLedger::Map* LocalLedger::At(TaskId t, int index) const {
  for (const Map& map : maps(t))
    if (map.index == index) return &map;
  return nullptr;
}

const LocalLedger::Map* LocalLedger::InSlot(TaskId t, CpuId cpu, int slot) const {
  for (const Map& map : maps(t))
    if (SlotOfIndex(map.index) == slot && CpuOfIndex(map.index) == cpu) return &map;
  return nullptr;
}

bool LocalLedger::MayHold(TaskId t, int index, Pfn page) const {
  if (IsGuardSlot(SlotOfIndex(index))) return false;
  // The generic setter's hook maps what it writes back, above whatever is held.
  const bool hook =
      machine.profile.setter_hook != 0 && page != kNoPfn && pfn_to_page(page)->dcache_dirty != 0;
  if (hook && DepthOfSlot(SlotOfIndex(index)) >= depth(t)) return true;
  if (under_way(t) == 0) return false;
  if (DepthOfSlot(SlotOfIndex(index)) >= depth(t) + under_way(t)) return false;
  for (int a = 0; a < actor_count_; a++)
    if (calls_[a].on == t && calls_[a].real != 0 &&
        (calls_[a].page == page || calls_[a].other == page))
      return true;
  return false;
}

const LocalLedger::Map* LocalLedger::Find(int index, Pfn page) const {
  for (int t = 0; t < stack_count_; t++) {
    const Map* map = At(static_cast<TaskId>(t), index);
    if (map != nullptr && map->page == page) return map;
  }
  return nullptr;
}

}  // namespace highmem
