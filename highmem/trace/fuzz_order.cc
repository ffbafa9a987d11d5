#include "highmem/trace/fuzz_order.h"

#include <span>

namespace highmem {
namespace {

struct Place {
  PrimKind prim;
  bool behind = false;
};
// Where inside an op something may come in between. For an interrupt: every place that may be of
// interest, met or not. For another task: places that are surely met and, if it is on the same CPU,
// where preemption is on, since a switch that gets lost takes the order of all that follows with
// it.
constexpr Place kInKmap[] = {
    {PrimKind::lock},     {PrimKind::hash_find},       {PrimKind::cursor},
    {PrimKind::pte_set},  {PrimKind::count},           {PrimKind::hash_set},
    {PrimKind::unlock},   {PrimKind::unlock, true},    {PrimKind::add_wait},
    {PrimKind::ipi_wait}, {PrimKind::tlb_flush_local}, {PrimKind::pte_clear},
};
constexpr Place kInKunmap[] = {
    {PrimKind::lock},   {PrimKind::hash_find},    {PrimKind::count},   {PrimKind::queue_test},
    {PrimKind::unlock}, {PrimKind::unlock, true}, {PrimKind::wake_up},
};
constexpr Place kInFlush[] = {
    {PrimKind::lock},     {PrimKind::count},    {PrimKind::pte_clear},       {PrimKind::hash_set},
    {PrimKind::ipi_send}, {PrimKind::ipi_wait}, {PrimKind::tlb_flush_local}, {PrimKind::unlock},
};
constexpr Place kMapping[] = {{PrimKind::lock},
                              {PrimKind::hash_find},
                              {PrimKind::count},
                              {PrimKind::unlock},
                              {PrimKind::unlock, true}};
constexpr Place kFlushing[] = {{PrimKind::lock}, {PrimKind::unlock}, {PrimKind::unlock, true}};
constexpr Place kPreemptible[] = {{PrimKind::preempt_disable}, {PrimKind::preempt_enable, true}};
constexpr Place kMappingLocal[] = {
    {PrimKind::migrate_disable}, {PrimKind::preempt_disable}, {PrimKind::preempt_enable, true}};
constexpr Place kAtLoad[] = {{PrimKind::load}};
constexpr Place kAtStore[] = {{PrimKind::store}};
constexpr Place kAtOp[] = {{PrimKind::op}};

constexpr Place kInMapLocal[] = {
    {PrimKind::migrate_disable}, {PrimKind::preempt_disable},
    {PrimKind::kmap_idx},        {PrimKind::pte_get},
    {PrimKind::pte_set},         {PrimKind::kmap_pteval},
    {PrimKind::preempt_enable},  {PrimKind::preempt_enable, true},
};
constexpr Place kInUnmapLocal[] = {
    {PrimKind::preempt_disable},
    {PrimKind::pte_clear},
    {PrimKind::tlb_flush_local},
    {PrimKind::kmap_pteval},
    {PrimKind::kmap_idx},
    {PrimKind::preempt_enable},
    {PrimKind::preempt_enable, true},
    {PrimKind::migrate_enable, true},
};

// In the eras before local maps.
constexpr Place kInMapAtomic[] = {
    {PrimKind::pagefault_disable}, {PrimKind::kmap_atomic_idx}, {PrimKind::pte_get},
    {PrimKind::pte_set},           {PrimKind::tlb_flush_local},
};
constexpr Place kInUnmapAtomic[] = {
    {PrimKind::pte_clear},      {PrimKind::tlb_flush_local},      {PrimKind::kmap_atomic_idx},
    {PrimKind::preempt_enable}, {PrimKind::preempt_enable, true},
};

std::span<const Place> PlacesForInterrupt(OpCode shape, const Profile& profile) {
  if (!profile.is_era(Era::kE3Local)) {
    if (shape == OpCode::kmap_atomic) return kInMapAtomic;
    if (shape == OpCode::kunmap_atomic) return kInUnmapAtomic;
  }
  switch (shape) {
    case OpCode::kmap_local_page:
    case OpCode::kmap_atomic: return kInMapLocal;
    case OpCode::kunmap_local:
    case OpCode::kunmap_atomic: return kInUnmapLocal;
    case OpCode::kmap: return kInKmap;
    case OpCode::kunmap: return kInKunmap;
    case OpCode::kmap_flush_unused: return kInFlush;
    case OpCode::load: return kAtLoad;
    case OpCode::store: return kAtStore;
    default: return kAtOp;
  }
}

bool TakesKmapLock(OpCode shape) {
  return shape == OpCode::kmap || shape == OpCode::kunmap || shape == OpCode::kmap_flush_unused;
}

bool IsLocalMap(OpCode shape) {
  return shape == OpCode::kmap_local_page || shape == OpCode::kunmap_local;
}

std::span<const Place> PlacesForTask(OpCode shape, bool same_cpu, const Profile& profile) {
  if (shape == OpCode::kmap_local_page) return kMappingLocal;
  if (shape == OpCode::kunmap_local) return kPreemptible;
  if (shape == OpCode::kmap_atomic || shape == OpCode::kunmap_atomic) return kAtOp;
  if (!TakesKmapLock(shape)) return PlacesForInterrupt(shape, profile);
  if (same_cpu) return kPreemptible;
  if (shape == OpCode::kmap_flush_unused) return kFlushing;
  return kMapping;
}

// `b` of a decision record from here on: an interrupt at a later occurrence of its place.
constexpr uint8_t kLater = 0xc0;

}  // namespace

ActorId FuzzOrder::WhoRuns(ActorId task) const {
  for (size_t i = 0; i < trace_.actors.size(); i++) {
    const auto other = static_cast<ActorId>(i);
    if (other == task || !IsTask(other) || !SameCpu(other, task)) continue;
    if (state_.InSection(other) || (amid_ >> other & 1) != 0) return other;
  }
  return task;
}

ActorId FuzzOrder::FirstTaskOn(CpuId cpu) const {
  ActorId a = 0;
  while (trace_.actors[a].cpu != cpu) a++;
  return a;
}

void FuzzOrder::Focus(ActorId task) {
  focus_ = task;
  amid_ &= static_cast<uint8_t>(~(1u << task));
  if (holder_ == task) holder_ = kNoActor;
}

bool FuzzOrder::SwitchTo(ActorId task, Decision* d) {
  if (focus_ == task) return false;
  *d = {};
  const bool first = focus_ == kNoActor;
  if (first) {
    d->kind = DecisionKind::start;
    d->actor = task;
  } else {
    d->kind = DecisionKind::at;
    d->actor = focus_;
    d->op = static_cast<uint16_t>(trace_.actors[focus_].op_count);
    d->prim = PrimKind::op;
    d->target.actor = task;
  }
  Focus(task);
  return !first || task != 0;
}

void FuzzOrder::Before(ActorId task, const Op& op) {
  last_ = task;
  interrupted_ = false;
  in_section_ = state_.InSection(task);
  shape_ = op.code;
  const bool maps = op.code == OpCode::kmap || op.code == OpCode::kunmap || IsLocalMap(op.code);
  if (maps && !state_.OfHighPage(task, op)) shape_ = OpCode::check;
  if (state_.Check(task, op) != SkipReason::none) shape_ = OpCode::check;
}

bool FuzzOrder::After(ActorId task, const Op& op, Decision* d) {
  // schedule() picks the first one, unless decided otherwise.
  if (op.code == OpCode::yield) focus_ = FirstTaskOn(trace_.actors[task].cpu);
  if (holder_ == kNoActor || !TakesKmapLock(shape_)) return false;
  *d = {};
  d->kind = DecisionKind::at;
  d->actor = holder_;
  d->op = static_cast<uint16_t>(trace_.actors[holder_].op_count - 1);
  d->prim = PrimKind::unlock;
  d->behind = true;
  d->target.actor = task;
  holder_ = kNoActor;
  return true;
}

bool FuzzOrder::MoveInside(const FuzzRecord& r, Decision* d) {
  if (last_ == kNoActor || focus_ != last_) return false;
  const bool to_task = d->target.kind == TargetKind::actor && IsTask(d->target.actor);
  const ActorId next = d->target.actor;
  const bool same_cpu = to_task && SameCpu(last_, next);
  if (to_task && (next == last_ || interrupted_ || WhoRuns(next) != next)) return false;
  if (same_cpu && in_section_) return false;
  const auto places = to_task ? PlacesForTask(shape_, same_cpu, trace_.profile)
                              : PlacesForInterrupt(shape_, trace_.profile);
  const Place place = places[r.code % places.size()];
  d->kind = DecisionKind::at;
  d->steps = 0;
  d->actor = last_;
  d->op = static_cast<uint16_t>(trace_.actors[last_].op_count - 1);
  d->prim = place.prim;
  d->behind = place.behind;
  if (!to_task && r.b >= kLater) d->nth = static_cast<uint16_t>(1 + (r.b & 3));
  interrupted_ = true;
  if (!to_task) return true;
  Focus(next);
  if (same_cpu || !TakesKmapLock(shape_)) return true;
  amid_ |= static_cast<uint8_t>(1u << last_);
  if (place.prim != PrimKind::lock && !place.behind) holder_ = last_;
  return true;
}

ActorId FuzzOrder::HandlerNear(ActorId handler) const {
  if (last_ == kNoActor || SameCpu(handler, last_)) return handler;
  for (size_t i = 0; i < trace_.actors.size(); i++) {
    const auto other = static_cast<ActorId>(i);
    if (!IsTask(other) && SameCpu(other, last_)) return other;
  }
  return handler;
}

}  // namespace highmem
