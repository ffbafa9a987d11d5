// The machines that have a name: one for each row of SPEC L that has highmem, small enough to
// explore and, but for ARMv6 with one CPU, full size; and variants of them for a kernel option, an
// era or a mistake. (profile.h)
#include <cstring>

#include "highmem/machine/km_type.h"
#include "highmem/machine/profile.h"
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

template <void (*kChange)(Profile&)>
void Full(Profile& p) {
  FullSize(p);
  kChange(p);
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

// Devices that do not look into the cache, which is found by frame.
void Armv7Dma(Profile& p) {
  Armv7(p);
  p.cache = static_cast<int>(CacheKind::kViptNonAliasing);
  p.coherent_dma = 0;
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

// MIPS up to 5.10: what kunmap_atomic leaves, the next kmap_atomic replaces; kmap flushes its page.
void Mips(Profile& p) {
  p.keeps_pte = p.local_flush_on_map = p.kmap_flush_tlb = 1;
  p.generic_entry = 0;
}

// ARMv7 up to 5.10, before the fixmap's entries were found by address.
void OldArmv7(Profile& p) {
  Armv7(p);
  p.nonlinear_pte = 0;
  p.keeps_pte = 1;
}

// sparc: TLB and cache are flushed whole, on every CPU, by a cross call that nothing can hold off.
void Sparc(Profile& p) {
  p.shootdown = static_cast<int>(Shootdown::kBroadcast);
  p.local_flush_on_map = p.local_flush_all = 1;
  p.generic_entry = 0;
}

// PowerPC, MicroBlaze with its one CPU: a local map flushes its page when it is made, as well as
// when it goes.
void FlushOnMap(Profile& p) {
  p.local_flush_on_map = 1;
  p.generic_entry = 0;
}

void MicroBlaze(Profile& p) {
  FlushOnMap(p);
  p.cpus = 1;
  p.smp = 0;
}

// C-SKY: a TLB entry holds two pages, so whoever maps one flushes it.
void PairedTlb(Profile& p) {
  FlushOnMap(p);
  p.paired_tlb = p.kmap_flush_tlb = 1;
}

// MIPS since 5.11, which has the same, and a generic PTE setter that maintains the cache; that of
// local maps does not.
void MipsLocal(Profile& p) {
  PairedTlb(p);
  p.setter_hook = 1;
}

// ARC: struct page holds its address, and the pool lies below the linear map.
void Arc(Profile& p) {
  p.page_virtual = p.pkmap_below = 1;
  p.generic_entry = 0;
}

// ARMv6: flushes by IPI, hence kmap_high_get with one CPU only.
void Armv6(Profile& p, bool smp) {
  Armv7(p);
  p.shootdown = static_cast<int>(Shootdown::kIpi);
  if (!smp) p.cpus = 1;
  p.smp = smp;
  p.high_get = !smp;
}

// xtensa: every kernel address of a page has the page's colour; PKMAP and window lie below the
// linear map.
void Xtensa1(Profile& p) {
  p.none_pte = 1;
  p.pkmap_below = 1;
  p.generic_entry = 0;
}
void Xtensa(Profile& p, int colours) {
  Xtensa1(p);
  p.cache = static_cast<int>(CacheKind::kViptAliasing);
  p.colours = colours;
}

}  // namespace

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
      // Before 2015.
      Named("x86_tiny_e2a",
            [](Profile& p) {
              Stack(p);
              p.pagefault_preempt = 1;
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
      Named("csky_tiny", PairedTlb),
      Named("csky", Full<PairedTlb>),
      Named("ppc_tiny", FlushOnMap),
      Named("ppc", Full<FlushOnMap>),
      Named("microblaze_tiny", MicroBlaze),
      Named("microblaze", Full<MicroBlaze>),
      Named("sparc_tiny", Sparc),
      Named("sparc", Full<Sparc>),
      Named("sparc_vivt",
            [](Profile& p) {
              Sparc(p);
              p.cpus = 1;
              p.smp = 0;
              p.cache = static_cast<int>(CacheKind::kVivt);
            }),
      Named("sparc_tiny_e1",
            [](Profile& p) {
              Slots(p);
              Sparc(p);
              p.keeps_pte = 1;
            }),
      Named("sparc_tiny_e1_debug",
            [](Profile& p) {
              DebugSlots(p);
              Sparc(p);
              p.keeps_pte = 1;
            }),
      // xtensa whose cache way is no larger than a page.
      Named("xtensa_tiny1", Xtensa1),
      Named("xtensa1", Full<Xtensa1>),
      Named("armv6_up_tiny", [](Profile& p) { Armv6(p, /*smp=*/false); }),
      Named("armv6_smp_tiny", [](Profile& p) { Armv6(p, /*smp=*/true); }),
      Named("armv6_smp",
            [](Profile& p) {
              FullSize(p);
              Armv6(p, /*smp=*/true);
              p.last_pkmap = 512;
            }),
      Named("mips_tiny", MipsLocal),
      Named("mips", Full<MipsLocal>),
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
              Xtensa(p, 2);
              p.last_pkmap = 2048;
              p.high_pages = 2200;
            }),
      // armv7_tiny_e2 with devices that look past the cache.
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
      // x86 with 64 bits and persistent memory behind a protection key: no highmem either.
      Named("x86_64_pks_tiny",
            [](Profile& p) {
              p.low_pages = 6;
              p.high_pages = 0;
              p.pks_pages = 3;
            }),
      Named("arc_tiny", Arc),
      Named("arc",
            [](Profile& p) {
              Full<Arc>(p);
              p.last_pkmap = 256;
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
      Named("armv7_dma_tiny", Armv7Dma),
      Named("armv7_outer_tiny",
            [](Profile& p) {
              Armv7Dma(p);
              p.outer_cache = 1;
            }),
      Named("armv7_tiny_e1",
            [](Profile& p) {
              Slots(p);
              OldArmv7(p);
            }),
      // ARMv5: one CPU, a cache found by virtual address.
      Named("armv5_vivt", [](Profile& p) { Armv5(p); }),
      // Two slots: every second fresh page is a wrap.
      Named("armv5_vivt2",
            [](Profile& p) {
              Armv5(p);
              p.last_pkmap = 2;
            }),
      Named("armv5",
            [](Profile& p) {
              FullSize(p);
              Armv5(p);
              p.last_pkmap = 512;
              p.high_pages = 1024;
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

}  // namespace highmem
