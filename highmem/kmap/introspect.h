// Optional views of the implementation's state, for mechanism invariants, conditions of traces and
// reports. A port that keeps its state otherwise returns null and owes the contract invariants
// only.
#ifndef HIGHMEM_KMAP_INTROSPECT_H_
#define HIGHMEM_KMAP_INTROSPECT_H_

#include "highmem/machine/types.h"

namespace highmem {

struct Page;

struct PkmapView {
  int (*count)(int nr);           // pkmap_count[nr]
  int (*cursor)(int colour);      // the slot handed out last, less the colour
  int (*wait_queue)(int colour);  // number of its wait queue (kernel/wait.h)
};
const PkmapView* pkmap_view();

struct PageAddressView {
  int (*slot_of)(const Page* page);  // slot that page_address would report, -1 for none
  Pfn (*page_of)(int nr);            // page of the slot's record, kNoPfn for none
};
const PageAddressView* page_address_view();

struct KmapCtrlView {
  int (*idx)(TaskId t);            // ctrl.idx
  Pte (*pteval)(TaskId t, int i);  // ctrl.pteval[i]
};
const KmapCtrlView* kmap_ctrl_view();

struct VmapView {
  int (*lazy)();  // pages that wait for a purge
};
// Null without a vmalloc region as well.
const VmapView* vmap_view();

struct KmapAtomicView {
  int (*idx)(CpuId cpu);  // __kmap_atomic_idx
};
// Null in every era but E2 as well.
const KmapAtomicView* kmap_atomic_view();

}  // namespace highmem

#endif  // HIGHMEM_KMAP_INTROSPECT_H_
