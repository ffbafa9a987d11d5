// The virtual layout: 32 bits with the classic 3:1 split. Linear map from PAGE_OFFSET, PKMAP above
// it as on x86 or, as on ARM, right below it, the kmap window of the fixmap at the top, running
// downwards, user space at the bottom. (SPEC A.2, A.3)
//
// A virtual page that needs a PTE has a number, its vpn: pkmap slots 0 .. last_pkmap-1 first, then
// fixmap slots by index, CPU by CPU, then the vmalloc region.
//
// Where the data cache has colours, the address of every page has the page's own: slots and window
// exist once for each. (SPEC A.3, C.10; arch/xtensa/mm/highmem.c: kmap_idx)
#ifndef HIGHMEM_MACHINE_LAYOUT_H_
#define HIGHMEM_MACHINE_LAYOUT_H_

#include "highmem/machine/km_type.h"
#include "highmem/machine/page.h"

namespace highmem {

inline constexpr Vaddr kPageOffset = 0xc0000000;
inline constexpr Vaddr kPkmapAbove = 0xff000000;
inline constexpr Vaddr kVmapBase = 0xf8800000;    // VMALLOC_START: high_memory and a hole
inline constexpr Vaddr kUserBase = 0x10000000;    // where a process has frame 0
inline constexpr Vaddr kMemMap = 0xc1000000;      // mem_map, in low frames nobody simulates
inline constexpr Vaddr kHighMemory = 0xf8000000;  // high_memory: 896 MiB, mem_map below it
inline constexpr Vaddr kBusBase = 0x40000000;     // where a device finds frame 0
inline constexpr uint32_t kStructPageSize = 32;   // bytes

// Below, the pool ends where the linear map begins: on ARM its 512 pages are the 2 MiB in between.
inline constexpr Vaddr PkmapBase(const Profile& profile) {
  const auto size = static_cast<uint32_t>(profile.last_pkmap * profile.page_size);
  return profile.pkmap_below != 0 ? kPageOffset - size : kPkmapAbove;
}

// Slot 0 of CPU 0, the highest page of the window; with colours a page of the last one.
inline constexpr Vaddr FixKmapBegin(const Profile& profile) {
  constexpr Vaddr kHighest = 0xfffbb000;
  const auto size = static_cast<uint32_t>(profile.page_size);
  const auto round = size * static_cast<uint32_t>(profile.colours);
  return kHighest - kHighest % round + (profile.colours > 1 ? 0 - size : 0);
}

inline uint32_t OffsetInPage(Vaddr v) { return v & ((1u << machine.page_shift) - 1); }
inline Vaddr PageAlign(Vaddr v) { return v - OffsetInPage(v); }

// The linear address of a low page, in bytes. Valid on every CPU, for ever, without a PTE.
inline Vaddr lowmem_page_address(const Page* page) {
  return kPageOffset + (static_cast<uint32_t>(page_to_pfn(page)) << machine.page_shift);
}

inline Vaddr PKMAP_ADDR(int nr) {
  return machine.pkmap_base + (static_cast<uint32_t>(nr) << machine.page_shift);
}
// Floor, so an offset within the page is harmless.
inline int PKMAP_NR(Vaddr v) {
  return static_cast<int>((v - machine.pkmap_base) >> machine.page_shift);
}
inline bool InPkmap(Vaddr v) {
  return v >= PKMAP_ADDR(0) && v < PKMAP_ADDR(machine.profile.last_pkmap);
}

// Address of kmap slot `index` = slot + KM_MAX_IDX * cpu; a larger index is a lower address.
inline Vaddr FixKmapAddr(int index) {
  return machine.fix_kmap_begin - (static_cast<uint32_t>(index) << machine.page_shift);
}
// Colours of a page and of an address; 0 where the cache has none.
inline int PageColour(Pfn pfn) { return pfn & (machine.profile.colours - 1); }
inline int AddressColour(Vaddr v) {
  return static_cast<int>(v >> machine.page_shift) & (machine.profile.colours - 1);
}

// Index of slot `slot` of a CPU, for pages of `colour`.
inline int FixKmapIndexOf(int slot, int cpu, int colour = 0) {
  const int colours = machine.profile.colours;
  return (slot + machine.profile.km_max_idx * cpu) * colours + colours - 1 - colour;
}
// The way back: slot and CPU of an index; a CPU's first index.
inline int SlotOfIndex(int index) {
  return index / machine.profile.colours % machine.profile.km_max_idx;
}
inline CpuId CpuOfIndex(int index) {
  return static_cast<CpuId>(index / machine.profile.window_pages());
}
inline int FirstIndexOf(int cpu) { return machine.profile.window_pages() * cpu; }
// Slot of a kind of use, in era E1; with debugging a fence stands before each. (SPEC E.1)
inline int KmTypeSlot(KmType type) {
  const int n = static_cast<int>(type);
  return machine.profile.debug_kmap_local != 0 ? 2 * n + 1 : n;
}
inline int FixKmapVpn(int index) { return machine.profile.last_pkmap + index; }
inline int FixKmapSlots() { return machine.profile.window_pages() * machine.profile.cpus; }
// Closed interval of page starts: the lowest is the last slot of the last CPU.
inline bool InFixKmap(Vaddr v) {
  const Vaddr a = PageAlign(v);
  return a >= FixKmapAddr(FixKmapSlots() - 1) && a <= machine.fix_kmap_begin;
}
inline int FixKmapIndex(Vaddr v) {
  return static_cast<int>((machine.fix_kmap_begin - PageAlign(v)) >> machine.page_shift);
}

// What a Page* is once a cast has made it an address: no map, yet a kernel address.
inline Vaddr struct_page_address(const Page* page) {
  return kMemMap + static_cast<uint32_t>(page_to_pfn(page)) * kStructPageSize;
}

// virt_to_page(): linear arithmetic, kNoPfn where that yields no frame of this machine.
inline Pfn virt_to_pfn(Vaddr v) {
  const uint32_t pfn = (v - kPageOffset) >> machine.page_shift;
  return v >= kPageOffset && pfn < static_cast<uint32_t>(machine.profile.pages())
             ? static_cast<Pfn>(pfn)
             : kNoPfn;
}

inline bool InLinearMap(Vaddr v) {
  return v >= kPageOffset &&
         v < kPageOffset + (static_cast<uint32_t>(machine.profile.low_pages) << machine.page_shift);
}

// Pages of the vmalloc region, numbered from 0; their vpns follow those of the windows.
inline Vaddr VMAP_ADDR(int page) {
  return kVmapBase + (static_cast<uint32_t>(page) << machine.page_shift);
}
inline int VMAP_NR(Vaddr v) { return static_cast<int>((v - kVmapBase) >> machine.page_shift); }
inline bool InVmap(Vaddr v) { return v >= kVmapBase && v < VMAP_ADDR(machine.profile.vmap_pages); }
inline int VmapVpn(int page) { return machine.profile.last_pkmap + FixKmapSlots() + page; }

// Index in the windows of a vpn, -1 if it lies in none.
inline int WindowIndexOf(uint32_t vpn) {
  const int index = static_cast<int>(vpn) - machine.profile.last_pkmap;
  return index < FixKmapSlots() ? index : -1;
}

// Where a process has the page: an alias of the page's own colour.
inline Vaddr user_address(Pfn pfn) {
  return kUserBase + (static_cast<uint32_t>(pfn) << machine.page_shift);
}
inline bool InUserSpace(Vaddr v) {
  return v >= kUserBase &&
         v < kUserBase + (static_cast<uint32_t>(machine.profile.pages()) << machine.page_shift);
}

// vpn of an address, or -1 if no PTE can translate it.
inline int VpnOf(Vaddr v) {
  if (InPkmap(v)) return PKMAP_NR(v);
  if (InFixKmap(v)) return machine.profile.last_pkmap + FixKmapIndex(v);
  if (InVmap(v)) return VmapVpn(VMAP_NR(v));
  return -1;
}

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_LAYOUT_H_
