// The one source of nondeterminism. (DESIGN section 10; three calls, as stateless drivers need
// them)
#ifndef HIGHMEM_TRACE_CHOOSER_H_
#define HIGHMEM_TRACE_CHOOSER_H_

#include <cstdint>

#include "highmem/machine/types.h"

namespace highmem {

class Executor;

enum class MoveKind : uint8_t {
  run,        // the CPU performs its pending primitive and runs on to the next suspension
  ipi,        // the CPU takes the inter-processor interrupt that waits for it
  irq,        // a handler (an actor: hardirq, softirq or NMI) enters on its CPU
  preempt,    // the CPU switches from its current task to this one
  fill,       // the CPU's TLB copies a present entry nobody asked for
  evict,      // ... or loses one
  writeback,  // a dirty cache line is written back and stays, a clean one is dropped
  migrate,    // a runnable task that is not running moves to this CPU
};

struct Move {
  MoveKind kind = MoveKind::run;
  CpuId cpu = 0;
  uint16_t arg = 0;  // irq: actor · preempt, migrate: task · fill, evict: vpn · writeback: line
  friend bool operator==(const Move&, const Move&) = default;
};

// What can happen next, kinds run to preempt, as bits: [0,4) run CPU c · [4,8) ipi CPU c ·
// [8,24) irq actor a · [24,32) preempt to task t. Fills, evictions, write-backs and migrations
// are asked for.
using MoveMask = uint32_t;
constexpr MoveMask RunBit(int cpu) { return 1u << cpu; }
constexpr MoveMask IpiBit(int cpu) { return 1u << (4 + cpu); }
constexpr MoveMask IrqBit(int actor) { return 1u << (8 + actor); }
constexpr MoveMask PreemptBit(int task) { return 1u << (24 + task); }
inline constexpr MoveMask kProgressMask = 0xff;  // run and ipi: what counts as progress

class Chooser {
 public:
  virtual ~Chooser() = default;
  // A new execution begins; the executor has been reset.
  virtual void Begin(const Executor& executor) = 0;
  // Which move next. `enabled` is not empty.
  virtual Move NextMove(const Executor& executor, MoveMask enabled) = 0;
  // Which of n > 1 ways the chosen move goes: 0 .. n-1.
  virtual uint32_t NextValue(const Executor& executor, const Move& move, uint32_t n) = 0;
};

}  // namespace highmem

#endif  // HIGHMEM_TRACE_CHOOSER_H_
