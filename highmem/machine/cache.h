// The data cache between a CPU and memory. So far the one kind is PIPT, which software cannot tell
// from no cache at all: every access goes straight through. Other kinds are refused by
// CheckProfile.
#ifndef HIGHMEM_MACHINE_CACHE_H_
#define HIGHMEM_MACHINE_CACHE_H_

#include "highmem/machine/machine.h"

namespace highmem {

// One byte of frame `pfn` as CPU `cpu` sees it through virtual address `address`.
inline uint8_t CacheLoad(int /*cpu*/, Vaddr /*address*/, Pfn pfn, uint32_t offset) {
  return machine.memory[(static_cast<size_t>(pfn) << machine.page_shift) + offset];
}
inline void CacheStore(int /*cpu*/, Vaddr /*address*/, Pfn pfn, uint32_t offset, uint8_t value) {
  machine.memory[(static_cast<size_t>(pfn) << machine.page_shift) + offset] = value;
}

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_CACHE_H_
