#include "highmem/trace/fuzz_builder.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

namespace highmem {
namespace {

// Primitives by number, from 1, in this order for ever; new ones go to the end.
constexpr PrimKind kPrims[] = {
    PrimKind::op,          PrimKind::choose,          PrimKind::preempt_disable,
    PrimKind::preempt_enable, PrimKind::irq_save,     PrimKind::irq_restore,
    PrimKind::set_state,   PrimKind::deactivate,      PrimKind::switch_to,
    PrimKind::lock,        PrimKind::unlock,          PrimKind::add_wait,
    PrimKind::remove_wait, PrimKind::wake_up,         PrimKind::post,
    PrimKind::take,        PrimKind::ipi_send,        PrimKind::ipi_wait,
    PrimKind::ipi_ack,     PrimKind::pte_set,         PrimKind::pte_clear,
    PrimKind::tlb_flush_local, PrimKind::load,        PrimKind::store,
    PrimKind::cursor,      PrimKind::count,           PrimKind::hash_find,
    PrimKind::hash_set,    PrimKind::queue_test,      PrimKind::cache_hook,
    PrimKind::look,
};

struct Place {
  PrimKind prim;
  bool behind = false;
};
// Where inside an op something may come in between. For an interrupt: every place that may be of
// interest, met or not. For another task: places that are surely met and, if it is on the same CPU,
// where preemption is on, since a switch that gets lost takes the order of all that follows with it.
constexpr Place kInKmap[] = {
    {PrimKind::lock},     {PrimKind::hash_find}, {PrimKind::cursor},    {PrimKind::pte_set},
    {PrimKind::count},    {PrimKind::hash_set},  {PrimKind::unlock},    {PrimKind::unlock, true},
    {PrimKind::add_wait}, {PrimKind::ipi_wait},  {PrimKind::tlb_flush_local}, {PrimKind::pte_clear},
};
constexpr Place kInKunmap[] = {
    {PrimKind::lock},   {PrimKind::hash_find},    {PrimKind::count}, {PrimKind::queue_test},
    {PrimKind::unlock}, {PrimKind::unlock, true}, {PrimKind::wake_up},
};
constexpr Place kInFlush[] = {
    {PrimKind::lock},     {PrimKind::count},    {PrimKind::pte_clear},       {PrimKind::hash_set},
    {PrimKind::ipi_send}, {PrimKind::ipi_wait}, {PrimKind::tlb_flush_local}, {PrimKind::unlock},
};
constexpr Place kInMapping[] = {{PrimKind::lock},
                                {PrimKind::hash_find},
                                {PrimKind::count},
                                {PrimKind::unlock},
                                {PrimKind::unlock, true}};
constexpr Place kInLocking[] = {{PrimKind::lock}, {PrimKind::unlock}, {PrimKind::unlock, true}};
constexpr Place kPreemptible[] = {{PrimKind::preempt_disable}, {PrimKind::preempt_enable, true}};
constexpr Place kAtLoad[] = {{PrimKind::load}};
constexpr Place kAtStore[] = {{PrimKind::store}};
constexpr Place kAtOp[] = {{PrimKind::op}};

std::span<const Place> PlacesForInterrupt(OpCode code) {
  switch (code) {
    case OpCode::kmap: return kInKmap;
    case OpCode::kunmap: return kInKunmap;
    case OpCode::kmap_flush_unused: return kInFlush;
    case OpCode::load: return kAtLoad;
    case OpCode::store: return kAtStore;
    default: return kAtOp;
  }
}

std::span<const Place> PlacesForTask(OpCode code, bool same_cpu) {
  switch (code) {
    case OpCode::kmap:
    case OpCode::kunmap: return same_cpu ? std::span<const Place>(kPreemptible) : kInMapping;
    case OpCode::kmap_flush_unused:
      return same_cpu ? std::span<const Place>(kPreemptible) : kInLocking;
    case OpCode::load: return kAtLoad;
    case OpCode::store: return kAtStore;
    default: return kAtOp;
  }
}

// Later occurrences of an interrupt's place, where `b` of the record says so.
constexpr uint8_t kLater = 0xc0;

uint32_t StepsOf(const FuzzRecord& r) {
  if (r.code < kFuzzFarSteps) return r.code % kFuzzNearSteps;
  return kFuzzNearSteps + (static_cast<uint32_t>(r.code - kFuzzFarSteps) << 8 | r.b);
}

// Actors keep the memory of their variables from one trace to the next.
std::vector<Actor>& SpareActors() {
  static auto* const spare = new std::vector<Actor>;
  return *spare;
}

void ClearKeepingActors(Trace* trace) {
  for (Actor& actor : trace->actors) SpareActors().push_back(std::move(actor));
  trace->Clear();
}

void AddActor(Trace* trace, ActorKind kind, int cpu, uint16_t runs) {
  std::vector<Actor>& spare = SpareActors();
  if (spare.empty()) {
    trace->actors.emplace_back();
  } else {
    trace->actors.push_back(std::move(spare.back()));
    spare.pop_back();
  }
  Actor& actor = trace->actors.back();
  actor.name.clear();
  actor.kind = kind;
  actor.cpu = static_cast<CpuId>(cpu);
  actor.runs = runs;
  actor.first_op = actor.op_count = 0;
  actor.vars.clear();
}

}  // namespace

uint8_t FuzzPrimNumber(PrimKind prim) {
  const auto* found = std::ranges::find(kPrims, prim);
  return found == std::end(kPrims) ? 0 : static_cast<uint8_t>(found - kPrims + 1);
}

void FuzzBuilder::Header(const FuzzRecord& r, const Profile& profile) {
  ClearKeepingActors(&trace_);
  trace_.profile = profile;
  in_order_ = r.who >> 5 != kFuzzLiteralOrder;
  trace_.misuse = in_order_ ? r.who >> 5 == kFuzzMisuse : (r.b & kFuzzLiteralMisuse) != 0;
  Pages(r.b);
  Actors(r);
  state_.Begin(trace_);
}

void FuzzBuilder::Pages(uint8_t field) {
  const int high = std::min<int>(kFuzzHighPages[field & 15], trace_.profile.high_pages);
  const int low = std::min<int>(kFuzzLowPages[field >> 4 & 3], trace_.profile.low_pages);
  trace_.pages.resize(static_cast<size_t>(high + low));
  for (int p = 0; p < high + low; p++) trace_.pages[static_cast<size_t>(p)].high = p < high;
}

// Tasks one CPU after the other unless their two bits say otherwise; handlers alike.
void FuzzBuilder::Actors(const FuzzRecord& r) {
  const int tasks = kFuzzTasks[r.who & 7];
  for (int t = 0; t < tasks; t++)
    AddActor(&trace_, ActorKind::task, (t + (r.code >> 2 * t & 3)) % trace_.profile.cpus, 1);
  const int handlers = kFuzzHandlers[r.who >> 3 & 3];
  for (int h = 0; h < handlers; h++) {
    const int bits = r.a >> 4 * h & 15;
    AddActor(&trace_, ActorKind::irq, (h + (bits & 3)) % trace_.profile.cpus,
             kFuzzRuns[bits >> 2]);
  }
}

void FuzzBuilder::Add(ActorId actor, const Op& op) {
  if (Full()) return;
  owner_[trace_.ops.size()] = actor;
  trace_.ops.push_back(op);
  trace_.actors[actor].op_count++;
  if (op.var >= 0) trace_.actors[actor].vars.emplace_back();
  // What the lane filter is going to drop has no effect.
  if (trace_.misuse || state_.Check(actor, op) == SkipReason::none) state_.Apply(actor, op);
}

void FuzzBuilder::Record(const FuzzRecord& r) {
  if (r.who >= kFuzzDecision)
    DecisionRecord(r);
  else if (!Full())
    OpRecord(r);
}

void FuzzBuilder::OpRecord(const FuzzRecord& r) {
  ActorId actor = FuzzActor(program(), r);
  if (r.code < kFuzzLiteral && KeepsCpu(actor)) actor = focus_;
  Op op;
  if (!FuzzOp(program(), actor, r, &op)) return;
  if (IsTask(actor)) {
    SwitchTo(actor);
    last_ = actor;
    last_shape_ = ShapeOf(actor, op);
    interrupted_ = false;
  }
  Add(actor, op);
  if (op.code == OpCode::yield) focus_ = FirstTaskOn(trace_.actors[actor].cpu);
}

// The op whose places this one has: `check`, which has none inside, for those that go nowhere.
OpCode FuzzBuilder::ShapeOf(ActorId actor, const Op& op) const {
  const bool maps = op.code == OpCode::kmap || op.code == OpCode::kunmap;
  if (state_.Check(actor, op) != SkipReason::none) return OpCode::check;
  return maps && !state_.OfHighPage(actor, op) ? OpCode::check : op.code;
}

// The task that runs is in a section, so it cannot make room for this one.
bool FuzzBuilder::KeepsCpu(ActorId actor) const {
  return in_order_ && focus_ != kNoActor && focus_ != actor && IsTask(actor) &&
         state_.InSection(focus_) && SameCpu(focus_, actor);
}

// Who runs after schedule(), unless decided otherwise.
ActorId FuzzBuilder::FirstTaskOn(CpuId cpu) const {
  ActorId a = 0;
  while (trace_.actors[a].cpu != cpu) a++;
  return a;
}

// The next op is this task's: whoever runs now gets as far as its own next op, then the task runs.
void FuzzBuilder::SwitchTo(ActorId task) {
  if (!in_order_ || focus_ == task) return;
  Decision d;
  if (focus_ == kNoActor) {
    d.kind = DecisionKind::start;
    d.actor = task;
  } else {
    d.kind = DecisionKind::at;
    d.actor = focus_;
    d.op = static_cast<uint16_t>(trace_.actors[focus_].op_count);
    d.prim = PrimKind::op;
    d.target.actor = task;
  }
  const bool starts_anyway = focus_ == kNoActor && task == 0;
  if (!starts_anyway) Decide(d);
  focus_ = task;
}

// A handler that has been decided on as often as it runs: one more decision would never be due.
bool FuzzBuilder::Exhausted(ActorId handler) const {
  if (IsTask(handler)) return false;
  const auto& decisions = trace_.schedule.decisions;
  return std::ranges::count_if(decisions, [handler](const Decision& d) {
           return d.target.kind == TargetKind::actor && d.target.actor == handler;
         }) >= trace_.actors[handler].runs;
}

// In the order of records, a handler that can interrupt the task that runs, rather than this one.
ActorId FuzzBuilder::HandlerNear(ActorId handler) const {
  if (!in_order_ || last_ == kNoActor || SameCpu(handler, last_)) return handler;
  for (size_t a = 0; a < trace_.actors.size(); a++)
    if (!IsTask(static_cast<ActorId>(a)) && SameCpu(static_cast<ActorId>(a), last_))
      return static_cast<ActorId>(a);
  return handler;
}

bool FuzzBuilder::AnchorOf(const FuzzRecord& r, Decision* d) const {
  const int number = r.a & kFuzzOperandMask;
  const bool start = (r.who >> 3 & 7) == kFuzzTargetOther &&
                     r.a >> kFuzzTargetShift == static_cast<int>(FuzzTarget::start);
  if (!start || number == 0 || number > static_cast<int>(std::size(kPrims))) return false;
  *d = {};
  d->kind = DecisionKind::at;
  d->actor = static_cast<ActorId>((r.who & 7) % trace_.actors.size());
  d->op = r.code;
  d->prim = kPrims[number - 1];
  d->behind = (r.b & kFuzzBehind) != 0 && Info(d->prim).after;
  d->nth = static_cast<uint16_t>((r.b & ~kFuzzBehind) + 1);
  return true;
}

// Sets the target, or makes it a `start`.
bool FuzzBuilder::TargetOf(const FuzzRecord& r, Decision* d) const {
  const auto actors = static_cast<int>(trace_.actors.size());
  const int tasks = trace_.task_count();
  const int number = r.who & 7;
  const int whom = r.who >> 3 & 7;
  Target& target = d->target;
  if (whom < kFuzzTargetOther) {
    const int first = whom >= kFuzzTargetHandler && tasks < actors ? tasks : 0;
    target.actor = static_cast<ActorId>(first + number % (actors - first));
    if (whom >= kFuzzTargetHandler) target.actor = HandlerNear(target.actor);
    if (Exhausted(target.actor)) target.actor = static_cast<ActorId>(number % tasks);
    return true;
  }
  const int operand = r.a & kFuzzOperandMask;
  switch (static_cast<FuzzTarget>(r.a >> kFuzzTargetShift)) {
    case FuzzTarget::ipi: target.kind = TargetKind::ipi; break;
    case FuzzTarget::fill: target.kind = TargetKind::fill; break;
    case FuzzTarget::evict: target.kind = TargetKind::evict; break;
    case FuzzTarget::start:
      *d = {};
      d->kind = DecisionKind::start;
      d->actor = static_cast<ActorId>(number % actors);
      return operand == 0;
  }
  target.cpu = static_cast<CpuId>(number % trace_.profile.cpus);
  if (target.kind != TargetKind::ipi)
    target.where = static_cast<uint32_t>(operand % trace_.profile.last_pkmap);
  return true;
}

bool FuzzBuilder::DecisionOf(const FuzzRecord& r, const FuzzRecord* anchor, Decision* d) const {
  *d = {};
  if (anchor == nullptr)
    d->steps = StepsOf(r);
  else if (!AnchorOf(*anchor, d))
    return false;
  return TargetOf(r, d);
}

// Moves the decision into the op that came last, to the place the record chooses. False if that op has
// been left already, or is to be left for itself.
bool FuzzBuilder::IntoLastOp(const FuzzRecord& r, Decision* d) const {
  if (last_ == kNoActor || focus_ != last_) return false;
  const bool to_actor = d->target.kind == TargetKind::actor;
  if (to_actor && d->target.actor == last_) return false;
  const bool to_task = to_actor && IsTask(d->target.actor);
  if (to_task && interrupted_) return false;
  const auto places = to_task ? PlacesForTask(last_shape_, SameCpu(last_, d->target.actor))
                              : PlacesForInterrupt(last_shape_);
  const Place place = places[r.code % places.size()];
  d->kind = DecisionKind::at;
  d->steps = 0;
  d->actor = last_;
  d->op = static_cast<uint16_t>(trace_.actors[last_].op_count - 1);
  d->prim = place.prim;
  d->behind = place.behind;
  if (!to_task && r.b >= kLater) d->nth = static_cast<uint16_t>(1 + (r.b & 3));
  return true;
}

void FuzzBuilder::DecisionRecord(const FuzzRecord& r) {
  if (AnchorOf(r, &anchor_)) return;
  Decision d = anchor_;
  const bool anchored = anchor_.kind == DecisionKind::at;
  if (!anchored) d.steps = StepsOf(r);
  if (!TargetOf(r, &d)) return;
  anchor_ = {};
  const bool inside = in_order_ && !anchored && d.kind == DecisionKind::after;
  if (inside && !IntoLastOp(r, &d)) return;
  Decide(d);
  interrupted_ = true;
  if (d.kind == DecisionKind::start) focus_ = d.actor;
  if (inside && d.target.kind == TargetKind::actor && IsTask(d.target.actor))
    focus_ = d.target.actor;
}

void FuzzBuilder::Decide(const Decision& d) {
  if (trace_.schedule.decisions.size() < kFuzzMaxDecisions) trace_.schedule.decisions.push_back(d);
}

// A switch at the end of a program comes before the releases that the lane filter will put there; for
// that the program gets one more op.
bool FuzzBuilder::AnchorHolds(Decision* d) {
  if (d->kind != DecisionKind::at || d->op < trace_.actors[d->actor].op_count) return true;
  if (d->op > trace_.actors[d->actor].op_count || !IsTask(d->actor) || Full()) return false;
  Op op;
  op.code = OpCode::page_address;
  op.page = 0;
  op.var = static_cast<int16_t>(trace_.actors[d->actor].vars.size());
  Add(d->actor, op);
  return true;
}

void FuzzBuilder::Finish() {
  std::erase_if(trace_.schedule.decisions, [this](Decision& d) { return !AnchorHolds(&d); });
  Op sorted[kFuzzMaxOps];
  const size_t n = trace_.ops.size();
  uint32_t first = 0;
  for (size_t a = 0; a < trace_.actors.size(); a++) {
    trace_.actors[a].first_op = first;
    for (size_t i = 0; i < n; i++)
      if (owner_[i] == a) sorted[first++] = trace_.ops[i];
  }
  std::copy_n(sorted, n, trace_.ops.begin());
}

}  // namespace highmem
