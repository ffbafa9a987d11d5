// For tests of checkers: a world without an implementation. The test plays the implementation, by
// writing cells of a fake pool, PTEs and TLBs, and the callers, by announcing ops; every Step hands
// the events to the checks as the executor would.
#ifndef HIGHMEM_CHECK_BENCH_FOR_TEST_H_
#define HIGHMEM_CHECK_BENCH_FOR_TEST_H_

#include <gtest/gtest.h>

#include <vector>

#include "highmem/check/checks.h"
#include "highmem/kernel/spinlock.h"
#include "highmem/machine/shared.h"
#include "highmem/trace/executor.h"
#include "highmem/trace/trace.h"

namespace highmem {

// What the views of the fake implementation show (check/fake_pool_for_test.cc).
struct FakePool {
  SharedArray<int32_t, EventKind::pkmap_count> count;
  SharedArray<int16_t, EventKind::pkmap_cursor> cursor;
  SharedArray<uint16_t, EventKind::page_address_map> record;   // [slot] pfn + 1
  SharedArray<int16_t, EventKind::kmap_idx, kOwn> idx;         // [task]
  SharedArray<uint16_t, EventKind::kmap_pteval, kOwn> pteval;  // [task][KM_MAX_IDX] pfn + 1
  bool exported = true;                                        // false: the views are null
};
extern FakePool fake_pool;

// Two CPUs, four slots; tasks T1@0 and T2@1; pages A, B, C high, L low. With local maps also a
// handler H3@0 and a task T4@0; T1 and T2 are current.
class CheckBench : public testing::Test, public Reporter {
 protected:
  static constexpr ActorId kT1 = 0;
  static constexpr ActorId kT2 = 1;

  static constexpr ActorId kH3 = 2;
  static constexpr ActorId kT4 = 3;
  static constexpr TaskId kTaskOfT4 = 2;

  explicit CheckBench(bool exported = true, bool local = false, const Profile* profile = nullptr);

  void Report(const Event& /*event*/, const Breach& breach) override {
    breaches_.push_back(breach);
  }
  // The ids reported since the last call, each once, in order of report. Most tests do half of what
  // a call does, so what holds the pool to its order and to whole flushes counts only behind
  // JudgeOrder.
  std::vector<FindingId> Fired();
  void JudgeOrder() { judge_order_ = true; }

  Pfn A() const { return PfnOf(trace_, 0); }
  Pfn B() const { return PfnOf(trace_, 1); }
  Pfn C() const { return PfnOf(trace_, 2); }
  Pfn L() const { return PfnOf(trace_, 3); }

  // Who acts from now on; a step of this context begins.
  void As(ContextId ctx, CpuId cpu);
  // The step ends here; the next one is of the same context.
  void Step();

  // The checks begin anew, in the misuse lane.
  void Misuse();

  // Ops of the actor that acts.
  void Begin(OpCode code, Pfn page = kNoPfn, Vaddr address = 0);
  void End(OpCode code, Pfn page = kNoPfn, Vaddr address = 0);

  // What an implementation does. Each is a step of its own.
  void Lock();
  void Unlock();
  void Count(int slot, int32_t value);
  void Pte(int slot, Pfn page);
  void Record(int slot, Pfn page);
  void Mark(EventKind kind, uint32_t obj = 0, uint32_t old_value = 0);
  void FlushTlb(CpuId cpu);
  void FlushAllTlbs();

  // The same in the right order, as SPEC C has it.
  void Install(int slot, Pfn page);          // with the lock held: PTE, count 1, record, count 2
  void Kmap(Pfn page, int slot);             // a whole call that takes a fresh slot
  void KmapAgain(Pfn page, int slot);        // a whole call that finds the page at this slot
  void Kunmap(Pfn page, int slot);           // a whole call
  void Sweep(std::vector<int> slots);        // with the lock held
  void FlushUnused(std::vector<int> slots);  // a whole call of kmap_flush_unused

  // A local map of the current task, likewise. Slots are those of the CPU that acts.
  Vaddr LocalAddress(int slot) const;
  void LocalPte(int slot, Pfn page);
  void Idx(int16_t value);
  void Saved(int slot, Pfn page);
  void Pin(int depth);
  void FlushLocal(int slot);
  void FillLocal(int slot);
  void SetLocal(int slot, Pfn page);  // all an implementation does within a map
  void ClearLocal(int slot);          // ... within an unmap
  void MapLocal(Pfn page, int slot, OpCode code = OpCode::kmap_local_page);  // whole calls
  void UnmapLocal(Pfn page, int slot, OpCode code = OpCode::kunmap_local, int offset = 0);
  void EnterIrq();                            // H3 on CPU 0
  void ExitIrq(ContextId back);               // the context it interrupted
  void SwitchTo(TaskId next, ContextId ctx);  // on the CPU that acts; its maps are the test's

  Task& Current();

  Checks checks_;
  Executor executor_;
  Trace trace_;

 private:
  std::vector<Breach> breaches_;
  uint32_t step_ = 0;
  bool judge_order_ = false;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_BENCH_FOR_TEST_H_
