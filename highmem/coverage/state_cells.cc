#include "highmem/coverage/state_cells.h"

#include "highmem/kernel/spinlock.h"
#include "highmem/kernel/task.h"
#include "highmem/kernel/wait.h"
#include "highmem/kmap/introspect.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/lazy_mmu.h"
#include "highmem/machine/page.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"

namespace highmem {
namespace {

// The state of the page's slot; false where the implementation does not show it.
bool StateOfSlot(uint32_t pfn, SlotState* state) {
  if (pkmap_view() == nullptr || page_address_view() == nullptr) return false;
  if (pfn >= static_cast<uint32_t>(machine.profile.pages())) return false;
  Page* page = pfn_to_page(static_cast<Pfn>(pfn));
  if (!PageHighMem(page)) return false;
  const int slot = page_address_view()->slot_of(page);
  const int count = slot < 0 ? 0 : pkmap_view()->count(slot);
  if (slot < 0 || count == 0)
    *state = SlotState::absent;
  else if (count == 1)
    *state = SlotState::parked;
  else
    *state = count == 2 ? SlotState::one_user : SlotState::more_users;
  return true;
}

CallContext ContextOfCall(CpuId cpu) {
  const TaskId current = machine.cpus[cpu].curr;
  const uint32_t count = task(current).preempt_count;
  if ((count & kNmiMask) != 0) return CallContext::nmi;
  if ((count & kHardirqMask) != 0) return CallContext::hardirq;
  if (machine.cpus[cpu].irqs_on == 0) return CallContext::irqs_off;
  if ((count & kSoftirqMask) != 0) return CallContext::softirq;
  if (LazyMmuIsOn(cpu)) return CallContext::lazy_mmu;
  if ((count & kPreemptMask) != 0) return CallContext::preempt_off;
  return TopContext(current).kind == ContextKind::kFault ? CallContext::fault : CallContext::task;
}

int ContextsOn(CpuId cpu) {
  const TaskId current = machine.cpus[cpu].curr;
  int contexts = 0;
  for (const Context* c = &TopContext(current); c != nullptr; c = Below(current, *c)) contexts++;
  return contexts;
}

// Some TLB knows a slot of the pool that the page table does not.
bool SomeTlbIsStale() {
  for (int c = 0; c < machine.profile.cpus; c++)
    for (int nr = 0; nr < machine.profile.last_pkmap; nr++)
      if (!TlbGet(c, nr).none() && PteGet(nr).none()) return true;
  return false;
}

}  // namespace

void StateCells::Begin(const Executor& executor) {
  hit_.clear();
  calls_.assign(executor.trace().actors.size(), {});
  parked_ = sweeping_ = contradictions_ = 0;
  executor_ = &executor;
}

void StateCells::OnStep(std::span<const Event> events) {
  for (const Event& e : events) OnEvent(e);
}

void StateCells::Hit(int cell) {
  if (cell == kCannotBe) contradictions_++;
  if (cell < 0) return;
  uint8_t& counter = counters_[static_cast<size_t>(cell)];
  if (counter != 0) return;
  counter = 1;
  hit_.push_back(static_cast<uint16_t>(cell));
}

void StateCells::OnEvent(const Event& e) {
  switch (e.kind) {
    case EventKind::op_begin: OnBegin(e); break;
    case EventKind::op_end: calls_[e.ctx].under_way = false; break;
    case EventKind::irq_enter: OnEntered(e.cpu, static_cast<ContextKind>(e.obj)); break;
    // No interrupt enters a page fault's handler.
    case EventKind::actor_begin:
      if (TopContext(machine.cpus[e.cpu].curr).kind == ContextKind::kFault)
        OnEntered(e.cpu, ContextKind::kFault);
      break;
    case EventKind::task_switch: OnSwitch(e); break;
    case EventKind::pkmap_count: OnCount(e); break;
    case EventKind::kmap_idx:
      Hit(DepthCell(DepthOf::local_maps,
                    static_cast<int>(e.new_value) / machine.profile.kmap_local_inc()));
      break;
    case EventKind::kmap_atomic_idx:
      Hit(DepthCell(DepthOf::atomic_maps, static_cast<int>(e.new_value)));
      break;
    case EventKind::wait_add:
      Hit(DepthCell(DepthOf::waiters, wait_queue(static_cast<int>(e.old_value)).count));
      break;
    case EventKind::sleep: Hit(MomentCell(Moment::sleeps)); break;
    case EventKind::wake:
      if (e.new_value > 1) Hit(MomentCell(Moment::wakes_several));
      break;
    case EventKind::sweep_begin: sweeping_++; break;
    case EventKind::sweep_end:
      sweeping_--;
      Hit(MomentCell(e.obj == 0 ? Moment::sweeps_in_vain : Moment::sweeps));
      break;
    case EventKind::tlb_global_begin:
      if (SomeTlbIsStale()) Hit(MomentCell(Moment::stale_entry));
      break;
    case EventKind::contend:
      if (static_cast<LockId>(e.obj) == LockId::kKmapLock) Hit(MomentCell(Moment::spins));
      break;
    case EventKind::sched_out:
      if (e.new_value != 0) Hit(MomentCell(Moment::maps_leave));
      break;
    case EventKind::sched_in:
      if (e.new_value != 0) Hit(MomentCell(Moment::maps_come_back));
      break;
    case EventKind::migrate: OnMigrate(e); break;
    case EventKind::fork: Hit(MomentCell(Moment::forks)); break;
    case EventKind::cpu_offline: Hit(MomentCell(Moment::cpu_goes)); break;
    case EventKind::cpu_online: Hit(MomentCell(Moment::cpu_comes_back)); break;
    case EventKind::fault: Hit(MomentCell(Moment::faults)); break;
    case EventKind::key_fault: Hit(MomentCell(Moment::key_faults)); break;
    case EventKind::line_writeback:
      if (e.ctx >= kContextHw) Hit(MomentCell(Moment::writes_back));
      break;
    case EventKind::tlb_fill:
      if (e.aux != 0) Hit(MomentCell(Moment::tlb_fills));
      break;
    case EventKind::vmap_lazy:
      if (e.new_value < e.old_value) Hit(MomentCell(Moment::purges_vmaps));
      break;
    case EventKind::frame_release: Hit(MomentCell(Moment::gives_frame)); break;
    case EventKind::warn: Hit(MomentCell(Moment::warns)); break;
    default: break;
  }
}

void StateCells::OnBegin(const Event& e) {
  if (e.ctx >= calls_.size()) return;
  const auto code = static_cast<OpCode>(e.old_value & 0xff);
  const OpFamily family = FamilyOf(code);
  SlotState state;
  if (StateOfSlot(e.new_value, &state)) Hit(PoolCell(state, family));
  Hit(ContextCell(ContextOfCall(e.cpu), code));
  for (const Call& call : calls_)
    if (call.under_way) Hit(PairCell(call.family, family, call.cpu == e.cpu));
  calls_[e.ctx] = {family, true, e.cpu};
}

// In the middle of a call, if the context that it interrupted is in one.
void StateCells::OnEntered(CpuId cpu, ContextKind kind) {
  const TaskId current = machine.cpus[cpu].curr;
  Hit(DepthCell(DepthOf::contexts, ContextsOn(cpu)));
  if (sweeping_ > 0) Hit(MomentCell(Moment::sweep_interrupted));
  const Context* below = Below(current, TopContext(current));
  if (below == nullptr || below->id >= calls_.size() || !calls_[below->id].under_way) return;
  Hit(WindowCell(below->pending.kind, kind));
}

void StateCells::OnSwitch(const Event& e) {
  const auto leaves = static_cast<TaskId>(e.obj);
  const Context& top = TopContext(leaves);
  const bool preempted = top.kind == ContextKind::kPreempt;
  const Context* in = preempted ? Below(leaves, top) : &top;
  if (in == nullptr || in->id >= calls_.size() || !calls_[in->id].under_way) return;
  if (sweeping_ > 0) Hit(MomentCell(Moment::sweep_interrupted));
  Hit(WindowCell(in->pending.kind, preempted ? ContextKind::kPreempt : ContextKind::kTask));
}

// What it is in the middle of goes with it.
void StateCells::OnMigrate(const Event& e) {
  Hit(MomentCell(Moment::moves));
  const ActorId actor = executor_->ActorOf(static_cast<TaskId>(e.obj));
  if (actor < calls_.size()) calls_[actor].cpu = static_cast<CpuId>(e.new_value);
}

void StateCells::OnCount(const Event& e) {
  const auto before = static_cast<int32_t>(e.old_value), after = static_cast<int32_t>(e.new_value);
  parked_ += (after == 1 ? 1 : 0) - (before == 1 ? 1 : 0);
  if (before == 2) Hit(DepthCell(DepthOf::parked, parked_));
  Hit(DepthCell(DepthOf::users, after - 1));
}

}  // namespace highmem
