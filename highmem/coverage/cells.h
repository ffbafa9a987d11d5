// What a campaign wants to have seen, in domain words: every cell is a situation that a run can be
// in. Each has a number, to count it by, and a name, "group/row/column", for people.
//
//   pool     state of the page's slot when a call on it begins: absent, parked, one user, more
//   context  what the call began in (SPEC 0.4), as far as ops.def allows it there
//   window   what came in between, in the middle of a call: at which primitive, and what
//            (coverage/unreached.h says why some never do)
//   pair     a call begins while another one is under way, on the same CPU or on another
//   depth    how far something went: maps of a task, users of a page, parked slots, waiters
//   moment   what must have happened at some time, or the campaign has seen nothing
#ifndef HIGHMEM_COVERAGE_CELLS_H_
#define HIGHMEM_COVERAGE_CELLS_H_

#include <string>
#include <vector>

#include "highmem/kernel/context.h"
#include "highmem/kernel/primitive.h"
#include "highmem/trace/op.h"

namespace highmem {

// Ops that are the same call to a mapping.
enum class OpFamily : uint8_t {
  kmap,
  kunmap,
  high_get,   // kmap_high_get
  high_put,   // kunmap_high
  local_map,  // kmap_local_page, kmap_local_pfn
  local_unmap,
  atomic_map,
  atomic_unmap,
  dma,
  vmap,
  helper,  // clear_highpage, memcpy_page ...
  access,  // load, store, by CPU or device
  other,   // what is about no mapping
  kCount
};
OpFamily FamilyOf(OpCode code);

enum class SlotState : uint8_t { absent, parked, one_user, more_users, kCount };

// Where a call may begin, one for each letter of ops.def.
enum class CallContext : uint8_t {
  task,
  fault,
  preempt_off,
  irqs_off,
  softirq,
  hardirq,
  nmi,
  lazy_mmu,
  kCount
};

enum class DepthOf : uint8_t { local_maps, atomic_maps, users, parked, waiters, contexts, kCount };
inline constexpr int kDeepest = 6;  // and what is beyond

enum class Moment : uint8_t {
  sleeps,             // for a slot
  wakes_several,      // a kunmap wakes more than one
  sweeps_in_vain,     // no slot was parked
  sweeps,             // some were
  sweep_interrupted,  // something came in between sweep_begin and sweep_end
  stale_entry,        // a TLB still knows what a sweep took from the page table
  spins,              // for kmap_lock
  maps_leave,         // local maps at a switch
  maps_come_back,
  moves,  // to another CPU
  forks,
  cpu_goes,
  cpu_comes_back,
  faults,        // an access that is not translated
  key_faults,    // an access behind a closed protection key
  writes_back,   // a line, by the hardware
  tlb_fills,     // a translation that nobody asked for
  purges_vmaps,  // lazy vmaps
  gives_frame,   // decrease_reservation
  warns,         // WARN, and the run goes on
  kCount
};

// Numbers of cells are 0 .. CellCount() - 1. They are about programs without mistakes: kNoCell is
// what is none, kCannotBe what no run of such a program comes through. If one did, this header
// would be wrong.
inline constexpr int kNoCell = -1;
inline constexpr int kCannotBe = -2;
int CellCount();
int PoolCell(SlotState state, OpFamily family);
int ContextCell(CallContext context, OpCode code);
// kTask: a switch to another task. kCannotBe by the kernel's own code: a task switches at
// switch_to, faults at user_access, is never preempted where it holds a spinlock, and nothing but
// an NMI comes between the steps of schedule(), whose interrupts are off.
int WindowCell(PrimKind prim, ContextKind what);
int PairCell(OpFamily under_way, OpFamily begins, bool same_cpu);
int DepthCell(DepthOf what, int depth);  // from 1 on
int MomentCell(Moment moment);

// "window/pte_set/hardirq"
std::string CellName(int cell);
std::vector<std::string> AllCellNames();

}  // namespace highmem

#endif  // HIGHMEM_COVERAGE_CELLS_H_
