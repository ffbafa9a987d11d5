#include "highmem/coverage/unreached.h"

#include <algorithm>

#include "highmem/coverage/cells.h"

namespace highmem {
namespace {

// Where a sentence says "machines", it means those of fuzz/machines.h.
constexpr UnreachedRule kRules[] = {
    {Why::unsaid, "pool", "one user, more users", "dma",
     "only machines with a cache have the dma mix, and there no page that is mapped is given to a "
     "device: the cache would show it (DESIGN 4, valid lane (v))"},

    {Why::cannot, "context", "nmi", "device_load, device_store",
     "an NMI handler cannot make a map for a device, and whose map another has made is not its to "
     "use (ops.def: no dma_map in N; DESIGN 4, valid lane (ii))"},
    {Why::unsaid, "context", "*", "check",
     "fuzz bytes cannot say check (TRACE_FORMAT); the programs of //fuzz:windows do"},
    {Why::unsaid, "context", "*", "is_kmap_addr",
     "no mix wishes for it, and its literal code lies beyond a byte (fuzz_wishes.h); the programs "
     "of //fuzz:windows have it"},

    {Why::cannot, "window", "irq_disable, irq_enable", "preemption",
     "of valid programs only kmap_lock does this, with preemption off (SPEC C.8-2)"},
    {Why::cannot, "window", "irq_disable, irq_enable", "ipi",
     "only kmap_lock with kmap_high_get does this, which machines that flush TLBs by IPI do not "
     "have (SPEC D.1-1, D.1-2)"},
    {Why::cannot, "window", "set_state, add_wait, queue_test, cache_hook", "preemption",
     "kmap_lock is held, so preemption is off (SPEC C.5, C.6-1, C.6-2)"},
    {Why::cannot, "window", "vmap_area", "preemption",
     "vmap_area_lock is held, so preemption is off (SPEC H; mm/vmalloc.c)"},
    {Why::cannot, "window", "kmap_idx, kmap_pteval", "preemption",
     "a local map is made and undone with preemption off (SPEC G.3-1, G.4)"},
    {Why::cannot, "window", "tlb_flush_local", "preemption",
     "preemption is off in whatever makes or undoes a map of this CPU, and around a flush of all "
     "CPUs (SPEC E.3-1, G.3-1, G.4, K-13)"},
    {Why::cannot, "window", "kmap_atomic_idx, kmap_atomic_reports", "preemption",
     "kmap_atomic turns preemption off first, kunmap_atomic on last (SPEC E.3-1, F.2)"},
    {Why::cannot, "window", "tlb_flush_broadcast, dcache_flush_all", "preemption",
     "a sweep holds kmap_lock, and a map that flushes everything has preemption off (SPEC C.5, "
     "E.3-6, K-10)"},
    {Why::cannot, "window", "tlb_flush_broadcast", "ipi",
     "a machine flushes by hardware or by IPI (SPEC 0.3-7)"},
    {Why::cannot, "window", "dcache_flush_all", "ipi",
     "where sweeps flush the cache only sweeps send IPIs, and they wait for each other at "
     "kmap_lock; other such machines flush TLBs by hardware or have one CPU (SPEC C.5, L-3, L-8, "
     "L-9)"},
    {Why::cannot, "window", "dcache_clean, dcache_inv, outer_clean, outer_inv", "ipi",
     "machines whose devices look past the cache flush TLBs by hardware, or have one CPU (SPEC "
     "L-3, L-5)"},
    {Why::unsaid, "window", "device_load, device_store", "ipi",
     "the machines of the dma mix flush TLBs by hardware, or have one CPU (SPEC L-3, L-5)"},
    {Why::cannot, "window", "wrpkrs, pks_prot_count", "ipi",
     "the machine with protection keys has no highmem, so that nobody flushes TLBs (SPEC J-1)"},

    {Why::cannot, "pair", "kmap_high_get, kunmap_high", "vmap, helper",
     "no machine with kmap_high_get has vmap, and helpers are built for those without "
     "(named_profiles.cc; check_ops.cc: OpNeeds)"},
    {Why::cannot, "pair", "vmap, helper", "kmap_high_get, kunmap_high",
     "no machine with kmap_high_get has vmap, and helpers are built for those without "
     "(named_profiles.cc; check_ops.cc: OpNeeds)"},
    {Why::unsaid, "pair", "dma", "vmap, helper",
     "every machine of the dma mix has kmap_high_get, hence neither vmap nor helpers"},
    {Why::unsaid, "pair", "vmap, helper", "dma",
     "every machine of the dma mix has kmap_high_get, hence neither vmap nor helpers"},

    {Why::cannot, "moment", "faults", "seen",
     "a program without mistakes accesses what it has mapped (DESIGN 4, valid lane (ii)); those "
     "of //fuzz:misuse do not"},

    {Why::unsaid, "window", "kmap_atomic_reports", "*",
     "x86_tiny_e1_debug is no machine of the byte targets; //fuzz:windows has a program for it"},
    {Why::rare, "window", "cpu_up", "ipi",
     "of the two CPUs the other one is away, unless it has come back before: then the call does "
     "nothing (SPEC G.9)"},
    {Why::rare, "window", "hash_find", "preemption",
     "page_address looks the page up in one step, and a preemption right before it is one of "
     "hundreds of places"},
    {Why::rare, "pair", "kunmap_high", "*",
     "kunmap_high is a few steps long, and only machines with kmap_high_get have it"},
    {Why::rare, "pair, same cpu", "vmap, helper", "vmap, helper",
     "the second call begins behind a preemption in the middle of the first, on the one machine "
     "that has vmap"},
    {Why::rare, "pair, two cpus", "vmap, helper", "vmap, helper",
     "both calls are of the one machine that has vmap, and few programs have the two at once"},
    {Why::rare, "window",
     "irq_save, irq_restore, irq_disable, irq_enable, bh_disable, bh_enable, wrpkrs, "
     "pks_prot_count, set_state, deactivate, pick, switch_to, fork, remove_wait, post, take, "
     "lazy_mmu_enter, lazy_mmu_leave, lazy_mmu_flush, page_flags, frame_release, "
     "tlb_flush_broadcast, dcache_clean, dcache_inv, dcache_clean_inv, dcache_flush_all, "
     "outer_clean, outer_inv, device_load, device_store, vmap_area, cache_hook",
     "*",
     "bytes put what comes in between at the places that trace/fuzz_order.cc lists, elsewhere "
     "only by an anchor or in literal order (fuzz_builder.h); //fuzz:windows puts it anywhere"},
};

// Is the word one of the list?
bool Lists(std::string_view list, std::string_view word) {
  if (list == "*") return true;
  while (!list.empty()) {
    const size_t end = std::min(list.find(", "), list.size());
    if (list.substr(0, end) == word) return true;
    list.remove_prefix(std::min(end + 2, list.size()));
  }
  return false;
}

}  // namespace

std::span<const UnreachedRule> UnreachedRules() { return kRules; }

bool Fits(const UnreachedRule& rule, std::string_view cell_name) {
  const size_t row = cell_name.find('/') + 1, column = cell_name.find('/', row) + 1;
  return cell_name.starts_with(rule.group) &&
         Lists(rule.rows, cell_name.substr(row, column - 1 - row)) &&
         Lists(rule.columns, cell_name.substr(column));
}

const UnreachedRule* WhyNotReached(int cell) {
  const std::string name = CellName(cell);
  for (const UnreachedRule& rule : kRules)
    if (Fits(rule, name)) return &rule;
  return nullptr;
}

std::map<std::string, std::string> UnreachedReasons() {
  std::map<std::string, std::string> reasons;
  for (int cell = 0; cell < CellCount(); cell++)
    if (const UnreachedRule* rule = WhyNotReached(cell)) reasons[CellName(cell)] = rule->sentence;
  return reasons;
}

}  // namespace highmem
