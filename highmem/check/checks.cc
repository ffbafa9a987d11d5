#include "highmem/check/checks.h"

#include <algorithm>
#include <utility>

#include "highmem/kernel/spinlock.h"
#include "highmem/machine/cache.h"
#include "highmem/machine/layout.h"

namespace highmem {

void Checks::Begin(const Executor& executor, Reporter* reporter) {
  executor_ = &executor;
  reporter_ = reporter;
  ledger_.Begin(static_cast<int>(executor.trace().actors.size()));
  dirty_.Begin(machine.profile.last_pkmap);
  slots_.Begin(&ledger_, reporter);
  pins_.Begin(&ledger_, reporter);
  tlb_.Begin(&ledger_, reporter);
  cost_.Begin(&ledger_, reporter);
  order_.Begin(&ledger_, reporter);
  page_address_.Begin(&ledger_, reporter);
  colour_.Begin(&ledger_, reporter);
  frame_release_.Begin(executor.trace().misuse, reporter);
  has_helpers_ =
      std::ranges::any_of(executor.trace().ops, [](const Op& op) { return IsHelper(op.code); });
  if (has_helpers_) helpers_.Begin(executor, reporter);
  if (machine.profile.vmap_pages != 0) vmap_.Begin(executor, reporter);
  high_get_.Begin(&ledger_, reporter);
  dirty_lines_.Begin(&ledger_, executor.trace().misuse, reporter);
  waiters_.Begin(&ledger_, reporter);
  balance_.Begin(executor, reporter);
  deadlock_.Begin(executor, &ledger_, &waiters_, reporter);
  local_.Begin(executor, reporter);
}

void Checks::OnStep(std::span<const Event> events) {
  for (const Event& event : events) OnEvent(event);
  if (const Event* e = std::exchange(due_.inspect, nullptr))
    dirty_.Drain([&](int slot) { InspectSlot(slot, *e); });
  if (const Event* e = std::exchange(due_.forgotten, nullptr)) waiters_.LookForForgotten(*e);
  if (const Event* e = std::exchange(due_.blocked, nullptr)) deadlock_.Look(*e);
  const bool small = machine.profile.last_pkmap <= kAuditSlots;
  if (const Event* e = std::exchange(due_.audit, nullptr))
    if (small && ledger_.quiet()) Audit(*e);
}

void Checks::OnEvent(const Event& e) {
  if (local_.on()) local_.OnEvent(e);
  if (machine.profile.high_get != 0) high_get_.OnEvent(e);
  if (HasCache()) dirty_lines_.OnEvent(e);
  if (machine.profile.colours > 1) colour_.OnEvent(e);
  if (has_helpers_) helpers_.OnEvent(e);
  if (machine.profile.vmap_pages != 0) vmap_.OnEvent(e);
  switch (e.kind) {
    case EventKind::op_begin:
      ledger_.OnEvent(e);
      cost_.OnEvent(e);
      order_.OnEvent(e);
      waiters_.OnEvent(e);
      balance_.OnEvent(e);
      break;
    case EventKind::op_end: OnOpEnd(e); break;
    case EventKind::actor_end:
    case EventKind::irq_exit:
      if (!local_.Excuses(e.ctx)) balance_.OnEvent(e);
      break;
    case EventKind::irq_enter: balance_.OnEvent(e); break;
    case EventKind::post:
    case EventKind::take: ledger_.OnEvent(e); break;
    case EventKind::pte_set:
      slots_.OnEvent(e);
      tlb_.OnEvent(e);
      cost_.OnEvent(e);
      dirty_.Mark(e.obj);
      break;
    case EventKind::flush_cache_kmaps: order_.OnEvent(e); [[fallthrough]];
    case EventKind::tlb_flush_broadcast:
    case EventKind::tlb_flush_local:
      tlb_.OnEvent(e);
      cost_.OnEvent(e);
      break;
    case EventKind::tlb_global_begin:
    case EventKind::pkmap_cursor:
      order_.OnEvent(e);
      cost_.OnEvent(e);
      break;
    case EventKind::lock:
    case EventKind::unlock: OnKmapLock(e); break;
    case EventKind::pkmap_count:
      slots_.OnEvent(e);
      order_.OnEvent(e);
      waiters_.OnEvent(e);
      dirty_.Mark(e.obj);
      break;
    case EventKind::page_address_map: dirty_.Mark(e.obj); break;
    case EventKind::frame_release: frame_release_.OnEvent(e); break;
    case EventKind::page_virtual:
      if (e.old_value != 0) dirty_.Mark(e.old_value - 1);
      if (e.new_value != 0) dirty_.Mark(e.new_value - 1);
      break;
    case EventKind::sweep_begin:
      slots_.OnEvent(e);
      tlb_.OnEvent(e);
      order_.OnEvent(e);
      cost_.OnEvent(e);
      break;
    case EventKind::sweep_end:
      slots_.OnEvent(e);
      order_.OnEvent(e);
      tlb_.OnEvent(e);
      waiters_.OnEvent(e);
      due_.inspect = &e;  // the sweeper holds kmap_lock and has left nothing half done
      break;
    case EventKind::attempt: order_.OnEvent(e); [[fallthrough]];
    case EventKind::attempt_sleep: waiters_.OnEvent(e); break;
    case EventKind::sleep:
      due_.forgotten = &e;
      due_.blocked = &e;
      break;
    case EventKind::contend:
    case EventKind::ipi_wait:
    case EventKind::take_wait:
    case EventKind::hotplug_wait:
    case EventKind::task_exit: due_.blocked = &e; break;
    case EventKind::task_switch:
    case EventKind::bug:
    case EventKind::splat: local_.OnContextEvent(e); break;
    default: break;
  }
}

void Checks::OnOpEnd(const Event& e) {
  const OpCode code = CodeOf(e);
  const bool unpins = ledger_.Unpinning(e.ctx);
  const Pfn page = HighPage(ledger_.IsActor(e.ctx) && unpins ? ledger_.actor(e.ctx).page : e.aux);
  cost_.OnEvent(e);
  order_.OnEvent(e);
  page_address_.OnEvent(e);
  waiters_.OnEvent(e);
  balance_.OnEvent(e);
  ledger_.OnEvent(e);
  if (page == kNoPfn) return;
  const bool gives = MayPin(code) || code == OpCode::take;
  if (gives && InPkmap(e.new_value) && ledger_.InUseAt(PKMAP_NR(e.new_value), page) != kNoPfn)
    tlb_.OnAddress(page, e.new_value, e);
  if (MayPin(code) || unpins) {
    pins_.InspectPage(page, e);
    due_.audit = &e;
  }
  if (unpins) due_.forgotten = &e;
}

void Checks::OnKmapLock(const Event& e) {
  if (e.obj != static_cast<uint32_t>(LockId::kKmapLock)) return;
  if (e.kind == EventKind::lock) {
    cost_.OnEvent(e);
    return;
  }
  due_.inspect = &e;
  due_.forgotten = &e;
}

void Checks::InspectSlot(int slot, const Event& event) {
  slots_.Inspect(slot, event);
  pins_.InspectSlot(slot, event);
  tlb_.Inspect(slot, event);
}

void Checks::Audit(const Event& event) {
  dirty_.Drain([](int) {});
  for (int slot = 0; slot < machine.profile.last_pkmap; slot++) InspectSlot(slot, event);
}

void Checks::Finish() {
  Event last{};
  last.step = static_cast<uint32_t>(executor_->steps());
  last.ctx = kContextHw;
  switch (executor_->status()) {
    case RunStatus::stuck: deadlock_.Stuck(last); break;
    case RunStatus::step_bound: reporter_->Report(last, {FindingId::L3}); break;
    case RunStatus::done:
      if (ledger_.quiet()) Audit(last);
      break;
    default: break;
  }
}

}  // namespace highmem
