// The two ways in which a kmap window's PTE is written. (mm/highmem.c: arch_kmap_set_pte,
// include/linux/highmem-internal.h; arch/mips/include/asm/highmem.h)
#ifndef HIGHMEM_KMAP_SET_PTE_H_
#define HIGHMEM_KMAP_SET_PTE_H_

#include "highmem/kernel/co.h"
#include "highmem/kernel/primitive.h"
#include "highmem/kmap/dcache.h"
#include "highmem/machine/machine.h"

namespace highmem {

// The entry and nothing else: for a local map, which the generic setter's hook may need itself.
inline Prim arch_kmap_set_pte(uint32_t vpn, Pfn pfn) { return Prim(PrimKind::pte_set, vpn, pfn); }

// The generic setter's hook, to be awaited before arch_kmap_set_pte where UsesSetterHook.
inline bool UsesSetterHook() { return machine.profile.setter_hook != 0; }

}  // namespace highmem

#endif  // HIGHMEM_KMAP_SET_PTE_H_
