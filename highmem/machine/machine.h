// The machine of the current run: where its parts lie in the arena. This descriptor is constant
// between two resets and lies outside the arena; everything it points to lies inside.
#ifndef HIGHMEM_MACHINE_MACHINE_H_
#define HIGHMEM_MACHINE_MACHINE_H_

#include <cstdint>

#include "highmem/machine/profile.h"
#include "highmem/machine/types.h"

namespace highmem {

struct Page;       // machine/page.h
struct Cpu;        // machine/cpu.h
struct CacheLine;  // machine/cache.h
struct LazyMmu;    // machine/lazy_mmu.h

struct Machine {
  Profile profile;
  Page* mem_map = nullptr;    // [pages]
  uint8_t* memory = nullptr;  // [pages * page_size]
  Pte* page_table = nullptr;  // [vpns]
  Pte* tlb = nullptr;         // [cpus][vpns], none = not cached
  Cpu* cpus = nullptr;        // [cpus]
  int vpns = 0;               // virtual pages with a PTE (machine/layout.h)
  int page_shift = 0;
  CacheLine* cache_lines = nullptr;  // [CacheLineCount], null where software sees no cache
  uint8_t* cache_bytes = nullptr;    // [CacheLineCount * line_size]
  int line_shift = 0;
  LazyMmu* lazy_mmu = nullptr;  // [cpus], null without paravirt
  Vaddr pkmap_base = 0;         // PKMAP_BASE
  Vaddr fix_kmap_begin = 0;     // __fix_to_virt(FIX_KMAP_BEGIN)
};
extern Machine machine;

// Carves a fresh machine out of the just reset arena: interrupts on, all TLBs empty, no PTE, page
// bytes InitialByte(pfn, offset). The profile must have passed CheckProfile.
void MachineReset(const Profile& profile);

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_MACHINE_H_
