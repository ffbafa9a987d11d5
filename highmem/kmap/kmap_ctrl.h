// What local maps and the scheduler's hooks share: for every task how deep it is in local maps, and
// what stands in the PTE of each, to be put back when the task is current again.
// (include/linux/sched.h: struct kmap_ctrl; SPEC G.1)
#ifndef HIGHMEM_KMAP_KMAP_CTRL_H_
#define HIGHMEM_KMAP_KMAP_CTRL_H_

#include <cstdint>

#include "highmem/kernel/task.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/shared.h"

namespace highmem {

inline SharedArray<int16_t, EventKind::kmap_idx, kOwn> kmap_ctrl_idx;         // [task]
inline SharedArray<uint16_t, EventKind::kmap_pteval, kOwn> kmap_ctrl_pteval;  // [task][KM_MAX_IDX]

inline int KmMaxIdx() { return machine.profile.km_max_idx; }
// Index of current's pteval[i] in the array above.
inline int PtevalOf(TaskId t, int i) { return t * KmMaxIdx() + i; }

// A saved entry is what a PTE holds; without a map it is all zero, which is not what every
// architecture writes into an empty PTE. (SPEC G.7)
inline bool pte_none(Pte saved) {
  constexpr uint16_t kInvalid = 0xffff;
  return saved.value == (machine.profile.none_pte != 0 ? kInvalid : 0);
}

// Slots lie one map apart, two with guards: then those with an even number stay empty for ever.
inline int kmap_local_inc() { return machine.profile.kmap_local_inc(); }
inline bool IsGuard(int i) { return kmap_local_inc() == 2 && i % 2 == 0; }

// The window's index of slot i of the CPU that executes: for a page's map, and for an address that
// is to be unmapped. Where the cache has colours, theirs decides among the indexes of the slot.
inline int arch_kmap_local_map_idx(int i, Pfn pfn) {
  return FixKmapIndexOf(i, ThisCpu(), PageColour(pfn));
}
inline int arch_kmap_local_unmap_idx(int i, Vaddr addr) {
  return FixKmapIndexOf(i, ThisCpu(), AddressColour(addr));
}

// The PTE of an address of the window: counted backwards from that of FIX_KMAP_BEGIN by the index,
// as long as entries are one array; else found by the address. (SPEC A.3; mm/highmem.c:
// kmap_get_pte)
inline int kmap_pte_at(int index) {
  const int table = machine.profile.pte_table;
  return table == 0 || index < table ? FixKmapVpn(index) : FixKmapVpn(table - 1 - index);
}
inline int kmap_get_pte(Vaddr vaddr, int index) {
  return machine.profile.nonlinear_pte != 0 ? VpnOf(vaddr) : kmap_pte_at(index);
}

}  // namespace highmem

#endif  // HIGHMEM_KMAP_KMAP_CTRL_H_
