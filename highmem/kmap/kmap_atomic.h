// Swappable part: a map for a few instructions, with preemption off and page faults refused from
// before it is made until after it is gone. (include/linux/highmem.h, highmem-internal.h;
// arch/*/mm/highmem*.c) What it is made of depends on the era:
//
//   E1  fixed slots, one per CPU for each kind of use: the caller says which        (SPEC E)
//   E2  a stack of slots per CPU                                                    (SPEC F)
//   E3  a local map of the task, kmap_local.h                                       (SPEC G.6)
//
// On PREEMPT_RT (E3) the task is pinned to its CPU instead, and stays preemptible. (SPEC G.6)
//
// Cannot fail, never sleeps. A low page returns its linear address and takes no slot, but
// preemption and page faults are off for it as well, and it has to be released.
#ifndef HIGHMEM_KMAP_KMAP_ATOMIC_H_
#define HIGHMEM_KMAP_KMAP_ATOMIC_H_

#include "highmem/kernel/co.h"
#include "highmem/machine/km_type.h"
#include "highmem/machine/types.h"

namespace highmem {

struct Page;

// Carves what E1 and E2 remember out of the just reset arena: nothing is mapped.
void kmap_atomic_reset();

// Maps a page for the caller alone and returns its address, in bytes, good on this CPU until the
// matching kunmap_atomic. The caller must not sleep in between, but on PREEMPT_RT. Any context; in
// hardirq interrupts must be off (WARN kmap_local_idx_push_hardirq, in E2 with debug_highmem
// kmap_atomic_idx_push_hardirq). Where there is kmap_high_get, a page that has a pkmap address is
// pinned there instead; no NMI then.
//
// `type` is E1's slot; the other eras drop it, as the kernel did while callers still wrote it. Of
// two uses of one slot on one CPU the second is a BUG (kmap_atomic_pte) where kunmap_atomic clears
// the PTE, and else silently takes the slot away unless debug_highmem is on. With debug_highmem a
// type that does not fit the context is a WARN, a dozen times a boot (debug_kmap_atomic_context,
// debug_kmap_atomic_irqs). (SPEC E.2, E.3)
//
// E2: at most KM_TYPE_NR maps of high pages are live on a CPU. With debug_highmem one more is a BUG
// (kmap_atomic_idx_push_depth), without it takes the next CPU's slot 0. (SPEC F.1)
Co<Vaddr> kmap_atomic(Page* page, KmType type = KmType::KM_USER0);

// The same for a frame, low or not: always takes a slot, and never looks whether it is free where
// the era is E1 or E2 and kunmap_atomic clears the PTE. (SPEC F.2)
Co<Vaddr> kmap_atomic_pfn(Pfn pfn, KmType type = KmType::KM_USER0);

// Releases the map of `type` on this CPU (E1), or the newest one; any address inside its page will
// do. A linear address only gives preemption and page faults back. Wrong addresses: E3 as
// kunmap_local. E1 and E2 without debug_highmem are silent, whatever it does to other maps; with
// debug_highmem WARN kunmap_atomic_not_top (E2 where PTEs are cleared), BUG kunmap_atomic_mismatch
// (where they are kept), BUG kunmap_atomic_below_page_offset, kunmap_atomic_above_high_memory (E1
// and E2 where they are cleared: neither the slot's address nor a linear one), BUG
// kmap_atomic_idx_pop_depth (E2: nothing is mapped). (SPEC E.4, F.3, F.4)
Co<> kunmap_atomic(Vaddr vaddr, KmType type = KmType::KM_USER0);
// SPEC X16: a page is not an address. What stops the call is this declaration.
Co<> kunmap_atomic(const Page* page, KmType type = KmType::KM_USER0) = delete;

}  // namespace highmem

#endif  // HIGHMEM_KMAP_KMAP_ATOMIC_H_
