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

// Slots lie one map apart, two with guards: then those with an even number stay empty for ever.
inline int kmap_local_inc() { return machine.profile.kmap_local_inc(); }
inline bool IsGuard(int i) { return kmap_local_inc() == 2 && i % 2 == 0; }

// The window's index of slot i of the CPU that executes.
inline int arch_kmap_local_map_idx(int i) { return FixKmapIndexOf(i, ThisCpu()); }

}  // namespace highmem

#endif  // HIGHMEM_KMAP_KMAP_CTRL_H_
