#include <algorithm>
#include <bit>

#include "highmem/kernel/lazy_mmu.h"
#include "highmem/kernel/mailbox.h"
#include "highmem/kernel/preempt.h"
#include "highmem/kernel/sched.h"
#include "highmem/kernel/spinlock.h"
#include "highmem/kernel/wait.h"
#include "highmem/kernel/warn.h"
#include "highmem/kmap/introspect.h"
#include "highmem/kmap/kmap.h"
#include "highmem/kmap/kmap_atomic.h"
#include "highmem/kmap/kmap_local.h"
#include "highmem/kmap/page_address.h"
#include "highmem/kmap/pks.h"
#include "highmem/kmap/vmap.h"
#include "highmem/machine/access.h"
#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/shared.h"
#include "highmem/trace/helper_op.h"
#include "highmem/trace/program_parts.h"

namespace highmem {

ActorState* internal::actors = nullptr;

namespace {

using internal::actors, internal::DeclaredPfn, internal::EmitBegin, internal::EmitEnd;
using internal::kLive, internal::kNoPin, internal::kNotKmapped, internal::kPinned;
using internal::ReleaseVar, internal::ReleaseVarOfPage, internal::Result, internal::Var;

const Trace* trace = nullptr;
const RunCounters* counters = nullptr;
std::vector<Pfn> pfns;  // of the declared pages
VarSlot* vars = nullptr;
uint16_t first_var[kMaxActors + 1];
bool vars_are_shared = false;  // some op names another actor's

}  // namespace

VarSlot& internal::Var(ActorId actor, int var) {
  touched.shared |= vars_are_shared;
  return vars[first_var[actor] + var];
}

Pfn internal::DeclaredPfn(int page) { return pfns[static_cast<size_t>(page)]; }

void internal::EmitBegin(int index, OpCode code, Pfn pfn, uint32_t operand) {
  Emit(EventKind::op_begin, static_cast<uint32_t>(index), static_cast<uint32_t>(code), pfn,
       operand);
}

void internal::EmitEnd(int index, OpCode code, const Result& r) {
  Emit(EventKind::op_end, static_cast<uint32_t>(index),
       static_cast<uint32_t>(code) | static_cast<uint32_t>(r.kind) << 8, r.value, r.pfn);
}

void internal::ReleaseVar(VarSlot& slot) {
  slot.live = kNotKmapped;
  if (!trace->misuse) slot = {};
}

void internal::ReleaseVarOfPage(ActorId actor, Pfn pfn, uint16_t live) {
  for (int v = static_cast<int>(trace->actors[actor].vars.size()) - 1; v >= 0; v--) {
    if (Var(actor, v).live != live || Var(actor, v).pfn != pfn) continue;
    ReleaseVar(Var(actor, v));
    return;
  }
}

namespace {

VarSlot& RefOf(ActorId actor, const Op* op) {
  return Var(IsForeign(*op) ? static_cast<ActorId>(op->actor - 1) : actor, op->ref);
}

Result MapResult(Vaddr address, Pfn pfn) {
  ResultKind kind = ResultKind::null;
  if (InPkmap(address)) kind = ResultKind::pkmap;
  if (InFixKmap(address)) kind = ResultKind::fix;
  if (InLinearMap(address)) kind = ResultKind::low;
  return {kind, address, pfn};
}

// The page operand, after any(...) has been decided.
Co<Pfn> ChoosePage(const Op* op) {
  if (op->any == 0 || IsHelper(op->code)) co_return op->page < 0 ? kNoPfn : DeclaredPfn(op->page);
  const auto n = static_cast<uint32_t>(std::popcount(op->any));
  uint32_t value = 0;
  if (n > 1) value = co_await Prim(PrimKind::choose, 0, n);
  uint32_t mask = op->any;
  for (; value > 0; value--) mask &= mask - 1;
  co_return DeclaredPfn(std::countr_zero(mask));
}

Co<> DoKmap(ActorId actor, int index, int var, Pfn pfn) {
  EmitBegin(index, OpCode::kmap, pfn, 0);
  const Vaddr address = co_await kmap(pfn_to_page(pfn));
  if (var >= 0) Var(actor, var) = {address, pfn, kLive};
  EmitEnd(index, OpCode::kmap, MapResult(address, pfn));
}

Co<> DoKunmap(ActorId actor, int index, int ref, Pfn pfn) {
  if (ref >= 0) pfn = Var(actor, ref).pfn;
  EmitBegin(index, OpCode::kunmap, pfn, 0);
  co_await kunmap(pfn_to_page(pfn));
  if (ref >= 0)
    ReleaseVar(Var(actor, ref));
  else
    ReleaseVarOfPage(actor, pfn, kLive);
  EmitEnd(index, OpCode::kunmap, {ResultKind::ok, 0, pfn});
}

Co<Vaddr> MapOne(const Op* op, Pfn pfn) {
  const auto type = static_cast<KmType>(op->value);
  switch (op->code) {
    case OpCode::kmap_local_pfn: co_return co_await kmap_local_pfn(pfn);
    case OpCode::kmap_atomic: co_return co_await kmap_atomic(pfn_to_page(pfn), type);
    case OpCode::kmap_atomic_pfn: co_return co_await kmap_atomic_pfn(pfn, type);
    case OpCode::kmap_high_get: co_return co_await kmap_high_get(pfn_to_page(pfn));
    default: co_return co_await kmap_local_page(pfn_to_page(pfn));
  }
}

Co<> DoMap(ActorId actor, int index, const Op* op, Pfn pfn) {
  EmitBegin(index, op->code, pfn, 0);
  const Vaddr address = co_await MapOne(op, pfn);
  uint16_t live = kNotKmapped;
  if (op->code == OpCode::kmap_high_get) live = address != 0 ? kPinned : kNoPin;
  if (op->var >= 0) Var(actor, op->var) = {address, pfn, live};
  EmitEnd(index, op->code, MapResult(address, pfn));
}

// A page instead of a variable: its descriptor, through a cast.
Co<> DoUnmapLocally(ActorId actor, int index, const Op* op, Pfn pfn) {
  Vaddr address = 0;
  if (op->ref >= 0) {
    address = RefOf(actor, op).address + op->offset;
    pfn = RefOf(actor, op).pfn;
  } else {
    address = struct_page_address(pfn_to_page(pfn));
  }
  EmitBegin(index, op->code, pfn, address);
  if (op->code == OpCode::kunmap_atomic)
    co_await kunmap_atomic(address, static_cast<KmType>(op->value));
  else
    co_await kunmap_local(address);
  if (op->ref >= 0) ReleaseVar(RefOf(actor, op));
  EmitEnd(index, op->code, {ResultKind::ok, address, pfn});
}

Co<> DoPageAddress(ActorId actor, int index, int var, Pfn pfn) {
  EmitBegin(index, OpCode::page_address, pfn, 0);
  const Vaddr address = co_await page_address(pfn_to_page(pfn));
  if (var >= 0) Var(actor, var) = {address, pfn, kNotKmapped};
  EmitEnd(index, OpCode::page_address, MapResult(address, pfn));
}

Co<> DoAccess(ActorId actor, int index, const Op* op) {
  const VarSlot slot = RefOf(actor, op);
  const Vaddr address = slot.address + op->offset;
  EmitBegin(index, op->code, slot.live == kNoPin ? kNoPfn : slot.pfn, address);
  if (slot.live == kNoPin) co_return EmitEnd(index, op->code, {ResultKind::null, 0, kNoPfn});
  const auto prim = op->code == OpCode::load ? PrimKind::load : PrimKind::store;
  const auto value = static_cast<uint32_t>(op->code == OpCode::load ? 0 : op->value);
  uint32_t got = co_await Prim(prim, address, value);
  while (static_cast<int>(got) == kKeyFault) {
    co_await pks_key_fault();
    got = co_await Prim(prim, address, value);
  }
  const bool fault = static_cast<int>(got) == kFault;
  ResultKind kind = op->code == OpCode::load ? ResultKind::byte : ResultKind::ok;
  if (fault) kind = ResultKind::fault;
  EmitEnd(index, op->code, {kind, fault ? 0 : got, slot.pfn});
}

Co<> DoPost(ActorId actor, int index, int ref) {
  const VarSlot slot = Var(actor, ref);
  EmitBegin(index, OpCode::post, slot.pfn, slot.address);
  co_await post(actor, slot.address, slot.pfn);
  Var(actor, ref) = {};
  EmitEnd(index, OpCode::post, {ResultKind::ok, slot.address, slot.pfn});
}

Co<> DoTake(ActorId actor, int index, int var, ActorId from) {
  EmitBegin(index, OpCode::take, kNoPfn, from);
  const uint32_t ticket = co_await take(from);
  const PostedMap map = TakenMap(from, ticket);
  if (var >= 0) Var(actor, var) = {map.address, map.pfn, kLive};
  EmitEnd(index, OpCode::take, MapResult(map.address, map.pfn));
}

// Fresh fillers of a colour are those without a slot; there are always more of them than slots
// (CheckTrace).
int FreshFiller(int from, int colour) {
  const PageAddressView* view = page_address_view();
  const auto fresh = [&](Pfn pfn) {
    return PageColour(pfn) == colour && (view == nullptr || view->slot_of(pfn_to_page(pfn)) < 0);
  };
  while (!fresh(FillerPfn(*trace, from))) from++;
  return from;
}

Co<> DoFill(ActorId actor, int index, int n) {
  for (int i = 0; i < n; i++) {
    co_await Step(PrimKind::look);
    const Pfn pfn = FillerPfn(*trace, actors[actor].filled);
    co_await DoKmap(actor, index, -1, pfn);
    actors[actor].filled++;
  }
}

Co<> DoRotate(ActorId actor, int index, int slot) {
  const int slots = machine.profile.last_pkmap;
  const int colours = machine.profile.colours;
  const int colour = slot & (colours - 1);
  for (int i = 0; pkmap_view() != nullptr && i < 2 * slots; i++) {
    co_await Step(PrimKind::look);
    if (((pkmap_view()->cursor(colour) + colours) & (slots - 1)) + colour == slot) break;
    const Pfn pfn = FillerPfn(*trace, FreshFiller(actors[actor].filled, colour));
    co_await DoKmap(actor, index, -1, pfn);
    co_await DoKunmap(actor, index, -1, pfn);
  }
}

// Ops that are one primitive or a call without operands.
Co<> DoSimple(ActorId actor, int index, const Op* op) {
  EmitBegin(index, op->code, kNoPfn, 0);
  uint32_t value = 0;
  switch (op->code) {
    case OpCode::kmap_flush_unused: co_await kmap_flush_unused(); break;
    case OpCode::yield: co_await schedule(); break;
    case OpCode::irq_save: {
      const uint32_t flags = co_await irq_save();
      actors[actor].irq_flags = actors[actor].irq_flags << 1 | flags;
      break;
    }
    case OpCode::irq_restore: {
      const uint32_t flags = actors[actor].irq_flags & 1;
      actors[actor].irq_flags >>= 1;
      co_await irq_restore(flags);
      break;
    }
    case OpCode::preempt_disable: co_await preempt_disable(); break;
    case OpCode::preempt_enable: co_await preempt_enable(); break;
    case OpCode::local_irq_enable: co_await local_irq_enable(); break;
    case OpCode::local_irq_disable: co_await local_irq_disable(); break;
    case OpCode::local_bh_disable: co_await local_bh_disable(); break;
    case OpCode::local_bh_enable: co_await local_bh_enable(); break;
    case OpCode::clear_warn_once: clear_warn_once(); break;
    case OpCode::vm_unmap_aliases: co_await vm_unmap_aliases(); break;
    case OpCode::drain_vmap_area_work: co_await drain_vmap_area_work(); break;
    case OpCode::arch_enter_lazy_mmu_mode: co_await arch_enter_lazy_mmu_mode(); break;
    case OpCode::arch_leave_lazy_mmu_mode: co_await arch_leave_lazy_mmu_mode(); break;
    case OpCode::lock: co_await spin_lock(LockId::kScratch); break;
    case OpCode::unlock: co_await spin_unlock(LockId::kScratch); break;
    case OpCode::check: {
      co_await Step(PrimKind::look);
      const Cond& cond = trace->conds[op->value];
      value = Compares(EvaluateQuantity(*trace, cond, *counters), cond.compare, cond.value);
      break;
    }
    default: break;
  }
  EmitEnd(index, op->code, {ResultKind::ok, value, kNoPfn});
}

Co<> DoOp(ActorId actor, int index) {
  const Op* op = &trace->op(actor, static_cast<uint32_t>(index));
  const Pfn pfn = co_await ChoosePage(op);
  switch (op->code) {
    case OpCode::kmap: co_await DoKmap(actor, index, op->var, pfn); break;
    case OpCode::kunmap: co_await DoKunmap(actor, index, op->ref, pfn); break;
    case OpCode::kunmap_high: co_await internal::DoKunmapHigh(actor, index, op->ref, pfn); break;
    case OpCode::page_address: co_await DoPageAddress(actor, index, op->var, pfn); break;
    case OpCode::vm_insert_page:
      co_await internal::DoVmInsertPage(actor, index, op->var, pfn);
      break;
    case OpCode::load:
    case OpCode::store: co_await DoAccess(actor, index, op); break;
    case OpCode::dma_map_to:
    case OpCode::dma_map_from:
    case OpCode::dma_map_both: co_await internal::DoDmaMap(actor, index, op, pfn); break;
    case OpCode::dma_unmap: co_await internal::DoDmaUnmap(actor, index, op); break;
    case OpCode::device_load:
    case OpCode::device_store: co_await internal::DoDeviceAccess(actor, index, op); break;
    case OpCode::post: co_await DoPost(actor, index, op->ref); break;
    case OpCode::take: co_await DoTake(actor, index, op->var, op->actor); break;
    case OpCode::fill: co_await DoFill(actor, index, op->value); break;
    case OpCode::rotate: co_await DoRotate(actor, index, op->value); break;
    case OpCode::kmap_local_page:
    case OpCode::kmap_local_pfn:
    case OpCode::kmap_atomic:
    case OpCode::kmap_atomic_pfn:
    case OpCode::kmap_high_get: co_await DoMap(actor, index, op, pfn); break;
    case OpCode::kunmap_local:
    case OpCode::kunmap_atomic: co_await DoUnmapLocally(actor, index, op, pfn); break;
    case OpCode::is_kmap_addr:
    case OpCode::kmap_to_page:
      co_await internal::DoAskOfAddress(index, op, RefOf(actor, op));
      break;
    case OpCode::vmap:
    case OpCode::vm_map_ram: co_await internal::DoVmap(actor, index, op, pfn); break;
    case OpCode::vunmap:
    case OpCode::vm_unmap_ram: co_await internal::DoVunmap(actor, index, op, pfn); break;
    case OpCode::get_user: co_await internal::DoGetUser(index); break;
    case OpCode::fork:
    case OpCode::cpu_down:
    case OpCode::cpu_up:
    case OpCode::exit_to_user:
    case OpCode::flush_dcache_page:
    case OpCode::decrease_reservation:
    case OpCode::set_page_address: {
      const TaskId child = op->code == OpCode::fork ? TaskOf(*trace, op->actor) : 0;
      co_await internal::DoSystem(index, op, pfn, child);
      break;
    }
    default:
      if (IsHelper(op->code))
        co_await internal::DoHelper(*trace, index, op, pfn);
      else
        co_await DoSimple(actor, index, op);
      break;
  }
}

void ForgetVars(ActorId actor) {
  for (int v = first_var[actor]; v < first_var[actor + 1]; v++) vars[v] = {};
}

// The ops in order; a final `loop` starts over with nothing remembered, an `iret` leaves the rest
// to the handler's next run.
Co<> RunOps(ActorId actor) {
  const auto count = static_cast<int>(trace->actors[actor].op_count);
  int i = actors[actor].op;
  while (i < count) {
    actors[actor].op = static_cast<uint16_t>(i);
    co_await Prim(PrimKind::op, actor);
    actors[actor].in_op = 1;
    const OpCode code = trace->op(actor, static_cast<uint32_t>(i)).code;
    const bool again = code == OpCode::loop;
    if (!again) co_await DoOp(actor, i);
    actors[actor].in_op = 0;
    i = again ? 0 : i + 1;
    if (again) ForgetVars(actor);
    if (code != OpCode::iret || i == count) continue;
    actors[actor].op = static_cast<uint16_t>(i);
    co_return;
  }
  while (actors[actor].filled > 0 && !trace->misuse) {
    co_await DoKunmap(actor, count, -1, FillerPfn(*trace, --actors[actor].filled));
  }
  actors[actor].op = static_cast<uint16_t>(count);
}

}  // namespace

void ProgramsReset(const Trace& t, const RunCounters* run_counters) {
  trace = &t;
  PfnsOf(t, &pfns);
  counters = run_counters;
  actors = arena.Carve<ActorState>(t.actors.size());
  uint16_t total = 0;
  vars_are_shared = std::any_of(t.ops.begin(), t.ops.end(), IsForeign);
  for (size_t a = 0; a < t.actors.size(); a++) {
    first_var[a] = total;
    total = static_cast<uint16_t>(total + t.actors[a].vars.size());
    actors[a].runs_left = t.actors[a].kind == ActorKind::task ? 0 : t.actors[a].runs;
  }
  first_var[t.actors.size()] = total;
  vars = arena.Carve<VarSlot>(total);
}

const VarSlot& var_slot(ActorId actor, int var) { return Var(actor, var); }

Co<> TaskMain(ActorId actor) {
  co_await finish_new_task();
  actors[actor].running = 1;
  Emit(EventKind::actor_begin, actor);
  co_await RunOps(actor);
  Emit(EventKind::actor_end, actor);
  actors[actor].running = 0;
  co_await do_exit();
}

Co<> HandlerMain(ActorId actor) {
  actors[actor].running = 1;
  Emit(EventKind::actor_begin, actor);
  co_await RunOps(actor);
  Emit(EventKind::actor_end, actor);
  actors[actor].running = 0;
  if (actors[actor].op != trace->actors[actor].op_count) co_return;
  actors[actor].op = 0;
  ForgetVars(actor);
}

}  // namespace highmem
