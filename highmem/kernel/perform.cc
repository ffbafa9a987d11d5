#include "highmem/kernel/perform.h"

#include <bit>

#include "highmem/kernel/fork.h"
#include "highmem/kernel/hotplug.h"
#include "highmem/kernel/mailbox.h"
#include "highmem/kernel/migrate.h"
#include "highmem/kernel/sched.h"
#include "highmem/kernel/smp.h"
#include "highmem/kernel/spinlock_state.h"
#include "highmem/kernel/task.h"
#include "highmem/kernel/wait.h"
#include "highmem/machine/access.h"
#include "highmem/machine/cache.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/lazy_mmu.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"

namespace highmem {
namespace {

uint32_t IrqSave() {
  const uint32_t flags = this_cpu().irqs_on;
  this_cpu().irqs_on = 0;
  return flags;
}

void SetPagefaultDisabled(int delta) {
  Task& self = current();
  const int8_t before = self.pagefault_disabled;
  self.pagefault_disabled = static_cast<int8_t>(before + delta);
  Emit(EventKind::pagefault_disabled, CurrentTaskId(), static_cast<uint32_t>(before),
       static_cast<uint32_t>(self.pagefault_disabled));
}

// The opposite of faulthandler_disabled() (include/linux/uaccess.h).
bool FaultsAreServed() { return current().pagefault_disabled == 0 && !in_atomic(); }

void SetPkey(bool open) {
  Task& self = current();
  Emit(EventKind::pkey, CurrentTaskId(), self.pkey_open, open);
  self.pkey_open = open;
}

// Protected pages have their linear address alone. (SPEC J)
bool KeyForbids(Vaddr address, bool store) {
  if (machine.profile.pks_pages == 0 || current().pkey_open != 0) return false;
  const Pfn pfn = virt_to_pfn(address);
  if (pfn >= machine.profile.pks_pages) return false;
  Emit(EventKind::key_fault, address, 0, store, pfn);
  return true;
}

uint32_t AccessByte(const Pending& p, bool store) {
  if (KeyForbids(p.resource, store)) return static_cast<uint32_t>(kKeyFault);
  if (!store) return static_cast<uint32_t>(CpuLoad(ThisCpu(), p.resource));
  return static_cast<uint32_t>(CpuStore(ThisCpu(), p.resource, static_cast<uint8_t>(p.a)));
}

// Interrupt handlers write at once: whom they interrupted may be in the middle of a batch.
void WritePte(uint32_t vpn, Pte pte) {
  if (LazyMmuIsOn(ThisCpu()) && !in_interrupt())
    LazyMmuQueue(ThisCpu(), static_cast<int>(vpn), pte);
  else
    PteSet(static_cast<int>(vpn), pte);
}

// The tasks a pick may choose: the one asked for if it is still runnable, else any.
uint32_t PickMask(const Pending& p, CpuId cpu) {
  const uint32_t runnable = RunnableMask(cpu);
  if (p.a == kAnyTask) return runnable;
  const uint32_t wanted = runnable & (1u << p.a);
  return wanted != 0 ? wanted : runnable;
}

}  // namespace

bool Enabled(const Context& context, CpuId cpu) {
  const Pending& p = context.pending;
  if (p.after != 0) return true;
  switch (p.kind) {
    case PrimKind::lock: return LockIsFree(static_cast<LockId>(p.resource));
    case PrimKind::ipi_wait: return machine.cpus[cpu].ipi_unacked == 0;
    case PrimKind::idle: return RunnableMask(cpu) != 0;
    case PrimKind::cpu_down:
    case PrimKind::cpu_up: return !SomeCpuIsDying();
    case PrimKind::cpu_drained: return Drained(static_cast<CpuId>(p.resource));
    case PrimKind::take: return !MailboxEmpty(static_cast<ActorId>(p.resource));
    case PrimKind::bug:
    case PrimKind::frame_overflow:
    case PrimKind::none: return false;
    default: return true;
  }
}

bool WaitsForOthers(PrimKind kind) {
  return kind == PrimKind::take || kind == PrimKind::cpu_down || kind == PrimKind::cpu_drained ||
         kind == PrimKind::cpu_up;
}

bool ProgramWaits(TaskId t) {
  const Context* context = &TopContext(t);
  while (const Context* below = Below(t, *context)) context = below;
  return WaitsForOthers(context->pending.kind) && !Enabled(*context, task(t).cpu);
}

uint32_t Choices(const Context& context, CpuId cpu) {
  const Pending& p = context.pending;
  if (p.after != 0) return 1;
  if (p.kind == PrimKind::choose) return p.a;
  if (p.kind == PrimKind::pick) {
    const int n = std::popcount(PickMask(p, cpu));
    return n == 0 ? 1 : static_cast<uint32_t>(n);
  }
  return 1;
}

TaskId PickedTask(const Context& context, CpuId cpu, uint32_t value) {
  uint32_t mask = PickMask(context.pending, cpu);
  if (mask == 0) return IdleTask(cpu);
  for (; value > 0; value--) mask &= mask - 1;
  return static_cast<TaskId>(std::countr_zero(mask));
}

void Perform(Context& context, uint32_t value) {
  const Pending& p = context.pending;
  const TaskId self = CurrentTaskId();
  switch (p.kind) {
    case PrimKind::choose: context.result = value; break;
    case PrimKind::preempt_disable: current().preempt_count += kPreemptOffset; break;
    case PrimKind::preempt_enable: current().preempt_count -= kPreemptOffset; break;
    case PrimKind::irq_save: context.result = IrqSave(); break;
    case PrimKind::irq_restore: this_cpu().irqs_on = p.a != 0 ? 1 : 0; break;
    case PrimKind::set_state: SetTaskState(self, static_cast<TaskState>(p.a)); break;
    case PrimKind::deactivate: Deactivate(self); break;
    case PrimKind::irq_enable: this_cpu().irqs_on = 1; break;
    case PrimKind::irq_disable: this_cpu().irqs_on = 0; break;
    case PrimKind::bh_disable: current().preempt_count += kSoftirqOffset; break;
    case PrimKind::bh_enable: current().preempt_count -= kSoftirqOffset; break;
    case PrimKind::pagefault_disable: SetPagefaultDisabled(1); break;
    case PrimKind::pagefault_enable: SetPagefaultDisabled(-1); break;
    case PrimKind::wrpkrs: SetPkey(p.a != 0); break;
    case PrimKind::migrate_disable: MigrateDisable(self); break;
    case PrimKind::migrate_enable: MigrateEnable(self); break;
    case PrimKind::user_access: context.result = FaultsAreServed(); break;
    case PrimKind::pick:
      context.result = Pick(ThisCpu(), PickedTask(context, ThisCpu(), value));
      break;
    case PrimKind::switch_to: SwitchTo(ThisCpu(), static_cast<TaskId>(p.a)); break;
    case PrimKind::fork: WakeUpNewTask(self, static_cast<TaskId>(p.resource)); break;
    case PrimKind::cpu_up: FinishUp(static_cast<CpuId>(p.resource)); break;
    case PrimKind::cpu_down: context.result = BeginDown(static_cast<CpuId>(p.resource)); break;
    case PrimKind::cpu_drained: FinishDown(static_cast<CpuId>(p.resource)); break;
    case PrimKind::lock:
      LockTake(static_cast<LockId>(p.resource), self);
      Emit(EventKind::lock, p.resource);
      break;
    case PrimKind::unlock:
      LockRelease(static_cast<LockId>(p.resource));
      Emit(EventKind::unlock, p.resource);
      break;
    case PrimKind::add_wait: WaitQueueAdd(static_cast<int>(p.resource), self); break;
    case PrimKind::remove_wait: WaitQueueRemove(static_cast<int>(p.resource), self); break;
    case PrimKind::wake_up: WaitQueueWake(static_cast<int>(p.resource)); break;
    case PrimKind::post: MailboxPost(static_cast<ActorId>(p.resource), p.a, p.b); break;
    case PrimKind::take: context.result = MailboxTake(static_cast<ActorId>(p.resource)); break;
    case PrimKind::ipi_send: IpiSend(ThisCpu()); break;
    case PrimKind::ipi_ack: IpiAck(ThisCpu(), static_cast<CpuId>(p.resource)); break;
    case PrimKind::pte_set: WritePte(p.resource, Pte::Of(static_cast<Pfn>(p.a))); break;
    case PrimKind::pte_clear: WritePte(p.resource, Pte{}); break;
    case PrimKind::lazy_mmu_enter: LazyMmuEnter(ThisCpu()); break;
    case PrimKind::lazy_mmu_leave: LazyMmuLeave(ThisCpu()); break;
    case PrimKind::lazy_mmu_flush: LazyMmuFlush(ThisCpu()); break;
    case PrimKind::frame_release: Emit(EventKind::frame_release, p.resource); break;
    case PrimKind::tlb_flush_local:
      TlbFlush(ThisCpu(), static_cast<int>(p.resource), static_cast<int>(p.a), p.b != 0);
      break;
    case PrimKind::tlb_flush_broadcast:
      TlbFlushBroadcast(static_cast<int>(p.resource), static_cast<int>(p.a), p.b != 0);
      break;
    case PrimKind::load: context.result = AccessByte(p, /*store=*/false); break;
    case PrimKind::store: context.result = AccessByte(p, /*store=*/true); break;
    case PrimKind::dcache_clean: CpuMaintainLine(ThisCpu(), p.resource, true, false); break;
    case PrimKind::dcache_inv: CpuMaintainLine(ThisCpu(), p.resource, false, true); break;
    case PrimKind::dcache_clean_inv: CpuMaintainLine(ThisCpu(), p.resource, true, true); break;
    case PrimKind::dcache_flush_all: CacheFlushAll(); break;
    case PrimKind::outer_clean:
      OuterMaintainLine(static_cast<Pfn>(p.resource), p.a, true, false);
      break;
    case PrimKind::outer_inv:
      OuterMaintainLine(static_cast<Pfn>(p.resource), p.a, false, true);
      break;
    case PrimKind::device_load:
      context.result = DeviceLoad(static_cast<Pfn>(p.resource), p.a);
      break;
    case PrimKind::device_store:
      DeviceStore(static_cast<Pfn>(p.resource), p.a, static_cast<uint8_t>(p.b));
      break;
    case PrimKind::warn: Emit(EventKind::warn, p.resource); break;
    case PrimKind::splat: Emit(EventKind::splat, p.resource); break;
    // The effect is the code behind the await.
    case PrimKind::op:
    case PrimKind::look:
    case PrimKind::page_flags:
    case PrimKind::pte_get:
    case PrimKind::kmap_idx:
    case PrimKind::kmap_pteval:
    case PrimKind::pks_prot_count:
    case PrimKind::kmap_atomic_idx:
    case PrimKind::kmap_atomic_reports:
    case PrimKind::cursor:
    case PrimKind::count:
    case PrimKind::hash_find:
    case PrimKind::hash_set:
    case PrimKind::queue_test:
    case PrimKind::vmap_area:
    case PrimKind::cache_hook:
    case PrimKind::ipi_wait:
    case PrimKind::idle: break;
    // Never enabled.
    case PrimKind::bug:
    case PrimKind::frame_overflow:
    case PrimKind::none:
    case PrimKind::kCount: break;
  }
}

void ReportIfBlocked(const Context& context, CpuId cpu) {
  const Pending& p = context.pending;
  if (Info(p.kind).access != Access::lock && Info(p.kind).access != Access::wait) return;
  if (Enabled(context, cpu)) return;
  switch (p.kind) {
    case PrimKind::lock:
      Emit(EventKind::contend, p.resource, LockOwner(static_cast<LockId>(p.resource)));
      break;
    case PrimKind::ipi_wait: Emit(EventKind::ipi_wait, machine.cpus[cpu].ipi_unacked); break;
    case PrimKind::take: Emit(EventKind::take_wait, p.resource); break;
    case PrimKind::cpu_down:
    case PrimKind::cpu_up:
    case PrimKind::cpu_drained: Emit(EventKind::hotplug_wait, p.resource); break;
    case PrimKind::bug: Emit(EventKind::bug, p.resource); break;
    default: break;
  }
}

}  // namespace highmem
