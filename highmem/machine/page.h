// Page frames. Low frames come first and own a linear address for ever; high frames have none until
// somebody maps them. (SPEC A.1)
#ifndef HIGHMEM_MACHINE_PAGE_H_
#define HIGHMEM_MACHINE_PAGE_H_

#include <cstdint>

#include "highmem/machine/machine.h"
#include "highmem/machine/types.h"

namespace highmem {

// struct page. Its number in mem_map is the pfn.
// dcache_dirty is PG_dcache_dirty: written by the kernel and not yet written back (setter_hook).
struct Page {
  uint8_t highmem;  // never changes
  uint8_t dcache_dirty;
};

inline Page* pfn_to_page(Pfn pfn) { return &machine.mem_map[pfn]; }
inline Pfn page_to_pfn(const Page* page) { return static_cast<Pfn>(page - machine.mem_map); }
inline bool PageHighMem(const Page* page) { return page->highmem != 0; }

// Page contents at boot: non-zero and different for every page of a tiny profile (RULINGS 4). The
// bytes of a page repeat after kInitialPeriod.
inline constexpr int kInitialPeriod = 251;
constexpr uint8_t InitialByte(Pfn pfn, uint32_t offset) {
  return static_cast<uint8_t>(1 + (pfn * 37u + offset * 5u) % unsigned{kInitialPeriod});
}

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_PAGE_H_
