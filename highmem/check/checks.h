// All structural checks behind one door: every event is looked at once and handed to the families
// that want its kind; what can be judged only when a step is over is judged then.
//
// Mechanism ids are on where the implementation exports the views they need (kmap/introspect.h),
// contract ids always.
#ifndef HIGHMEM_CHECK_CHECKS_H_
#define HIGHMEM_CHECK_CHECKS_H_

#include <span>

#include "highmem/check/balance.h"
#include "highmem/check/colour.h"
#include "highmem/check/deadlock.h"
#include "highmem/check/dirty_lines.h"
#include "highmem/check/dirty_slots.h"
#include "highmem/check/frame_release.h"
#include "highmem/check/helpers.h"
#include "highmem/check/high_get.h"
#include "highmem/check/ledger.h"
#include "highmem/check/local_checks.h"
#include "highmem/check/page_address.h"
#include "highmem/check/pins.h"
#include "highmem/check/pkmap_cost.h"
#include "highmem/check/pkmap_order.h"
#include "highmem/check/pkmap_slots.h"
#include "highmem/check/report.h"
#include "highmem/check/tlb.h"
#include "highmem/check/vmap.h"
#include "highmem/check/waiters.h"
#include "highmem/trace/executor.h"

namespace highmem {

class Checks {
 public:
  // Beyond this many slots the audit of all slots waits for the end of the run.
  static constexpr int kAuditSlots = 64;

  // Carves from the arena.
  void Begin(const Executor& executor, Reporter* reporter);

  // The events of one micro-step; the machine is in the state at its end.
  void OnStep(std::span<const Event> events);

  // The run is over: a full audit if nobody is in an op, L1 or L3 if it did not end by itself.
  void Finish();

  const Ledger& ledger() const { return ledger_; }
  const LocalLedger& local_ledger() const { return local_.ledger(); }

 private:
  // What has to wait for the end of the step, and the event that asks for it.
  struct Due {
    const Event* inspect =
        nullptr;  // the pool's books must be in order: kmap_lock free, sweep over
    const Event* forgotten = nullptr;  // I16 may have turned false
    const Event* blocked = nullptr;    // L1 may have turned false
    const Event* audit = nullptr;      // a map or unmap ended: if all is quiet, look at every slot
  };

  void OnEvent(const Event& event);
  void OnOpEnd(const Event& event);
  void OnKmapLock(const Event& event);
  void InspectSlot(int slot, const Event& event);
  void Audit(const Event& event);

  const Executor* executor_ = nullptr;
  Reporter* reporter_ = nullptr;
  Due due_;  // nothing between steps
  Ledger ledger_;
  DirtySlots dirty_;
  PkmapSlotsCheck slots_;
  PinsCheck pins_;
  TlbCheck tlb_;
  PkmapCostCheck cost_;
  PkmapOrderCheck order_;
  PageAddressCheck page_address_;
  ColourCheck colour_;
  FrameReleaseCheck frame_release_;
  HelpersCheck helpers_;
  VmapCheck vmap_;
  bool has_helpers_ = false;
  HighGetCheck high_get_;
  DirtyLinesCheck dirty_lines_;
  WaitersCheck waiters_;
  BalanceCheck balance_;
  DeadlockCheck deadlock_;
  LocalChecks local_;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_CHECKS_H_
