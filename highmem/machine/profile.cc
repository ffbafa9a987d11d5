#include "highmem/machine/profile.h"

#include <cstring>

#include "highmem/machine/km_type.h"
#include "highmem/machine/types.h"

namespace highmem {
namespace {

Profile Named(const char* name, void (*change)(Profile&)) {
  Profile p;
  std::strncpy(p.name, name, sizeof(p.name) - 1);
  change(p);
  return p;
}

void FullSize(Profile& p) {
  p.page_size = 4096;
  p.line_size = 64;
  p.last_pkmap = 1024;
  p.km_max_idx = 16;
  p.hash_buckets = 128;
  p.low_pages = 16;
  p.high_pages = 4096;
  p.flush_threshold = 33;
  p.cpus = 3;
}

// ARMv7: TLB flushes reach every CPU in hardware, so kmap_lock may be taken with interrupts off;
// the fixmap's page-table entries are not one array.
void Armv7(Profile& p) {
  p.shootdown = static_cast<int>(Shootdown::kBroadcast);
  p.high_get = 1;
  p.nonlinear_pte = 1;
  p.pkmap_below = 1;
  p.local_flush_on_map = 1;
  p.flush_threshold = kNoThreshold;
  p.generic_entry = 0;
}

void Armv5(Profile& p) {
  Armv7(p);
  p.cpus = 1;
  p.smp = 0;
  p.cache = static_cast<int>(CacheKind::kVivt);
  p.coherent_dma = 0;
}

// kmap_atomic(page, type): a slot for every use, fixed, and with the fences of debugging a page
// before each.
void Slots(Profile& p) {
  p.era = static_cast<int>(Era::kE1Slots);
  p.km_max_idx = kKmTypes;
}
void DebugSlots(Profile& p) {
  Slots(p);
  p.debug_highmem = p.debug_kmap_local = 1;
  p.km_max_idx = 2 * kKmTypes + 1;
}

// kmap_atomic as a stack of slots a CPU.
void Stack(Profile& p) {
  p.era = static_cast<int>(Era::kE2Stack);
  p.km_max_idx = 4;
}

// MIPS and PowerPC up to 5.10: what kunmap_atomic leaves, the next kmap_atomic replaces.
void Mips(Profile& p) {
  p.keeps_pte = p.local_flush_on_map = 1;
  p.generic_entry = 0;
}

// ARMv7 up to 5.10, before the fixmap's entries were found by address.
void OldArmv7(Profile& p) {
  Armv7(p);
  p.nonlinear_pte = 0;
  p.keeps_pte = 1;
}

// xtensa: every kernel address of a page has the page's colour; PKMAP and window lie below the
// linear map.
void Xtensa(Profile& p, int colours) {
  p.cache = static_cast<int>(CacheKind::kViptAliasing);
  p.colours = colours;
  p.none_pte = 1;
  p.pkmap_below = 1;
  p.generic_entry = 0;
}

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
      {"km_max_idx", &Profile::km_max_idx, 3, 39, false,
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
      {"none_pte", &Profile::none_pte, 0, 1, false, "an empty PTE is not all zero"},
      {"coherent_dma", &Profile::coherent_dma, 0, 1, false, "devices look into caches"},
      {"paired_tlb", &Profile::paired_tlb, 0, 1, false, "paired-entry TLB"},
      {"kmap_flush_tlb", &Profile::kmap_flush_tlb, 0, 1, false, "ARCH_HAS_KMAP_FLUSH_TLB"},
      {"pkmap_below", &Profile::pkmap_below, 0, 1, false, "PKMAP lies below PAGE_OFFSET"},
      {"local_flush_on_map", &Profile::local_flush_on_map, 0, 1, false,
       "a local map flushes its page when it is made"},
      {"page_virtual", &Profile::page_virtual, 0, 1, false,
       "WANT_PAGE_VIRTUAL: struct page holds its address"},
      {"keeps_pte", &Profile::keeps_pte, 0, 1, false,
       "kunmap_atomic leaves the PTE where debug_highmem is off; eras 0 and 1"},
      {"generic_entry", &Profile::generic_entry, 0, 1, false, "CONFIG_GENERIC_ENTRY"},
      {"era", &Profile::era, 0, 2, false, "0 slots (E1), 1 stack (E2), 2 local (E3)"},
      {"smp", &Profile::smp, 0, 1, false, "CONFIG_SMP"},
      {"quirks", &Profile::quirks, 0, 4095, false, "bit i inverts quirk Q(i+1)"},
      {"spec_fills", &Profile::spec_fills, 0, 1, false, "speculative TLB fills are choices"},
      {"cache_evicts", &Profile::cache_evicts, 0, 1, false, "cache evictions are choices"},
      {"tlb_evicts", &Profile::tlb_evicts, 0, 1, false, "TLB evictions are choices"},
      {"migrations", &Profile::migrations, 0, 1, false, "migrations of runnable tasks are choices"},
  };
  return fields;
}

const std::vector<Profile>& NamedProfiles() {
  static const std::vector<Profile> profiles = {
      Named("x86_tiny", [](Profile&) {}),
      Named("x86_tiny_noflushall", [](Profile& p) { p.flush_threshold = kNoThreshold; }),
      Named("x86_tiny2", [](Profile& p) { p.last_pkmap = 2; }),
      Named("x86_tiny1", [](Profile& p) { p.last_pkmap = 1; }),
      Named("x86_tiny_smp", [](Profile& p) { p.migrations = 1; }),
      Named("x86_tiny_debug",
            [](Profile& p) {
              p.km_max_idx = 9;
              p.debug_kmap_local = 1;
            }),
      Named("x86_8",
            [](Profile& p) {
              p.last_pkmap = 8;
              p.high_pages = 64;
              p.hash_buckets = 4;
            }),
      Named("x86", [](Profile& p) { FullSize(p); }),
      Named("x86_pae",
            [](Profile& p) {
              FullSize(p);
              p.last_pkmap = 512;
            }),
      Named("x86_pae_debug",
            [](Profile& p) {
              FullSize(p);
              p.last_pkmap = 512;
              p.km_max_idx = 33;
              p.debug_highmem = p.debug_kmap_local = p.force_map = 1;
            }),
      Named("x86_tiny_rt",
            [](Profile& p) {
              p.migrations = 1;
              p.preempt_rt = 1;
            }),
      Named("x86_tiny_e1", [](Profile& p) { Slots(p); }),
      Named("x86_tiny_e1_debug", [](Profile& p) { DebugSlots(p); }),
      Named("mips_tiny_e1",
            [](Profile& p) {
              Slots(p);
              Mips(p);
            }),
      Named("mips_tiny_e1_debug",
            [](Profile& p) {
              DebugSlots(p);
              Mips(p);
            }),
      Named("x86_tiny_e2", [](Profile& p) { Stack(p); }),
      Named("x86_tiny_e2_debug",
            [](Profile& p) {
              Stack(p);
              p.debug_highmem = 1;
            }),
      Named("mips_tiny_e2",
            [](Profile& p) {
              Stack(p);
              Mips(p);
            }),
      Named("mips_tiny_e2_debug",
            [](Profile& p) {
              Stack(p);
              Mips(p);
              p.debug_highmem = 1;
            }),
      Named("armv7_tiny_e2",
            [](Profile& p) {
              Stack(p);
              OldArmv7(p);
            }),
      // A vmalloc region of eight pages, purged when more than four are parked.
      Named("x86_tiny_vmap",
            [](Profile& p) {
              p.vmap_pages = 8;
              p.vmap_lazy_max = 4;
              p.vmap_block = 4;
            }),
      Named("x86_vmap",
            [](Profile& p) {
              FullSize(p);
              p.cpus = 4;
              p.vmap_pages = 26000;
            }),
      // A guest whose hypervisor makes the PTE writes.
      Named("x86_tiny_pv", [](Profile& p) { p.paravirt = 1; }),
      // C-SKY: TLB entries of two pages.
      Named("csky_tiny",
            [](Profile& p) {
              p.paired_tlb = p.kmap_flush_tlb = p.local_flush_on_map = 1;
              p.generic_entry = 0;
            }),
      // PowerPC since 5.11: a local map flushes its page when it is made.
      Named("ppc_tiny",
            [](Profile& p) {
              p.local_flush_on_map = 1;
              p.generic_entry = 0;
            }),
      // MicroBlaze: one CPU, flushes as PowerPC.
      Named("microblaze_tiny",
            [](Profile& p) {
              p.local_flush_on_map = 1;
              p.cpus = 1;
              p.smp = 0;
              p.generic_entry = 0;
            }),
      // xtensa whose cache way is no larger than a page.
      Named("xtensa_tiny1",
            [](Profile& p) {
              p.pkmap_below = p.none_pte = 1;
              p.generic_entry = 0;
            }),
      // ARMv6 with one CPU: TLB flushes need nobody else, so kmap_lock may be taken anywhere.
      Named("armv6_up_tiny",
            [](Profile& p) {
              Armv7(p);
              p.shootdown = static_cast<int>(Shootdown::kIpi);
              p.nonlinear_pte = 1;
              p.cpus = 1;
              p.smp = 0;
            }),
      // ARMv6 with more: flushes by IPI, hence no kmap_high_get.
      Named("armv6_smp_tiny",
            [](Profile& p) {
              Armv7(p);
              p.shootdown = static_cast<int>(Shootdown::kIpi);
              p.high_get = 0;
            }),
      // MIPS since 5.11: the generic PTE setter maintains the cache, that of local maps does not. A
      // TLB entry holds two pages, so whoever maps one flushes it.
      Named("mips_tiny",
            [](Profile& p) {
              p.setter_hook = p.local_flush_on_map = 1;
              p.paired_tlb = p.kmap_flush_tlb = 1;
              p.generic_entry = 0;
            }),
      // xtensa with a cache way of two, or four, pages.
      Named("xtensa_tiny", [](Profile& p) { Xtensa(p, 2); }),
      Named("xtensa_tiny_debug",
            [](Profile& p) {
              Xtensa(p, 2);
              p.km_max_idx = 9;
              p.debug_kmap_local = 1;
            }),
      Named("xtensa_8",
            [](Profile& p) {
              Xtensa(p, 4);
              p.last_pkmap = 8;
              p.high_pages = 64;
              p.hash_buckets = 4;
            }),
      Named("xtensa",
            [](Profile& p) {
              FullSize(p);
              Xtensa(p, 4);
              p.last_pkmap = 4096;
            }),
      // ... whose devices look past the cache.
      Named("armv7_dma_tiny_e2",
            [](Profile& p) {
              Stack(p);
              OldArmv7(p);
              p.cache = static_cast<int>(CacheKind::kViptNonAliasing);
              p.coherent_dma = 0;
            }),
      // parisc: no highmem; whoever unmaps a page writes it back.
      Named("parisc_tiny",
            [](Profile& p) {
              p.cache = static_cast<int>(CacheKind::kViptAliasing);
              p.colours = 2;
              p.low_pages = 8;
              p.high_pages = 0;
              p.flush_on_kunmap = 1;
              p.generic_entry = 0;
            }),
      // ARC: struct page holds its address, and the pool lies below the linear map.
      Named("arc_tiny",
            [](Profile& p) {
              p.page_virtual = p.pkmap_below = 1;
              p.generic_entry = 0;
            }),
      Named("armv7_tiny", [](Profile& p) { Armv7(p); }),
      // A third CPU, whose part of the window lies in a page-table page of its own.
      Named("armv7_tiny3",
            [](Profile& p) {
              Armv7(p);
              p.cpus = 3;
              p.pte_table = 10;
            }),
      // What ARM must not be: kmap_high_get where TLB flushes need IPIs (SPEC D.1).
      Named("arm_ipi_tiny",
            [](Profile& p) {
              Armv7(p);
              p.shootdown = static_cast<int>(Shootdown::kIpi);
            }),
      Named("armv7_dma_tiny",
            [](Profile& p) {
              Armv7(p);
              p.cache = static_cast<int>(CacheKind::kViptNonAliasing);
              p.coherent_dma = 0;
            }),
      // ARMv5: one CPU, a cache found by virtual address.
      Named("armv5_vivt", [](Profile& p) { Armv5(p); }),
      // Two slots: every second fresh page is a wrap.
      Named("armv5_vivt2",
            [](Profile& p) {
              Armv5(p);
              p.last_pkmap = 2;
            }),
      Named("armv7",
            [](Profile& p) {
              FullSize(p);
              Armv7(p);
              p.last_pkmap = 512;
            }),
  };
  return profiles;
}

const Profile* FindProfile(std::string_view name) {
  for (const Profile& p : NamedProfiles())
    if (name == p.name) return &p;
  return nullptr;
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
