// The way of a load or store: CPU -> TLB -> cache -> memory.
#ifndef HIGHMEM_MACHINE_ACCESS_H_
#define HIGHMEM_MACHINE_ACCESS_H_

#include <cstdint>

#include "highmem/machine/types.h"

namespace highmem {

inline constexpr int kFault = -1;
inline constexpr int kKeyFault = -2;  // a protection key forbids it (kernel/perform.cc)

// One byte at `address`, executed by CPU `cpu`. Fills the TLB on a miss. kFault if neither TLB nor
// page table translates it. Emits load, store or fault.
int CpuLoad(int cpu, Vaddr address);
int CpuStore(int cpu, Vaddr address, uint8_t value);

// Cache maintenance of the line at `address` (ARM: clean, invalidate, or both, by MVA). A cache
// that is found by virtual address is not asked what the address translates to; elsewhere emits
// fault if it does not. Emits dcache_line; nothing happens where software sees no cache.
void CpuMaintainLine(int cpu, Vaddr address, bool clean, bool invalidate);

// The same for the outer cache's line of that byte of a frame. Emits outer_line; nothing happens
// where there is none. (arch/arm/mm/cache-l2x0.c)
void OuterMaintainLine(Pfn pfn, uint32_t offset, bool clean, bool invalidate);

// One byte of a frame as a device reads or writes it, past all caches. Emits device_load,
// device_store.
uint8_t DeviceLoad(Pfn pfn, uint32_t offset);
void DeviceStore(Pfn pfn, uint32_t offset, uint8_t value);

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_ACCESS_H_
