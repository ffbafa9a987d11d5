// Sentences about the order in which the pool works, and about caches.

#include "highmem/verdict/finding_speaker.h"

namespace highmem {

std::string Speaker::OrderWhat() const {
  switch (f_.id) {
    case FindingId::I8:
      if (f_.event == EventKind::pkmap_count)
        return Who() + " took " + SlotText(f_.actual) + " while the cursor stood at " +
               SlotText(f_.expected);
      if (f_.expected == f_.object && f_.actual != f_.expected)
        return Who() + " moved the cursor to " + SlotText(f_.actual) + ", where " +
               SlotText(f_.expected) + " was next, or free";
      return Who() + " moved the cursor to " + SlotText(f_.actual);
    case FindingId::I9: return Who() + " took " + TheSlot() + " without a sweep";
    case FindingId::I10:
      if (f_.event == EventKind::sweep_end)
        return Who() + " swept and flushed the pool " + NumberText(f_.actual) + " times, where " +
               NumberText(f_.expected) + " would do, or not with one call of flush_cache_kmaps";
      return Who() + " flushed the pool without a sweep";
    case FindingId::I11: return Who() + " swept although the cursor has not come round to slot 0";
    case FindingId::I18:
      if (f_.role == Role::queue)
        return Who() + " woke those who wait for another colour than " + ThePage() + "'s, " +
               NumberText(f_.expected);
      [[fallthrough]];
    case FindingId::I44:
      return Who() + " mapped " + ThePage() + ", of colour " + NumberText(f_.expected) + ", in " +
             (f_.id == FindingId::I18 ? SlotText(f_.object) : WindowText(f_.object)) +
             ", of colour " + NumberText(f_.actual);
    case FindingId::I45:
      return Who() + (f_.event == EventKind::op_end ? " left" : " mapped") + " page " +
             NumberText(f_.object) + " of the vmalloc region, which some TLB knows as " +
             PageText(f_.actual);
    case FindingId::I47: return HelperWhat();
    case FindingId::I19:
      if (f_.event == EventKind::op_end) return Who() + " returned without a sweep";
      return Who() + " swept and left " + TheSlot() + " parked";
    case FindingId::I46:
      return Who() + " swept and flushed the pool, and not every CPU has emptied its TLB";
    case FindingId::I23: return Who() + " got " + AddressText(f_.object) + " for " + ThePage();
    default: return Who() + " broke the order of the pool";
  }
}

std::string Speaker::HelperWhat() const {
  switch (f_.event) {
    case EventKind::load:
    case EventKind::store: {
      const std::string verb = f_.event == EventKind::load ? " read " : " wrote ";
      if (f_.event == EventKind::store && f_.actual < 256 && f_.expected < 256 &&
          f_.actual != f_.expected)
        return Who() + " wrote " + NumberText(f_.actual) + " to " + ThePage() + " at " +
               AddressText(f_.object) + ", where " + NumberText(f_.expected) + " was due";
      return Who() + verb + AddressText(f_.object) + ", where another byte of " + ThePage() +
             " was due";
    }
    case EventKind::pte_set:
      return Who() + " mapped or unmapped " + PageText(f_.actual) + " in " + WindowText(f_.object) +
             ", where " + PageText(f_.expected) + " was next";
    case EventKind::flush_dcache_page:
      return Who() + " called flush_dcache_page for " + ThePage() + " with " +
             NumberText(f_.actual) + " maps of it, where " + NumberText(f_.expected) + " was due";
    default:
      return Who() + " ended with " + NumberText(f_.actual) + " bytes or flushes of " + ThePage() +
             " done, where " + NumberText(f_.expected) + " were due";
  }
}

std::string Speaker::LineWhat() const {
  if (f_.id == FindingId::I21 && f_.role == Role::page)
    return Who() + " maintained the " + (f_.actual != 0 ? "outer" : "inner") +
           " cache's lines of " + ThePage() + " before those of the " +
           (f_.actual != 0 ? "inner" : "outer") + " one";
  if (f_.id == FindingId::I21)
    return Who() + " maintained " + AddressText(f_.object) + " for " + ThePage() + ", where " +
           (f_.actual == kNoPfn ? "nothing" : PageText(f_.actual)) + " is";
  if (f_.id == FindingId::I22 && f_.role == Role::byte)
    return Who() + " unmapped " + ThePage() + " and wrote back the line at " +
           AddressText(f_.object) + ", which was not next";
  if (f_.id == FindingId::I22)
    return Who() + " unmapped an address where the cache still holds " +
           (f_.expected != 0 ? "a dirty line" : "a line") + " of " + ThePage();
  if (f_.role == Role::byte)
    return Who() + " stored to " + ThePage() + " at " + AddressText(f_.object) +
           ", into a cache line that will be written back to " + PageText(f_.actual);
  return Who() + " dropped a dirty line of " + ThePage() + ": what was stored there is lost";
}

}  // namespace highmem
