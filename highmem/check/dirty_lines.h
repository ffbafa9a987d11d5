// No byte that somebody has written is lost on its way to memory, or lands in another page.
// (DESIGN section 4, D3; SPEC M I21, I22; D.4, D.6)
//
//   D3   a dirty line is dropped without being written back by nobody but a dma_map or dma_unmap of
//        its own page, and a store hits a line of the frame that its address means      contract
//   I21  maintenance for a device hits addresses that mean its own page, to the last line (valid
//        lane); of an outer cache it hits that page's lines, last on their way to memory, and
//        first where they are in the way of what comes from there                       contract
//   I22  when a PTE is cleared, a cache found by virtual address holds nothing there; where
//        every unmap writes back (flush_on_kunmap), it is the lines of its page, all of
//        them and no others                                                             contract
//
// Nothing to do where software sees no cache.
//
// Caught: maint-without-pin, extra-outer-dropped-last (I21, D3), vivt-no-clean-on-unmap,
// cache-hook-wrong-side and flush-from-midpage (I22).
#ifndef HIGHMEM_CHECK_DIRTY_LINES_H_
#define HIGHMEM_CHECK_DIRTY_LINES_H_

#include "highmem/check/ledger.h"
#include "highmem/check/report.h"

namespace highmem {

class DirtyLinesCheck {
 public:
  static constexpr History kHistory = History::stateless;

  void Begin(const Ledger* ledger, bool misuse, Reporter* reporter);

  // Wants dcache_line, outer_line, line_drop, store, pte_set, and op_begin and op_end after the
  // ledger, before it.
  void OnEvent(const Event& event);

 private:
  bool FlushesOnUnmap(const Event& event) const;
  void OnUnmapLine(const Event& event);
  void OnUnmapEnd(const Event& event);
  void OnMaintenance(const Event& event);
  void OnOrder(const Event& event);
  void OnDrop(const Event& event);
  void OnStore(const Event& event);
  void OnClear(const Event& event);

  const Ledger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
  bool misuse_ = false;
  uint8_t* maintained_ = nullptr;  // [actor] which caches this op has, kInner | kOuter
  uint16_t* flushed_ = nullptr;    // [actor] lines that its unmap has written back
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_DIRTY_LINES_H_
