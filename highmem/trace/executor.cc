#include "highmem/trace/executor.h"

#include <algorithm>
#include <bit>

#include "highmem/kernel/hotplug.h"
#include "highmem/kernel/irq.h"
#include "highmem/kernel/kmap_hooks.h"
#include "highmem/kernel/mailbox.h"
#include "highmem/kernel/migrate.h"
#include "highmem/kernel/perform.h"
#include "highmem/kernel/sched.h"
#include "highmem/kernel/smp.h"
#include "highmem/kernel/spinlock.h"
#include "highmem/kernel/warn.h"
#include "highmem/kmap/kmap.h"
#include "highmem/kmap/kmap_atomic.h"
#include "highmem/kmap/pks.h"
#include "highmem/kmap/vmap.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/cache.h"
#include "highmem/machine/shared.h"
#include "highmem/machine/tlb.h"
#include "highmem/trace/helper_op.h"

namespace highmem {
namespace {

int CountPosts(const Trace& trace) {
  int posts = 0;
  for (const Op& op : trace.ops) posts += op.code == OpCode::post;
  return posts;
}

ContextKind ContextOf(ActorKind kind) {
  switch (kind) {
    case ActorKind::softirq: return ContextKind::kSoftirq;
    case ActorKind::irq: return ContextKind::kHardirq;
    case ActorKind::nmi: return ContextKind::kNmi;
    case ActorKind::fault: return ContextKind::kFault;
    case ActorKind::task: break;
  }
  return ContextKind::kTask;
}

// Primitives that can enable or disable a move of another CPU.
bool TouchesOtherCpus(PrimKind kind) {
  switch (kind) {
    case PrimKind::lock:
    case PrimKind::unlock:
    case PrimKind::wake_up:
    case PrimKind::post:
    case PrimKind::take:
    case PrimKind::ipi_send:
    case PrimKind::ipi_ack:
    case PrimKind::fork:
    case PrimKind::cpu_down:
    case PrimKind::cpu_up:
    case PrimKind::cpu_drained: return true;
    default: return false;
  }
}

}  // namespace

ContextId Executor::TaskContextId(TaskId t) const {
  if (t < task_count()) return actor_of_[t];
  return static_cast<ContextId>(kContextIdle + (t - task_count()));
}

namespace {

// Steps that an op makes for a number in it: a page, or a byte, at a time.
uint64_t StepsByNumber(const Trace& trace, const Op& op) {
  if (op.code == OpCode::vmap || op.code == OpCode::vm_map_ram)
    return 4 * static_cast<uint64_t>(op.value);
  const auto fillers = static_cast<uint64_t>(trace.profile.last_pkmap);
  if (op.code == OpCode::rotate || op.code == OpCode::fill) return 64 * fillers;
  return IsHelper(op.code) ? 4ull * HelperBytes(trace.profile, op) : 0;
}

}  // namespace

void Executor::Load(const Trace& trace, EventSink* sink) {
  trace_ = &trace;
  sink_ = sink;
  at_ = {};
  guard_broken_ = false;
  handlers_.clear();
  enabled_ = 0;
  for (MoveMask& handlers : handlers_of_cpu_) handlers = 0;
  for (MoveMask& handlers : handlers_of_kind_) handlers = 0;
  CpuId cpu_of[kMaxTasks] = {};
  uint32_t unborn = 0;
  const uint32_t forked = trace.forked();
  int tasks = 0;
  for (size_t a = 0; a < trace.actors.size(); a++) {
    const Actor& actor = trace.actors[a];
    if (actor.kind != ActorKind::task) {
      handlers_.push_back(static_cast<ActorId>(a));
      handlers_of_cpu_[actor.cpu] |= IrqBit(static_cast<int>(a));
      handlers_of_kind_[static_cast<size_t>(actor.kind)] |= IrqBit(static_cast<int>(a));
      continue;
    }
    task_of_[a] = static_cast<TaskId>(tasks);
    actor_of_[tasks] = static_cast<ActorId>(a);
    unborn |= (forked >> a & 1) << tasks;
    cpu_of[tasks++] = actor.cpu;
  }
  at_.live_tasks = tasks - std::popcount(unborn);
  hotplug_ =
      std::ranges::any_of(trace.ops, [](const Op& op) { return op.code == OpCode::cpu_down; });
  step_bound_ = 64ull * trace.ops.size() * static_cast<uint64_t>(trace.profile.cpus) + 4096;
  for (const Op& op : trace.ops) step_bound_ += StepsByNumber(trace, op);

  arena.Reset(tasks + trace.profile.cpus);
  MachineReset(trace.profile);
  TasksReset(tasks, cpu_of, unborn);
  WarnsReset();
  SpinlocksReset();
  MailboxesReset(static_cast<int>(trace.actors.size()), CountPosts(trace));
  kmap_reset();
  kmap_atomic_reset();
  vmap_reset();
  kmap_ctrl_reset(tasks + trace.profile.cpus);
  pks_reset(tasks + trace.profile.cpus);
  ProgramsReset(trace, &at_.counters);
  arena.BeginOracleSegment();
  if (sink_ != nullptr) sink_->Begin(*this);
  StartStacks();
}

// Every task is set to begin its program when first switched to; every CPU idles.
void Executor::StartStacks() {
  events.Clear();
  for (int t = 0; t < task_count(); t++) {
    const auto id = static_cast<TaskId>(t);
    BeginStep(TaskContextId(id), task(id).cpu);
    PushRoot(id, ContextKind::kTask, TaskContextId(id), [&] { return TaskMain(actor_of_[t]); });
  }
  for (int c = 0; c < machine.profile.cpus; c++) {
    const TaskId idle = IdleTask(static_cast<CpuId>(c));
    BeginStep(TaskContextId(idle), static_cast<CpuId>(c));
    PushRoot(idle, ContextKind::kTask, TaskContextId(idle), [] { return idle_loop(); });
  }
  others_stale_ = true;
  EndStep(0);
}

void Executor::Rewind() {
  if (start_.empty()) return;
  arena.Restore(start_);
  set_position(start_position_);
  events.Clear();
}

void Executor::SaveStart() {
  arena.Save(&start_);
  start_position_ = at_;
}

void Executor::NoteTouched(TaskId t) {
  touched_shared_ = touched.shared;
  for (uint32_t locks = touched.guarded_by; locks != 0; locks &= locks - 1) {
    const auto lock = static_cast<LockId>(__builtin_ctz(locks));
    guard_broken_ |= LockIsFree(lock) || LockOwner(lock) != t;
  }
}

void Executor::BeginStep(ContextId ctx, CpuId cpu) {
  events.BeginStep(static_cast<uint32_t>(at_.steps), ctx, cpu);
}

void Executor::Apply(const Move& move, uint32_t value) {
  at_.steps++;
  touched_shared_ = false;
  switch (move.kind) {
    case MoveKind::run: RunCpu(move.cpu, value); break;
    case MoveKind::ipi: EnterIpi(move.cpu); break;
    case MoveKind::irq: EnterHandler(static_cast<ActorId>(move.arg)); break;
    case MoveKind::preempt: Preempt(static_cast<TaskId>(move.arg)); break;
    case MoveKind::fill:
      BeginStep(static_cast<ContextId>(kContextHw + move.cpu), move.cpu);
      TlbFill(move.cpu, move.arg, /*speculative=*/true);
      break;
    case MoveKind::evict:
      BeginStep(static_cast<ContextId>(kContextHw + move.cpu), move.cpu);
      TlbEvict(move.cpu, move.arg);
      break;
    case MoveKind::writeback:
      BeginStep(static_cast<ContextId>(kContextHw + move.cpu), move.cpu);
      LineEvict(move.arg);
      break;
    case MoveKind::migrate:
      BeginStep(static_cast<ContextId>(kContextHw + move.cpu), move.cpu);
      Migrate(static_cast<TaskId>(move.arg), move.cpu);
      others_stale_ = true;
      break;
  }
  EndStep(move.cpu);
}

void Executor::RunCpu(CpuId cpu, uint32_t value) {
  const TaskId t = machine.cpus[cpu].curr;
  if (hotplug_ && MustLeave(cpu)) return Preempt(t);
  Context& context = TopContext(t);
  BeginStep(context.id, cpu);
  current_context = &context;
  SetFrameOwner(t);
  if (context.pending.after == 0) {
    others_stale_ = TouchesOtherCpus(context.pending.kind);
    Perform(context, value);
    if (Info(context.pending.kind).after) {
      context.pending.after = 1;
      if (context.pending.kind == PrimKind::user_access && context.result != 0) EnterFault(t);
      return;
    }
  }
  Frame::finished_root = nullptr;
  touched = {};
  context.leaf->self.resume();
  NoteTouched(t);
  if (Frame::finished_root != nullptr)
    FinishRoot(t);
  else
    ReportIfBlocked(context, cpu);
}

// A handler's or preemption's root has run to its end: leave it, and what it interrupted is back.
void Executor::FinishRoot(TaskId t) {
  const Context& top = TopContext(t);
  const bool interrupt = top.kind != ContextKind::kPreempt && top.kind != ContextKind::kFault;
  if (interrupt) irq_exit(top.kind, top.irqs_were_on);
  PopContext(t, Frame::finished_root);
}

void Executor::EnterIpi(CpuId cpu) {
  Cpu& hw = machine.cpus[cpu];
  const auto from = static_cast<CpuId>(__builtin_ctz(hw.ipi_pending));
  const auto id = static_cast<ContextId>(kContextIpi + cpu);
  BeginStep(id, cpu);
  hw.ipi_pending &= static_cast<uint8_t>(hw.ipi_pending - 1);
  const uint8_t irqs_were_on = irq_enter(ContextKind::kIpi);
  Frame* root = PushRoot(hw.curr, ContextKind::kIpi, id, [&] { return ipi_handler(from); });
  if (root != nullptr) TopContext(hw.curr).irqs_were_on = irqs_were_on;
}

void Executor::EnterHandler(ActorId handler) {
  const CpuId cpu = trace_->actors[handler].cpu;
  BeginStep(handler, cpu);
  actor_state(handler).runs_left--;
  const ContextKind kind = ContextOf(trace_->actors[handler].kind);
  const uint8_t irqs_were_on = irq_enter(kind);
  const TaskId t = machine.cpus[cpu].curr;
  Frame* root = PushRoot(t, kind, handler, [&] { return HandlerMain(handler); });
  if (root == nullptr) return;
  TopContext(t).irqs_were_on = irqs_were_on;
  if (!root->self.done()) return;
  Frame::finished_root = root;  // a program without ops
  FinishRoot(t);
}

// The task has touched a page that is not there: the first fault actor of its CPU that is free
// serves it, on top of it. If there is none, the page arrives by itself.
void Executor::EnterFault(TaskId t) {
  for (size_t a = 0; a < trace_->actors.size(); a++) {
    ActorState& state = actor_state(static_cast<ActorId>(a));
    const Actor& actor = trace_->actors[a];
    if (actor.kind != ActorKind::fault || actor.cpu != task(t).cpu) continue;
    if (state.runs_left == 0 || state.running != 0) continue;
    const auto handler = static_cast<ActorId>(a);
    state.runs_left--;
    BeginStep(handler, actor.cpu);
    Frame* root = PushRoot(t, ContextKind::kFault, handler, [&] { return HandlerMain(handler); });
    if (root == nullptr || !root->self.done()) return;
    Frame::finished_root = root;
    FinishRoot(t);
    return;
  }
}

void Executor::Preempt(TaskId next) {
  const CpuId cpu = task(next).cpu;
  const TaskId prev = machine.cpus[cpu].curr;
  const ContextId id = TopContext(prev).id;
  BeginStep(id, cpu);
  PushRoot(prev, ContextKind::kPreempt, id, [&] { return preempt_schedule(next); });
}

bool Executor::InterruptRuns() const {
  for (int c = 0; c < machine.profile.cpus; c++)
    if ((task(machine.cpus[c].curr).preempt_count & (kHardirqMask | kNmiMask | kSoftirqMask)) != 0)
      return true;
  return false;
}

void Executor::EndStep(CpuId cpu) {
  if (others_stale_ || (hotplug_ && SomeCpuIsDying()))
    RefreshAll();
  else
    RefreshCpu(cpu);
  others_stale_ = false;
  for (const Event& e : events.pending()) {
    switch (e.kind) {
      case EventKind::sweep_begin: at_.counters.sweeps++; break;
      case EventKind::tlb_global_begin: at_.counters.global_flushes++; break;
      case EventKind::flush_cache_kmaps: at_.counters.cache_hooks++; break;
      case EventKind::task_state:
        if (e.new_value == static_cast<uint32_t>(TaskState::kDead)) at_.live_tasks--;
        break;
      case EventKind::fork: at_.live_tasks++; break;
      default: break;
    }
  }
  if (RunContext(cpu).pending.kind == PrimKind::bug)
    at_.status = RunStatus::bug;
  else if (at_.live_tasks == 0 && !InterruptRuns())
    at_.status = RunStatus::done;
  if (sink_ != nullptr && !sink_->OnStep(*this, events.pending())) at_.status = RunStatus::stopped;
  events.Clear();
}

// Somebody can run, or an IPI can be answered, or a task that waits for another one, in `take` or
// for a CPU to go offline, can make room.
bool Executor::Progress() const {
  if ((enabled_ & kProgressMask) != 0) return true;
  for (int t = 0; t < task_count(); t++) {
    if ((enabled_ & PreemptBit(t)) == 0) continue;
    const PrimKind waits = RunContext(task(static_cast<TaskId>(t)).cpu).pending.kind;
    if (WaitsForOthers(waits)) return true;
  }
  return false;
}

void Executor::MarkIfStuck() {
  if (at_.status == RunStatus::running && !Progress()) at_.status = RunStatus::stuck;
}

RunStatus Executor::Run(Chooser& chooser) {
  chooser.Begin(*this);
  while (at_.status == RunStatus::running) {
    MarkIfStuck();
    if (at_.status != RunStatus::running) break;
    if (at_.steps >= step_bound_) {
      at_.status = RunStatus::step_bound;
      break;
    }
    const Move move = chooser.NextMove(*this, enabled_);
    const uint32_t ways = ChoicesOf(move);
    Apply(move, ways > 1 ? chooser.NextValue(*this, move, ways) : 0);
  }
  return at_.status;
}

}  // namespace highmem
