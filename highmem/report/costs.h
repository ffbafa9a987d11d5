// What mapping costs: page-table entries written, TLB entries flushed, CPUs interrupted, caches
// cleaned, and for how long others were kept waiting; per call, by what the call turned out to be.
// (SPEC K)
//
// Read off the events of a run alone, so a port is measured like the reference. What others do to a
// call, the flushes in their interrupt handlers, is the call's `ipis`, not theirs; and what a
// preemption in the middle of it takes out of the window and brings back is the switch's.
#ifndef HIGHMEM_REPORT_COSTS_H_
#define HIGHMEM_REPORT_COSTS_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "highmem/trace/event_sink.h"
#include "highmem/trace/executor.h"

namespace highmem {

// Rows of the table, in the order of SPEC K.
enum class CostRow : uint8_t {
  low_page,       // any call about a low page that takes no slot
  kmap_hit,       // the page had a slot
  kmap_miss,      // it got one
  kmap_wrap,      // ... behind a sweep
  kmap_slept,     // ... behind sleep
  kunmap,         // kunmap, kunmap_high
  kmap_high_get,  // and a local or atomic map that pins its page in the pool
  unpin,          // the release of such a map
  kmap_flush_unused,
  map,    // kmap_local, kmap_atomic: a slot of the window
  unmap,  // its release
  sched_out,
  sched_in,
  dma_map,
  dma_unmap,
  vmap,    // and vm_map_ram
  vunmap,  // and vm_unmap_ram
  purge,   // vm_unmap_aliases, and the worker that vunmap asks for
  helper,  // clear_highpage and its kin
  kCount
};
std::string_view NameOf(CostRow row);

// Of one call, or the sum of many.
struct Cost {
  enum Counter : uint8_t {
    pte_writes,
    local_flushes,   // of this CPU's TLB
    global_flushes,  // of every CPU's
    ipis,            // CPUs interrupted
    cache_lines,     // maintained one by one
    cache_flushes,   // of the whole cache
    outer_lines,     // of the outer cache, one by one
    cache_hooks,     // flush_cache_kmaps
    lock_steps,      // micro-steps of the caller with kmap_lock held
    irqs_off_steps,  // ... with interrupts off
    preempt_steps,   // ... with preemption off
    kCounters
  };
  std::array<uint32_t, kCounters> of = {};
  uint32_t operator[](Counter c) const { return of[c]; }
};
std::string_view NameOf(Cost::Counter counter);

struct CostLine {
  uint32_t calls = 0;
  Cost least, most, sum;
};

// Counts while a trace runs.
class Costs : public EventSink {
 public:
  void Begin(const Executor& executor) override;
  bool OnStep(const Executor& executor, std::span<const Event> events) override;

  const CostLine& line(CostRow row) const { return lines_[static_cast<size_t>(row)]; }

 private:
  // A call under way, or a switch of tasks that somebody is in.
  struct Call {
    Cost cost;
    bool open = false;
    bool swept = false;
    bool slept = false;
    bool locked = false;
    bool switches = false;    // what it does now is of a switch of tasks, not its own
    int entries_to_come = 0;  // of that switch
    uint32_t last_entry = 0;  // vpn
    CostRow switching = CostRow::sched_out;
    Cost switched;
  };

  void OnEvent(const Event& event);
  void Count(const Event& event, Cost* cost);
  void Close(const Event& op_end);
  void BeginSwitch(const Event& event, Call* call);
  static bool GoesOn(const Event& event, const Call& call);
  void EndSwitch(Call* call);
  CostRow RowOf(const Event& op_end, const Call& call) const;
  void Add(CostRow row, const Cost& cost);

  std::array<CostLine, static_cast<size_t>(CostRow::kCount)> lines_;
  std::vector<Call> calls_;  // [context]
};

// The table: a line a row that occurred, "least..most" where calls differ, a column a counter that
// is not 0 throughout.
std::string CostTable(const Costs& costs);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_COSTS_H_
