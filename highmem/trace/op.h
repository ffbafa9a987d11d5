// Operations, conditions and results: the words of a trace. (DESIGN section 6, RULINGS 11)
#ifndef HIGHMEM_TRACE_OP_H_
#define HIGHMEM_TRACE_OP_H_

#include <cstdint>
#include <string_view>

#include "highmem/machine/types.h"

namespace highmem {

enum class OpCode : uint8_t {
#define HIGHMEM_OP(name, args, makes, contexts, meaning) name,
#include "highmem/trace/ops.def"
#undef HIGHMEM_OP
  kCount
};

enum class Makes : uint8_t { none, map, addr };

struct OpInfo {
  std::string_view name;
  std::string_view args;  // one letter each, see ops.def
  Makes makes;
  std::string_view contexts;
  std::string_view meaning;
  bool takes(char letter) const { return args.find(letter) != std::string_view::npos; }
};
const OpInfo& Info(OpCode code);
// kCount if no op has this name.
OpCode FindOp(std::string_view name);

// What can be asked of the machine at any moment, each compared with a number.
enum class Quantity : uint8_t {
  kPageCount,  // count(PAGE): pkmap count of the page's slot, 0 if it has none
  kSlot,       // slot(PAGE): its pkmap slot, -1 if it has none
  kCursor,     // cursor, with colours that of colour 0
  kCh,         // CH: calls of flush_cache_kmaps so far
  kGf,         // GF: global TLB flushes so far
  kSw,         // SW: sweeps so far
  kLazy,       // lazy: pages of the vmalloc region that wait for a purge
  kWaiters,    // waiters: tasks in the pool's wait queues
  kByte,       // byte(PAGE,OFFSET): what memory holds
  kIdx,        // idx(T): index of the task's local maps (SPEC G.1)
  kMigration,  // mig(T): its migration_disabled
  kPagefault,  // pf(T): its pagefault_disabled
  kPreempt,    // preempt(T): its preempt_count
  kPinned,     // pinned(CPU): tasks pinned there
  kPte,        // pte(CPU,SLOT): page in that slot of the CPU's window, by number of declaration
               // from 0; -1 none, -2 another
  kPteval,     // pteval(T,I): likewise, what the task's ctrl holds for its slot I
};
// What it takes in parentheses.
enum class QuantityForm : uint8_t { plain, page, byte, task, cpu, cpu_slot, task_slot };
QuantityForm FormOf(Quantity quantity);
enum class Compare : uint8_t { kEq, kNe, kLt, kLe, kGt, kGe };

struct Cond {
  Quantity quantity = Quantity::kPageCount;
  Compare compare = Compare::kEq;
  uint8_t who = 0;      // actor or CPU
  int16_t page = -1;    // index into Trace::pages, -1 where the quantity names none
  uint16_t offset = 0;  // in bytes; or a slot
  int32_t value = 0;
  friend bool operator==(const Cond&, const Cond&) = default;
};

// How an op can end; the result kind of event op_end.
enum class ResultKind : uint8_t {
  ok,     // nothing to report
  pkmap,  // value: slot
  fix,    // value: slot within the CPU's partition
  low,    // value: pfn; in a trace `low` stands alone
  null,
  byte,  // value: the byte loaded
  fault,
  page,  // value: pfn, kNoPfn for one that does not exist
};

// An expectation behind `->`.
enum class ExpectKind : uint8_t {
  pkmap,
  fix,
  low,
  null,
  ok,
  byte,
  fault,
  page,     // page:NAME
  garbage,  // a page that does not exist; up to here: the result itself
  count,    // count=N: pkmap count of the op's page afterwards
  cursor,   // cursor=N: pkmap cursor afterwards
  sweeps,   // SW=N, GF=N, CH=N: sweeps, global flushes, cache hooks that this op itself made
  flushes,
  hooks,
  wakes,  // wakes=N: tasks this op woke
  idx,    // idx=N, mig=N: index of local maps, and migration_disabled, of the task it ran on
  mig,
  local_flushes,  // TL=N: local TLB flushes of single pages that this op made
  invlpg,         // invlpg:N: the next of them, in order: of this slot of a CPU's window
  outs,           // SO=N, SI=N: how often local maps left, and came back, in it
  ins,
  blocks,  // it slept at least once
  bug,
  warn,
  splat,  // :site
  quiet,  // no WARN in it
  hang,
};

inline constexpr ExpectKind kLastResult = ExpectKind::garbage;

struct Expect {
  ExpectKind kind = ExpectKind::ok;
  bool alternative = false;  // `| this`: an alternative to the expectation before it
  int32_t value = 0;         // number, or Site
  friend bool operator==(const Expect&, const Expect&) = default;
};

// One line of one actor. Which fields count follows from Info(code).args.
struct Op {
  OpCode code = OpCode::check;
  uint8_t actor = 0;         // a, t: the other task; v, x: 1 + whose variable, 0 its own
  uint8_t expect_count = 0;  // expectations, in Trace::expects from expect_first on
  uint8_t reserved = 0;
  int16_t var = -1;     // variable it makes, an index into the actor's variables
  int16_t ref = -1;     // v, or m or x given as a variable
  int16_t page = -1;    // p, m or x: index into Trace::pages
  uint16_t offset = 0;  // v, x: byte offset
  uint32_t any = 0;     // p: mask of page indexes to choose from, 0 if `page` is the page
  int32_t value = 0;    // i; k: KmType; c: index into Trace::conds
  uint32_t expect_first = 0;
  friend bool operator==(const Op&, const Op&) = default;
};
static_assert(sizeof(Op) == 24);

// dma_map_to, dma_map_from, dma_map_both and dma_unmap.
bool IsDma(OpCode code);
// The variable it takes must be the actor's own; of these post and dma_unmap take no offset.
bool TakesOwnVariable(OpCode code);
inline bool TakesOffset(OpCode code) { return code != OpCode::post && code != OpCode::dma_unmap; }

// The op names a variable of another actor, number op.actor - 1.
bool IsForeign(const Op& op);

}  // namespace highmem

#endif  // HIGHMEM_TRACE_OP_H_
