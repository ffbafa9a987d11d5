#include "highmem/trace/fuzz_builder.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "highmem/machine/cache.h"

namespace highmem {
namespace {

// Primitives by number, from 1, in this order for ever; new ones go to the end.
constexpr PrimKind kPrims[] = {
    PrimKind::op,
    PrimKind::choose,
    PrimKind::preempt_disable,
    PrimKind::preempt_enable,
    PrimKind::irq_save,
    PrimKind::irq_restore,
    PrimKind::set_state,
    PrimKind::deactivate,
    PrimKind::pick,
    PrimKind::lock,
    PrimKind::unlock,
    PrimKind::add_wait,
    PrimKind::remove_wait,
    PrimKind::wake_up,
    PrimKind::post,
    PrimKind::take,
    PrimKind::ipi_send,
    PrimKind::ipi_wait,
    PrimKind::ipi_ack,
    PrimKind::pte_set,
    PrimKind::pte_clear,
    PrimKind::tlb_flush_local,
    PrimKind::load,
    PrimKind::store,
    PrimKind::cursor,
    PrimKind::count,
    PrimKind::hash_find,
    PrimKind::hash_set,
    PrimKind::queue_test,
    PrimKind::cache_hook,
    PrimKind::look,
    PrimKind::switch_to,
    PrimKind::bh_disable,
    PrimKind::bh_enable,
    PrimKind::pagefault_disable,
    PrimKind::pagefault_enable,
    PrimKind::migrate_disable,
    PrimKind::migrate_enable,
    PrimKind::user_access,
    PrimKind::fork,
    PrimKind::pte_get,
    PrimKind::kmap_idx,
    PrimKind::kmap_pteval,
    PrimKind::kmap_atomic_idx,
};

bool IsMapOrUnmap(OpCode code) {
  switch (code) {
    case OpCode::kmap:
    case OpCode::kunmap:
    case OpCode::kmap_local_page:
    case OpCode::kunmap_local:
    case OpCode::kmap_atomic:
    case OpCode::kunmap_atomic: return true;
    default: return false;
  }
}

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
  in_order_ = r.who >> 5 != kFuzzLiteralOrder || (r.b & kFuzzLiteralBit) == 0;
  trace_.misuse = (r.b & kFuzzMisuseBit) != 0 && (!in_order_ || r.who >> 5 == kFuzzMisuse);
  Pages(r.b);
  Actors(r);
  state_.Begin(trace_);
}

void FuzzBuilder::Pages(uint8_t field) {
  const int high = std::min<int>(kFuzzHighPages[field & 15], trace_.profile.high_pages);
  const int low = std::min<int>(kFuzzLowPages[field >> 4 & 3], trace_.profile.low_pages);
  trace_.pages.resize(static_cast<size_t>(high + low));
  // Colours as the frames have them, so that every page is there.
  const int first_high = trace_.profile.low_pages;
  for (int p = 0; p < high + low; p++) {
    PageDecl& page = trace_.pages[static_cast<size_t>(p)];
    page.high = p < high;
    const int frame = page.high ? first_high + p : p - high;
    page.colour = static_cast<uint8_t>(frame & (trace_.profile.colours - 1));
  }
}

// Tasks one CPU after the other unless their two bits say otherwise; handlers alike.
void FuzzBuilder::Actors(const FuzzRecord& r) {
  const int tasks = kFuzzTasks[r.who & 7];
  for (int t = 0; t < tasks; t++)
    AddActor(&trace_, ActorKind::task, (t + (r.code >> 2 * t & 3)) % trace_.profile.cpus, 1);
  if (mix_ != FuzzMix::pkmap) {
    LocalHandlers(r);
    return;
  }
  const int handlers = kFuzzHandlers[r.who >> 3 & 3];
  for (int h = 0; h < handlers; h++) {
    const int bits = r.a >> 4 * h & 15;
    AddActor(&trace_, ActorKind::irq, (h + (bits & 3)) % trace_.profile.cpus, kFuzzRuns[bits >> 2]);
  }
}

// The first two as the record says, then one of each kind that comes next.
void FuzzBuilder::LocalHandlers(const FuzzRecord& r) {
  const int handlers = kFuzzLocalHandlers[r.who >> 3 & 3];
  for (int h = 0; h < handlers; h++) {
    const int bits = h < 2 ? r.a >> 4 * h & 15 : 0;
    const ActorKind kind = kFuzzHandlerKinds[((bits >> 1 & 3) + h) % 4];
    AddActor(&trace_, kind, (h / 2 + (bits & 1)) % trace_.profile.cpus, kFuzzLocalRuns[bits >> 3]);
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
  const bool ordered = in_order_ && IsTask(actor);
  if (ordered) actor = order_.WhoRuns(actor);
  Op op;
  if (!FuzzOp(program(), actor, r, &op)) return;
  Decision d;
  if (ordered && order_.SwitchTo(actor, &d)) Decide(d);
  if (ordered) order_.Before(actor, op);
  Add(actor, op);
  if (ordered && order_.After(actor, op, &d)) Decide(d);
  if (ordered && IsMapOrUnmap(op.code) && r.b != 0) ComeBetween(actor, r.b);
  if (ordered && op.code == OpCode::cpu_up && r.b != 0)
    MoveThere(actor, static_cast<CpuId>(op.value), r.b);
}

// Virtual pages that fills and evictions may name: the pool's; but in the pkmap mix also the
// windows'.
int FuzzBuilder::Vpns() const {
  const Profile& p = trace_.profile;
  return mix_ != FuzzMix::pkmap ? p.last_pkmap + p.window_pages() * p.cpus + p.vmap_pages
                                : p.last_pkmap;
}

// What `b` of a record that maps or unmaps says, in its top bits: a handler, another task (which
// may mean that this one moves to another CPU), or the TLB gets in between. The same as decision
// records behind it.
void FuzzBuilder::ComeBetween(ActorId actor, uint8_t b) {
  FuzzRecord r;
  r.code = b & 31;
  int whom = kFuzzTargetHandler, number = b & 7;
  switch (b >> 5) {
    case 0:
    case 1:
    case 3:
    case 4: break;
    case 5:
      whom = 0;
      number = (actor + 1 + (b & 1)) % trace_.task_count();
      break;
    case 6: {
      const FuzzTarget target = (b & 8) != 0 ? FuzzTarget::fill : FuzzTarget::evict;
      whom = kFuzzTargetOther;
      r.a = static_cast<uint8_t>(static_cast<int>(target) << kFuzzTargetShift | (b & 7));
      break;
    }
    default: return;
  }
  r.who = static_cast<uint8_t>(kFuzzDecision | whom << 3 | number);
  DecisionRecord(r);
  if (b >> 5 == 5 && (b & 8) != 0 && trace_.profile.migrations != 0) MoveAway(actor);
}

// As soon as the task can be moved: when another one has come in between.
void FuzzBuilder::MoveAway(ActorId actor) {
  Decision d;
  d.steps = 1;
  const int cpu = (trace_.actors[actor].cpu + 1) % trace_.profile.cpus;
  d.target = {TargetKind::migrate, actor, static_cast<CpuId>(cpu), 0};
  Decide(d);
}

// Another task to the CPU that this one has brought back: without one it has nothing to do.
void FuzzBuilder::MoveThere(ActorId actor, CpuId cpu, uint8_t b) {
  const int tasks = trace_.task_count();
  if (trace_.profile.migrations == 0 || tasks < 2) return;
  Decision d;
  d.kind = DecisionKind::at;
  d.actor = actor;
  d.op = static_cast<uint16_t>(trace_.actors[actor].op_count);
  d.prim = PrimKind::op;
  d.target = {TargetKind::migrate, static_cast<ActorId>((actor + 1 + b % (tasks - 1)) % tasks), cpu,
              0};
  Decide(d);
}

// A handler that has been decided on as often as it runs: one more decision would never be due.
bool FuzzBuilder::Exhausted(ActorId handler) const {
  if (IsTask(handler)) return false;
  const auto& decisions = trace_.schedule.decisions;
  return std::ranges::count_if(decisions, [handler](const Decision& d) {
           return d.target.kind == TargetKind::actor && d.target.actor == handler;
         }) >= trace_.actors[handler].runs;
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
    if (in_order_ && first > 0) target.actor = order_.HandlerNear(target.actor);
    if (Exhausted(target.actor)) target.actor = static_cast<ActorId>(number % tasks);
    return true;
  }
  const int operand = r.a & kFuzzOperandMask;
  // With one CPU there are no IPIs, so a cache takes their code.
  const int lines = trace_.profile.cpus == 1 ? CacheLineCount(trace_.profile) : 0;
  switch (static_cast<FuzzTarget>(r.a >> kFuzzTargetShift)) {
    case FuzzTarget::ipi:
      if (lines != 0) {
        target.kind = TargetKind::writeback;
        target.where = static_cast<uint32_t>(operand % lines);
        return true;
      }
      target.kind = TargetKind::ipi;
      if ((operand & kFuzzMigrate) == 0) break;
      target = {TargetKind::migrate, static_cast<ActorId>(number % tasks),
                static_cast<CpuId>(operand % kFuzzMigrate % trace_.profile.cpus), 0};
      return trace_.profile.migrations != 0;
    case FuzzTarget::fill: target.kind = TargetKind::fill; break;
    case FuzzTarget::evict: target.kind = TargetKind::evict; break;
    case FuzzTarget::start:
      *d = {};
      d->kind = DecisionKind::start;
      d->actor = static_cast<ActorId>(number % actors);
      return operand == 0;
  }
  target.cpu = static_cast<CpuId>(number % trace_.profile.cpus);
  if (target.kind != TargetKind::ipi) target.where = static_cast<uint32_t>(operand % Vpns());
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

void FuzzBuilder::DecisionRecord(const FuzzRecord& r) {
  if (AnchorOf(r, &anchor_)) return;
  Decision d = anchor_;
  const bool anchored = anchor_.kind == DecisionKind::at;
  if (!anchored) d.steps = StepsOf(r);
  if (!TargetOf(r, &d)) return;
  anchor_ = {};
  if (d.kind == DecisionKind::start)
    order_.Started(d.actor);
  else if (in_order_ && !anchored && !order_.MoveInside(r, &d))
    return;
  Decide(d);
}

void FuzzBuilder::Decide(const Decision& d) {
  if (trace_.schedule.decisions.size() < kFuzzMaxDecisions) trace_.schedule.decisions.push_back(d);
}

// A switch at the end of a program comes before the releases that the lane filter will put there;
// for that the program gets one more op.
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
