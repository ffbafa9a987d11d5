// Translations of the pkmap window are never stale. (SPEC M I4, I5, I7, I14, I46; PKMAP is checked
// on all CPUs)
//
//   I4   no TLB holds the address of a free slot                              contract
//   I5   what a TLB holds for a slot equals the PTE                           contract
//   I7   before a slot shows another page, its PTE was cleared in a sweep that
//        called flush_cache_kmaps, and then every CPU flushed that address    mechanism
//   I46  where a flush of the pool is longer than the threshold (x86), a sweep that
//        reclaimed a slot has emptied the TLB of every CPU                     contract
//   I14  the address from kmap means its page on every CPU while in use       contract
//
// I4 and I5 hold whenever kmap_lock is free, and when a sweep ends; a TLB fill copies the PTE, so
// only slots whose PTE changed need a look. I14 is judged when an address is given out and whenever
// the PTE behind one changes. CPUs that are offline do not count. I7 counts the flushes that CPUs
// make, not those that somebody announces: it sees a shoot-down that misses a CPU even if that CPU
// had nothing cached.
//
// Caught: shootdown-range-short (I46), shootdown-local-only (I4 if another CPU holds the entry,
// else I7 on reuse),
// zero-count-without-flush (I4, I7), a kmap that hands out somebody else's slot (I14).
#ifndef HIGHMEM_CHECK_TLB_H_
#define HIGHMEM_CHECK_TLB_H_

#include <cstdint>

#include "highmem/check/ledger.h"
#include "highmem/check/report.h"
#include "highmem/kmap/introspect.h"

namespace highmem {

class TlbCheck {
 public:
  static constexpr History kHistory = History::finite;

  // Carves from the arena.
  void Begin(const Ledger* ledger, Reporter* reporter);

  // Wants pte_set, tlb_flush_local, tlb_flush_broadcast, flush_cache_kmaps,
  // sweep_begin and sweep_end.
  void OnEvent(const Event& event);

  // A kmap or take of this high page has ended and gave this address; the page is surely in use
  // (I14).
  void OnAddress(Pfn page, Vaddr address, const Event& event);

  // Judges one slot (I4, I5). kmap_lock is free, or a sweep has just ended; `event` says which.
  void Inspect(int slot, const Event& event);

 private:
  // What happened to a slot since it got its page. All 0: as good as new.
  struct Slot {
    uint16_t page_plus_1;  // the page it shows, or showed last
    uint8_t hooked;   // flush_cache_kmaps was called by the sweep that cleared it, or is going on
    uint8_t cleared;  // the PTE is gone
    uint8_t flushed;  // mask of CPUs that flushed it after both
    uint8_t unused;
  };

  void OnPteSet(const Event& event);
  void OnFlush(const Event& event, uint8_t cpus);
  void OnSweepEnd(const Event& event);

  const Ledger* ledger_ = nullptr;
  Reporter* reporter_ = nullptr;
  const PkmapView* pool_ = nullptr;
  Slot* slots_ = nullptr;
  uint8_t* emptied_ = nullptr;  // mask of CPUs that emptied their TLB in the sweep that goes on
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_TLB_H_
