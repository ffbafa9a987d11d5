// The words every floor shares: addresses, frames, page-table entries, CPU and task numbers.
#ifndef HIGHMEM_MACHINE_TYPES_H_
#define HIGHMEM_MACHINE_TYPES_H_

#include <cstdint>

namespace highmem {

// A simulated kernel-virtual address, 32 bits as on every highmem architecture. Not a pointer, so
// that a Page* can never be passed where an address is expected (SPEC E.5).
using Vaddr = uint32_t;

// Page frame number: index into mem_map.
using Pfn = uint16_t;
inline constexpr Pfn kNoPfn = 0xffff;

using CpuId = uint8_t;
using TaskId = uint8_t;   // 0 .. tasks-1 are actors, then one idle task per CPU
using ActorId = uint8_t;  // position in the trace; tasks and handlers share the numbering
inline constexpr ActorId kNoActor = 0xff;

inline constexpr int kMaxCpus = 4;
inline constexpr int kMaxTasks = 8;  // actors; idle tasks come on top
inline constexpr int kMaxActors = 16;
inline constexpr int kMaxColours = 8;

// A page-table entry: none, or one present frame. (SPEC 0.3)
struct Pte {
  uint16_t value = 0;
  static constexpr Pte Of(Pfn pfn) { return Pte{static_cast<uint16_t>(pfn + 1)}; }
  constexpr bool none() const { return value == 0; }
  constexpr Pfn pfn() const { return none() ? kNoPfn : static_cast<Pfn>(value - 1); }
  friend constexpr bool operator==(Pte, Pte) = default;
};

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_TYPES_H_
