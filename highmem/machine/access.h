// The way of a load or store: CPU -> TLB -> cache -> memory.
#ifndef HIGHMEM_MACHINE_ACCESS_H_
#define HIGHMEM_MACHINE_ACCESS_H_

#include <cstdint>

#include "highmem/machine/types.h"

namespace highmem {

inline constexpr int kFault = -1;

// One byte at `address`, executed by CPU `cpu`. Fills the TLB on a miss. kFault if neither TLB nor
// page table translates it. Emits load, store or fault.
int CpuLoad(int cpu, Vaddr address);
int CpuStore(int cpu, Vaddr address, uint8_t value);

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_ACCESS_H_
