// What kmap_atomic of the eras before local maps remembers.
#ifndef HIGHMEM_KMAP_KMAP_ATOMIC_IDX_H_
#define HIGHMEM_KMAP_KMAP_ATOMIC_IDX_H_

#include <cstdint>

#include "highmem/kernel/task.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/shared.h"

namespace highmem {

// E2: how many slots of its window a CPU uses. (include/linux/highmem.h: __kmap_atomic_idx)
inline SharedArray<int16_t, EventKind::kmap_atomic_idx, kOwn> kmap_atomic_idx;  // [cpu]
// E1: how often debug_kmap_atomic has reported. (mm/highmem.c: debug_kmap_atomic, warn_count)
inline SharedArray<int16_t, EventKind::kmap_atomic_reports> kmap_atomic_reports;  // [1]

}  // namespace highmem

#endif  // HIGHMEM_KMAP_KMAP_ATOMIC_IDX_H_
