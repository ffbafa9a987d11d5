// The callers' side of the story of local and atomic maps, as the harness itself tells it: for
// every task the stack of maps that were given out on it and are not being released, to itself and
// to whatever interrupts it, since handlers map on top of what current holds. Never asks the
// implementation.
//
// A map counts from the end of the call that makes it to the beginning of the one that releases it.
// In between, and in nested calls several times over, nobody outside can say whether its slot is
// held: such calls are `under way`, and the slots of a task are known but for so many.
//
// In era E1 a release takes away the map in the slot it names, whichever is newest; its maps, and
// those of E2, are the CPU's, but nobody else runs there while they live, so they are a task's as
// well.
//
// After a release that names no newest map of its caller, what the window holds is unspecified, and
// so it is where the caller enabled preemption that it had not disabled, its own kmap_atomic's
// included, or a handler left maps or counters behind: the task and the CPU are `lost`, and nobody
// judges them again. (DESIGN section 4, misuse lane)
#ifndef HIGHMEM_CHECK_LOCAL_LEDGER_H_
#define HIGHMEM_CHECK_LOCAL_LEDGER_H_

#include <cstdint>
#include <span>

#include "highmem/check/report.h"
#include "highmem/kernel/task.h"
#include "highmem/machine/event.h"
#include "highmem/trace/executor.h"

namespace highmem {

class LocalLedger {
 public:
  static constexpr History kHistory = History::finite;
  static constexpr uint8_t kNone = 0xff;

  struct Map {
    Pfn page;
    uint8_t index;      // in the window: slot + KM_MAX_IDX * CPU
    uint8_t actor : 7;  // who made it
    uint8_t atomic : 1;
    friend bool operator==(const Map&, const Map&) = default;
  };

  // What kmap_atomic, and a slot, change of a task. (SPEC G.3, G.6) Of preempt_count its lowest
  // byte only: the end of a handler, in the step of its last op, changes the others.
  struct Counters {
    uint8_t preempt_depth = 0;
    int8_t pagefault_disabled = 0;
    uint8_t migration_disabled = 0;
    friend bool operator==(const Counters&, const Counters&) = default;
  };

  // The call of this family that an actor is in.
  struct Call {
    uint8_t on = kNone;     // the task it runs on; kNone: in no such call
    uint8_t maps = 0;       // else it releases
    uint8_t atomic = 0;     // kmap_atomic, kunmap_atomic
    uint8_t real = 0;       // it is about a slot, or about two
    uint8_t inside = 0;     // maps of its own, gone when it ends: maintenance for a device, helpers
    uint8_t pinned = 0;     // it is about a pin in the pool instead
    uint8_t below = 0;      // calls under way on the same task when it began
    uint8_t index = kNone;  // of the slot it releases
    Pfn page = kNoPfn;
    Pfn other = kNoPfn;   // of such a call
    uint16_t offset = 0;  // of the address passed, within its page
    Counters before;
  };

  // The trace has an op that local maps are about, or that is about them.
  static bool Concerns(const Trace& trace);

  // Carves from the arena.
  void Begin(const Executor& executor);

  // Wants op_begin, actor_begin and actor_end.
  void OnEvent(const Event& event);
  // Takes op_end: the call that has ended, by value; `on` is kNone if it was no call of this
  // family.
  Call Close(const Event& op_end);

  bool IsActor(ContextId ctx) const { return ctx < actor_count_; }
  // A task's own program, or the handler of its page fault: what may be switched out.
  bool IsTaskContext(ContextId ctx) const { return (task_contexts_ >> ctx & 1) != 0; }
  const Call& call(ContextId ctx) const { return IsActor(ctx) ? calls_[ctx] : kNoCall; }

  // Live maps of a task, oldest first.
  std::span<const Map> maps(TaskId t) const {
    return {maps_ + t * capacity_, static_cast<size_t>(stacks_[t].depth)};
  }
  int depth(TaskId t) const { return stacks_[t].depth; }
  // Calls about a slot that somebody is in on this task.
  int under_way(TaskId t) const { return stacks_[t].under_way; }
  // The task's live map in this slot of the window, or null.
  const Map* At(TaskId t, int index) const;
  // Likewise in slot `slot` of the CPU's window, of whatever colour.
  const Map* InSlot(TaskId t, CpuId cpu, int slot) const;
  // A call under way may have put this page into the slot, or not taken it out yet.
  bool MayHold(TaskId t, int index, Pfn page) const;
  // Somebody's live map of this page in this slot, or null.
  const Map* Find(int index, Pfn page) const;

  bool Lost(TaskId t, CpuId cpu) const {
    return HookMayMap(cpu) || LostForGood(t) || (shared_->lost_cpus >> cpu & 1) != 0;
  }
  void LoseCpu(CpuId cpu) { shared_->lost_cpus |= Bit8(cpu); }
  bool LostTask(TaskId t) const { return HookMayMap(task(t).cpu) || LostForGood(t); }
  bool LostForGood(TaskId t) const { return (shared_->lost_tasks >> t & 1) != 0; }

  // The CPU's current has not been seen since its switch: it may not have its maps back yet.
  bool Coming(CpuId cpu) const { return (shared_->coming & Bit8(cpu)) != 0; }
  void SetComing(CpuId cpu, bool coming) {
    shared_->coming &= static_cast<uint8_t>(~Bit8(cpu));
    if (coming) shared_->coming |= Bit8(cpu);
  }

  // The actor passed a page where an address belongs: the map it meant stays. (SPEC X16)
  bool Cast(ContextId ctx) const { return IsActor(ctx) && (shared_->cast >> ctx & 1) != 0; }
  // The actor released with kunmap_atomic what was no atomic map, or the other way round: its
  // counters are its own affair. (SPEC X19)
  bool Mixed(ContextId ctx) const { return IsActor(ctx) && (shared_->mixed >> ctx & 1) != 0; }

  bool misuse() const { return misuse_; }
  // Era E1: the window's index of the slot that the op of this event names, on the event's CPU.
  int SlotNamedBy(const Event& op_event) const;

  int task_stacks() const { return stack_count_; }
  int actor_count() const { return actor_count_; }

 private:
  struct Own {
    uint8_t atomics;    // atomic maps it has open, of low pages too
    uint8_t disables;   // preempt_disables and locks not undone
    Counters at_begin;  // a handler's
  };
  struct Stack {
    uint8_t depth;
    uint8_t under_way;
  };
  struct Shared {
    uint16_t lost_tasks;
    uint16_t cast;   // masks of actors
    uint16_t mixed;  //
    uint8_t lost_cpus;
    uint8_t kmaps;   // under way, where the PTE setter's hook maps inside of them
    uint8_t coming;  // mask of CPUs
  };
  static const Call kNoCall;

  static uint8_t Bit8(CpuId cpu) { return static_cast<uint8_t>(1u << cpu); }
  // In a kmap, and where a task gets its maps back, the PTE setter's hook may map what it writes
  // back. A handler then maps above that.
  bool HookMayMap(CpuId cpu) const {
    return shared_->kmaps != 0 || (machine.profile.setter_hook != 0 && Coming(cpu));
  }
  void OpBegin(const Event& event);
  void ActorBegin(const Event& event);
  void ActorEnd(const Event& event);
  void Section(const Event& op_begin);
  void BeginRelease(const Event& event, Call* call);
  void BeginSlotRelease(const Event& event, Call* call);
  void Push(const Event& op_end, const Call& call);
  void Lose(TaskId t, CpuId cpu);

  Call* calls_ = nullptr;    // [actor]
  Own* own_ = nullptr;       // [actor]
  Stack* stacks_ = nullptr;  // [task], idle ones included
  Map* maps_ = nullptr;      // [task][capacity_]
  Shared* shared_ = nullptr;
  const Trace* trace_ = nullptr;
  bool misuse_ = false;
  int capacity_ = 0;
  int actor_count_ = 0;
  int stack_count_ = 0;
  uint32_t task_contexts_ = 0;  // mask of actors; from the trace
};

// Slots that maps take: those with an odd number where every other one is a guard.
inline bool IsGuardSlot(int slot) { return machine.profile.kmap_local_inc() == 2 && slot % 2 == 0; }
// The slot of the k-th map of a task, k from 0. (SPEC G.1)
inline int SlotOfDepth(int k) {
  const int inc = machine.profile.kmap_local_inc();
  return k * inc + inc - 1;
}
inline int DepthOfSlot(int slot) { return slot / machine.profile.kmap_local_inc(); }

LocalLedger::Counters CountersOf(TaskId t);

}  // namespace highmem

#endif  // HIGHMEM_CHECK_LOCAL_LEDGER_H_
