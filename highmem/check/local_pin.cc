#include "highmem/check/local_pin.h"

#include "highmem/machine/cpu.h"
#include "highmem/machine/layout.h"

namespace highmem {

void LocalPinCheck::Begin(const LocalLedger* ledger, Reporter* reporter) {
  ledger_ = ledger;
  reporter_ = reporter;
}

void LocalPinCheck::OnEvent(const Event& e) {
  const auto t = static_cast<TaskId>(e.obj);
  switch (e.kind) {
    case EventKind::migrate:
      if (ledger_->depth(t) == 0 || ledger_->LostTask(t)) break;
      reporter_->Report(e, {FindingId::I27, Role::cpu, e.new_value, e.old_value, e.new_value,
                            ledger_->maps(t).back().page, ledger_->maps(t).back().actor});
      break;
    case EventKind::migration_disabled: JudgePin(t, e); break;
    case EventKind::cpu_offline: {
      int64_t pinned = machine.cpus[e.obj].nr_pinned;
      for (int i = 0; i < ledger_->task_stacks(); i++) {
        const auto s = static_cast<TaskId>(i);
        if (ledger_->LostTask(s)) continue;
        for (const LocalLedger::Map& map : ledger_->maps(s))
          pinned += pinned == 0 && CpuOfIndex(map.index) == e.obj;
      }
      if (pinned != 0) reporter_->Report(e, {FindingId::I43, Role::cpu, e.obj, 0, pinned, kNoPfn});
      break;
    }
    default: break;
  }
}

void LocalPinCheck::OnMapEnd(const Event& e, const LocalLedger::Call& call) {
  JudgePin(call.on, e);
}

void LocalPinCheck::JudgePin(TaskId t, const Event& e) {
  const int held = ledger_->depth(t);
  if (machine.profile.smp == 0 || held == 0 || ledger_->LostTask(t)) return;
  const int pins = task(t).migration_disabled;
  const bool counted = machine.cpus[task(t).cpu].nr_pinned != 0;
  if (pins >= held && counted) return;
  reporter_->Report(e, {FindingId::I27, Role::task, t, held, counted ? pins : 0,
                        ledger_->maps(t).back().page, ledger_->maps(t).back().actor});
}

}  // namespace highmem
