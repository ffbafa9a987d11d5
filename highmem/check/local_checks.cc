#include "highmem/check/local_checks.h"

namespace highmem {

void LocalChecks::Begin(const Executor& executor, Reporter* reporter) {
  const Trace& trace = executor.trace();
  on_ = LocalLedger::Concerns(trace);
  context_.Begin(on_ ? &ledger_ : nullptr, trace.misuse, reporter);
  if (!on_) return;
  ledger_.Begin(executor);
  window_.Begin(&ledger_, reporter);
  address_.Begin(&ledger_, reporter);
  pin_.Begin(&ledger_, reporter);
  balance_.Begin(&ledger_, trace.misuse, reporter);
  nesting_.Begin(&ledger_, reporter);
  cost_.Begin(&ledger_, reporter);
}

// Most kinds mean the same in every era.
void LocalChecks::OnEvent(const Event& e) {
  switch (e.kind) {
    case EventKind::tlb_flush_local:
    case EventKind::tlb_global_begin: cost_.OnEvent(e); break;
    case EventKind::ipi_send: cost_.OnEvent(e); [[fallthrough]];
    case EventKind::sleep:
    case EventKind::wait_add:
    case EventKind::lock:
    case EventKind::contend: context_.OnLocalEvent(e); break;
    case EventKind::kmap_atomic_idx:
    case EventKind::kmap_idx:
      cost_.OnEvent(e);
      context_.OnLocalEvent(e);
      break;
    case EventKind::irq_enter:
    case EventKind::irq_exit: nesting_.OnEvent(e); break;
    default:
      if (machine.profile.is_era(Era::kE3Local))
        OnLocalEra(e);
      else
        OnAtomicEra(e);
      break;
  }
}

// Nothing is put back at a switch of tasks, for nobody switches with a map.
void LocalChecks::OnAtomicEra(const Event& e) {
  switch (e.kind) {
    case EventKind::actor_end: balance_.OnEvent(e); [[fallthrough]];
    case EventKind::op_begin:
    case EventKind::actor_begin: ledger_.OnEvent(e); break;
    case EventKind::op_end: OnAtomicEnd(e); break;
    case EventKind::pte_set:
      cost_.OnEvent(e);
      context_.OnLocalEvent(e);
      nesting_.OnEvent(e);
      balance_.OnEvent(e);
      break;
    case EventKind::bug: nesting_.OnEvent(e); break;
    default: break;
  }
}

void LocalChecks::OnAtomicEnd(const Event& e) {
  const LocalLedger::Call call = ledger_.Close(e);
  if (call.on == LocalLedger::kNone) return;
  if (call.maps != 0) context_.OnMapEnd(e, call);
  if (call.real == 0 && call.pinned == 0) {
    cost_.OnLowEnd(e, call);
    return;
  }
  if (call.maps != 0 && call.real != 0) address_.OnAtomicMapEnd(e, call);
  balance_.OnCallEnd(e, call);
}

// More specific families first: the first report of a step is its finding.
void LocalChecks::OnLocalEra(const Event& e) {
  switch (e.kind) {
    case EventKind::op_begin:
    case EventKind::actor_begin:
    case EventKind::actor_end: OnOp(e); break;
    case EventKind::op_end: OnOpEnd(e); break;
    case EventKind::pte_set:
      cost_.OnEvent(e);
      context_.OnLocalEvent(e);
      nesting_.OnEvent(e);
      window_.OnEvent(e);
      break;
    case EventKind::kmap_pteval: cost_.OnEvent(e); break;
    case EventKind::task_switch:
    case EventKind::sched_out: window_.OnEvent(e); break;
    case EventKind::migration_disabled: cost_.OnEvent(e); [[fallthrough]];
    case EventKind::migrate:
    case EventKind::cpu_offline: pin_.OnEvent(e); break;
    case EventKind::warn:
    case EventKind::fork: balance_.OnEvent(e); break;
    case EventKind::bug:
      address_.OnBug(e);
      nesting_.OnEvent(e);
      break;
    default: break;
  }
}

void LocalChecks::OnOp(const Event& e) {
  window_.OnEvent(e);
  if (e.kind == EventKind::actor_end) balance_.OnEvent(e);
  ledger_.OnEvent(e);
}

void LocalChecks::OnOpEnd(const Event& e) {
  window_.OnEvent(e);
  const LocalLedger::Call call = ledger_.Close(e);
  if (call.on == LocalLedger::kNone) return;
  if (call.maps != 0) context_.OnMapEnd(e, call);
  if (call.pinned != 0) {
    balance_.OnCallEnd(e, call);
    return;
  }
  if (call.real == 0) {
    cost_.OnLowEnd(e, call);
    return;
  }
  if (call.maps != 0) {
    address_.OnMapEnd(e, call);
    pin_.OnMapEnd(e, call);
  }
  balance_.OnCallEnd(e, call);
  window_.OnCallEnd(e, call);
}

}  // namespace highmem
