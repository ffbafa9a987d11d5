// How the PTE of a kmap address is written: by itself, or as the generic setter does, behind its
// hook. (SPEC G.3, G.7; arch/mips/include/asm/highmem.h: arch_kmap_set_pte)
#ifndef HIGHMEM_KMAP_SET_PTE_H_
#define HIGHMEM_KMAP_SET_PTE_H_

#include "highmem/kernel/co.h"
#include "highmem/kernel/primitive.h"
#include "highmem/kmap/dcache.h"
#include "highmem/machine/machine.h"

namespace highmem {

// The entry and nothing else: for a local map, which the generic setter's hook may need itself.
inline Prim arch_kmap_set_pte(uint32_t vpn, Pfn pfn) { return Prim(PrimKind::pte_set, vpn, pfn); }

// The generic setter, set_pte_at, is this: __update_cache first where there is the hook, then
// arch_kmap_set_pte. It is no coroutine of its own, since most machines have none.
inline bool UsesSetterHook() { return machine.profile.setter_hook != 0; }

}  // namespace highmem

#endif  // HIGHMEM_KMAP_SET_PTE_H_
