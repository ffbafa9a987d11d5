// A vmap address is given out again only when no TLB knows what it was. (SPEC M I45; H)
//
//   I45  when a page is mapped in the vmalloc region, no CPU's TLB translates the
//        address yet; and when vm_unmap_aliases returns, none translates one that was
//        unmapped before it began, nobody being amid an unmap then           contract
//
// What a Breach holds: page of the region, page expected and page cached.
//
// Caught: extra-purge-flushes-nothing (I45).
#ifndef HIGHMEM_CHECK_VMAP_H_
#define HIGHMEM_CHECK_VMAP_H_

#include "highmem/check/report.h"
#include "highmem/trace/executor.h"

namespace highmem {

class VmapCheck {
 public:
  static constexpr History kHistory = History::finite;

  // Carves from the arena.
  void Begin(const Executor& executor, Reporter* reporter);

  // Wants pte_set, op_begin and op_end.
  void OnEvent(const Event& event);

 private:
  void OnOpBegin(const Event& event);
  void OnOpEnd(const Event& event);
  void OnPteSet(const Event& event);
  void OnAliasesGone(const Event& event);

  Reporter* reporter_ = nullptr;
  int actors_ = 0;
  // [actor] of one that is in vm_unmap_aliases: pages unmapped since it began, and unmaps that were
  // under way then
  uint16_t* unmapped_since_ = nullptr;
  uint16_t* unmapping_ = nullptr;  // mask of actors
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_VMAP_H_
