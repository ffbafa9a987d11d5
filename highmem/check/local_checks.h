// The structural checks of local and atomic maps behind one door, as Checks is for all. Off, and
// without memory of their own, where no op of the trace concerns local maps.
#ifndef HIGHMEM_CHECK_LOCAL_CHECKS_H_
#define HIGHMEM_CHECK_LOCAL_CHECKS_H_

#include "highmem/check/context_rules.h"
#include "highmem/check/local_address.h"
#include "highmem/check/local_balance.h"
#include "highmem/check/local_cost.h"
#include "highmem/check/local_ledger.h"
#include "highmem/check/local_nesting.h"
#include "highmem/check/local_pin.h"
#include "highmem/check/local_window.h"
#include "highmem/check/report.h"
#include "highmem/trace/executor.h"

namespace highmem {

class LocalChecks {
 public:
  // Carves from the arena.
  void Begin(const Executor& executor, Reporter* reporter);

  bool on() const { return on_; }
  // Only while on. Wants every event; the machine is in the state at the end of its step.
  void OnEvent(const Event& event);
  // Always. Wants task_switch, bug and splat.
  void OnContextEvent(const Event& event) { context_.OnEvent(event); }

  // What this actor does to its counters is its own affair. (SPEC X19)
  bool Excuses(ContextId actor) const { return on_ && ledger_.Mixed(actor); }

  const LocalLedger& ledger() const { return ledger_; }

 private:
  void OnLocalEra(const Event& event);
  void OnOp(const Event& event);
  void OnOpEnd(const Event& event);
  void OnAtomicEra(const Event& event);
  void OnAtomicEnd(const Event& event);

  bool on_ = false;
  LocalLedger ledger_;
  LocalWindowCheck window_;
  LocalAddressCheck address_;
  LocalPinCheck pin_;
  LocalBalanceCheck balance_;
  LocalNestingCheck nesting_;
  LocalCostCheck cost_;
  ContextRulesCheck context_;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_LOCAL_CHECKS_H_
