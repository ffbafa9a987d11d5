// What a trace may say of a machine, and within which limits. (profile.h)
#include "highmem/machine/profile.h"

#include "highmem/machine/types.h"

namespace highmem {
namespace {

bool PowerOfTwo(int v) { return v > 0 && (v & (v - 1)) == 0; }

}  // namespace

const std::vector<ProfileField>& ProfileFields() {
  static const std::vector<ProfileField> fields = {
      {"cpus", &Profile::cpus, 1, kMaxCpus, false, "CPUs"},
      {"low_pages", &Profile::low_pages, 1, 64, false, "frames with a linear address"},
      {"high_pages", &Profile::high_pages, 0, 16384, false, "frames without"},
      {"page_size", &Profile::page_size, 8, 4096, true, "bytes per page"},
      {"line_size", &Profile::line_size, 4, 64, true, "bytes per data cache line"},
      {"last_pkmap", &Profile::last_pkmap, 1, 4096, true, "LAST_PKMAP, slots of the pkmap pool"},
      {"colours", &Profile::colours, 1, kMaxColours, true, "page colours"},
      {"km_max_idx", &Profile::km_max_idx, 3, 41, false,
       "KM_MAX_IDX or KM_TYPE_NR, fixmap slots per CPU"},
      {"hash_buckets", &Profile::hash_buckets, 1, 128, true, "buckets of the page_address hash"},
      {"cache", &Profile::cache, 0, 3, false, "0 PIPT, 1 VIPT, 2 VIPT aliasing, 3 VIVT"},
      {"shootdown", &Profile::shootdown, 0, 1, false, "0 by IPI, 1 by hardware broadcast"},
      {"flush_threshold", &Profile::flush_threshold, 0, 1024, false,
       "pages above which a range flush empties the TLB; 0 never"},
      {"high_get", &Profile::high_get, 0, 1, false, "ARCH_NEEDS_KMAP_HIGH_GET"},
      {"debug_highmem", &Profile::debug_highmem, 0, 1, false, "CONFIG_DEBUG_HIGHMEM"},
      {"debug_kmap_local", &Profile::debug_kmap_local, 0, 1, false, "CONFIG_DEBUG_KMAP_LOCAL"},
      {"force_map", &Profile::force_map, 0, 1, false, "CONFIG_DEBUG_KMAP_LOCAL_FORCE_MAP"},
      {"preempt_rt", &Profile::preempt_rt, 0, 1, false, "CONFIG_PREEMPT_RT"},
      {"nonlinear_pte", &Profile::nonlinear_pte, 0, 1, false, "KMAP_LOCAL_NON_LINEAR_PTE_ARRAY"},
      {"pte_table", &Profile::pte_table, 0, 1024, false,
       "entries of the window in its first page-table page; 0 all; needs nonlinear_pte=1"},
      {"paravirt", &Profile::paravirt, 0, 1, false, "lazy MMU mode"},
      {"setter_hook", &Profile::setter_hook, 0, 1, false,
       "the generic PTE setter maintains the data cache"},
      {"debug_vm", &Profile::debug_vm, 0, 1, false, "CONFIG_DEBUG_VM"},
      {"vmap_pages", &Profile::vmap_pages, 0, 26000, false, "pages of the vmalloc region"},
      {"vmap_lazy_max", &Profile::vmap_lazy_max, 0, 26000, false,
       "parked pages above which a purge is asked for; 0: fls(CPUs) * 32 MiB"},
      {"vmap_block", &Profile::vmap_block, 1, 1024, true, "pages of a block of vm_map_ram"},
      {"flush_on_kunmap", &Profile::flush_on_kunmap, 0, 1, false,
       "kunmap writes the page back; there is no highmem"},
      {"pks_pages", &Profile::pks_pages, 0, 64, false,
       "first low frames, behind a protection key; there is no highmem"},
      {"pks_strict", &Profile::pks_strict, 0, 1, false, "a key fault is fatal"},
      {"none_pte", &Profile::none_pte, 0, 1, false, "an empty PTE is not all zero"},
      {"coherent_dma", &Profile::coherent_dma, 0, 1, false, "devices look into caches"},
      {"outer_cache", &Profile::outer_cache, 0, 1, false, "a second cache, found by frame"},
      {"paired_tlb", &Profile::paired_tlb, 0, 1, false, "paired-entry TLB"},
      {"kmap_flush_tlb", &Profile::kmap_flush_tlb, 0, 1, false, "ARCH_HAS_KMAP_FLUSH_TLB"},
      {"pkmap_below", &Profile::pkmap_below, 0, 1, false, "PKMAP lies below PAGE_OFFSET"},
      {"local_flush_on_map", &Profile::local_flush_on_map, 0, 1, false,
       "a local map flushes its page when it is made"},
      {"local_flush_all", &Profile::local_flush_all, 0, 1, false,
       "a local map, an unmap flush all TLBs, an unmap all caches"},
      {"page_virtual", &Profile::page_virtual, 0, 1, false,
       "WANT_PAGE_VIRTUAL: struct page holds its address"},
      {"keeps_pte", &Profile::keeps_pte, 0, 1, false,
       "kunmap_atomic leaves the PTE where debug_highmem is off; eras 0 and 1"},
      {"generic_entry", &Profile::generic_entry, 0, 1, false, "CONFIG_GENERIC_ENTRY"},
      {"era", &Profile::era, 0, 2, false, "0 slots (E1), 1 stack (E2), 2 local (E3)"},
      {"pagefault_preempt", &Profile::pagefault_preempt, 0, 1, false,
       "pagefault_disable() is preempt_disable(): E2a; era 1"},
      {"smp", &Profile::smp, 0, 1, false, "CONFIG_SMP"},
      {"quirks", &Profile::quirks, 0, 4095, false, "bit i inverts quirk Q(i+1)"},
      {"spec_fills", &Profile::spec_fills, 0, 1, false, "speculative TLB fills are choices"},
      {"cache_evicts", &Profile::cache_evicts, 0, 1, false, "cache evictions are choices"},
      {"tlb_evicts", &Profile::tlb_evicts, 0, 1, false, "TLB evictions are choices"},
      {"migrations", &Profile::migrations, 0, 1, false, "migrations of runnable tasks are choices"},
  };
  return fields;
}

bool SetProfileField(Profile* profile, std::string_view field, long value, std::string* error) {
  for (const ProfileField& f : ProfileFields()) {
    if (f.name != field) continue;
    if (value < f.min || value > f.max ||
        (f.power_of_two && !PowerOfTwo(static_cast<int>(value)))) {
      *error = std::string(field) + "=" + std::to_string(value) + " is not legal: expected " +
               (f.power_of_two ? "a power of two" : "a number") + " from " + std::to_string(f.min) +
               " to " + std::to_string(f.max);
      return false;
    }
    profile->*f.member = static_cast<int>(value);
    return true;
  }
  *error = "unknown profile field '" + std::string(field) + "'";
  return false;
}

}  // namespace highmem
