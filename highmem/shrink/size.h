// How big a trace is to whoever has to read it.
#ifndef HIGHMEM_SHRINK_SIZE_H_
#define HIGHMEM_SHRINK_SIZE_H_

#include <compare>
#include <cstdint>
#include <string>

#include "highmem/trace/trace.h"

namespace highmem {

// Compared field by field, in this order.
struct TraceSize {
  uint32_t ops = 0;
  uint32_t actors = 0;
  uint32_t decisions = 0;  // `start` is none (RULINGS 10)
  uint32_t starts = 0;
  uint32_t handlers = 0;  // of the actors
  uint32_t machine = 0;   // sum of the numbers that the shrinker makes smaller (MachineNumbers)
  uint32_t operands = 0;  // CPUs, pages, offsets, values, runs of handlers, expectations, verdicts
  friend auto operator<=>(const TraceSize&, const TraceSize&) = default;
};
TraceSize SizeOf(const Trace& trace);

// "2 actors, 4 ops, 1 decision"
std::string SizeText(const TraceSize& size);

// The profile's numbers of which a smaller one means a smaller machine.
inline constexpr int Profile::* kMachineNumbers[] = {
    &Profile::cpus,       &Profile::last_pkmap,   &Profile::high_pages, &Profile::low_pages,
    &Profile::page_size,  &Profile::line_size,    &Profile::km_max_idx, &Profile::hash_buckets,
    &Profile::spec_fills, &Profile::cache_evicts, &Profile::tlb_evicts, &Profile::migrations,
};

}  // namespace highmem

#endif  // HIGHMEM_SHRINK_SIZE_H_
