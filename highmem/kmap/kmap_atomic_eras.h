// kmap_atomic of the eras before local maps, and what both do where the slot's number is known.
#ifndef HIGHMEM_KMAP_KMAP_ATOMIC_ERAS_H_
#define HIGHMEM_KMAP_KMAP_ATOMIC_ERAS_H_

#include "highmem/kernel/co.h"
#include "highmem/machine/km_type.h"
#include "highmem/machine/machine.h"
#include "highmem/machine/types.h"

namespace highmem {

struct Page;

// Era E1. (kmap_atomic_slots.cc)
Co<Vaddr> kmap_atomic_slots(Page* page, KmType type);
Co<Vaddr> kmap_atomic_slots_pfn(Pfn pfn, KmType type);
Co<> kunmap_atomic_slots(Vaddr vaddr, KmType type);

// Era E2. (kmap_atomic_stack.cc)
Co<Vaddr> kmap_atomic_stack(Page* page);
Co<Vaddr> kmap_atomic_stack_pfn(Pfn pfn);
Co<> kunmap_atomic_stack(Vaddr vaddr);

inline bool DebugHighmem() { return machine.profile.debug_highmem != 0; }

// Puts the frame into slot `index` of the window and returns the slot's address; with `check` BUG
// kmap_atomic_pte if it is in use, where kunmap_atomic clears entries. (kmap_atomic_pte.cc; SPEC
// E.3)
Co<Vaddr> kmap_atomic_pte_set(int index, Pfn pfn, bool check);
// Takes it out again, unless entries are kept; the flush is of the address that was passed.
Co<> kmap_atomic_pte_clear(int index, Vaddr addr);
// debug_highmem, and the address is in no slot: a linear one is a low page's. (SPEC E.4)
Co<> debug_kunmap_atomic_address(Vaddr addr);

}  // namespace highmem

#endif  // HIGHMEM_KMAP_KMAP_ATOMIC_ERAS_H_
