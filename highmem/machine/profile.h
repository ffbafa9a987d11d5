// A profile is one machine written down as data: what kind of CPU, TLB and cache, how big the
// windows are, which kernel options are on. Everything else in the project reads it, nothing in
// the project knows an architecture by name. (DESIGN decision 7, SPEC L)
#ifndef HIGHMEM_MACHINE_PROFILE_H_
#define HIGHMEM_MACHINE_PROFILE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace highmem {

enum class CacheKind : uint8_t { kPipt, kViptNonAliasing, kViptAliasing, kVivt };
enum class Shootdown : uint8_t { kIpi, kBroadcast };
enum class Era : uint8_t { kE1Slots, kE2Stack, kE3Local };

inline constexpr int kNoThreshold = 0;  // flush_threshold: never turn a range into a full flush

// Every field is an int so that a trace may override it by name: `profile x86_tiny cpus=1`.
struct Profile {
  char name[24] = "x86_tiny";
  int cpus = 2;              // 1 .. 4
  int low_pages = 2;         // frames with a linear address
  int high_pages = 12;       // frames without
  int page_size = 32;        // bytes, power of two
  int line_size = 8;         // data cache line in bytes, divides page_size
  int last_pkmap = 4;        // LAST_PKMAP: pkmap slots, power of two
  int colours = 1;           // page colours: way size of the cache / page size; of the pool and
                             // of the window
  int km_max_idx = 5;        // fixmap slots per CPU: KM_MAX_IDX, one of them never usable; in E1
                             // and E2 KM_TYPE_NR
  int hash_buckets = 2;      // page_address hash (128 in the kernel)
  int cache = 0;             // CacheKind
  int shootdown = 0;         // Shootdown
  int flush_threshold = 2;   // pages; a longer range is a full flush; kNoThreshold: never
  int high_get = 0;          // ARCH_NEEDS_KMAP_HIGH_GET
  int debug_highmem = 0;     // CONFIG_DEBUG_HIGHMEM
  int debug_kmap_local = 0;  // CONFIG_DEBUG_KMAP_LOCAL; in E1 the fence before every slot
  int force_map = 0;         // CONFIG_DEBUG_KMAP_LOCAL_FORCE_MAP
  int preempt_rt = 0;        // CONFIG_PREEMPT_RT, as far as kmap_atomic goes
  int nonlinear_pte = 0;     // KMAP_LOCAL_NON_LINEAR_PTE_ARRAY
  int pte_table = 0;         // entries of the window in one page-table page, what precedes it being
                             // the pool's; 0: the whole window
  int paravirt = 0;       // a hypervisor makes PTE writes, in batches where the kernel asks for it
  int setter_hook = 0;    // the generic PTE setter writes pages back that the kernel has written
  int debug_vm = 0;       // CONFIG_DEBUG_VM, as far as the helpers go
  int vmap_pages = 0;     // pages of the vmalloc region; 0: there is none
  int vmap_lazy_max = 0;  // parked pages above which a purge is asked for; 0: as the kernel says
  int vmap_block = 32;    // pages of a block of vm_map_ram
  int flush_on_kunmap = 0;  // ARCH_HAS_FLUSH_ON_KUNMAP, without highmem, as on parisc
  int pks_pages = 0;        // first low frames behind a protection key; there is no highmem
  int pks_strict = 0;       // memremap.pks_fault_mode: a key fault is fatal
  int none_pte = 0;         // an empty PTE is not all zero, as on xtensa
  int coherent_dma = 1;     // devices look into the CPU's caches
  int outer_cache = 0;      // a second cache behind it, found by frame
  int paired_tlb = 0;       // one TLB entry holds two neighbouring pages, be one of them not there
  int kmap_flush_tlb = 0;   // ARCH_HAS_KMAP_FLUSH_TLB: kmap flushes its page on every CPU
  int pkmap_below = 0;      // PKMAP lies below PAGE_OFFSET, as on ARM, ARC and xtensa
  int local_flush_on_map = 0;  // a local map flushes its page from the local TLB when it is made
  int local_flush_all = 0;     // map and unmap flush every CPU's TLB; before an unmap, and before a
                               // map of E1 and E2, the whole cache: sparc
  int page_virtual = 0;        // WANT_PAGE_VIRTUAL: struct page holds its address, no hash
  int keeps_pte = 0;           // E1, E2: kunmap_atomic leaves the PTE, unless debug_highmem
  int generic_entry = 1;       // CONFIG_GENERIC_ENTRY: looks for maps on the way to user mode
  int era = 2;                 // Era
  int pagefault_preempt = 0;   // era 1: pagefault_disable() is preempt_disable(), as before 2015
  int smp = 1;                 // CONFIG_SMP
  int quirks = 0;              // bit i: the opposite of quirk Q(i+1) of SPEC M.3
  int spec_fills = 1;          // speculative TLB fills are offered as choices
  int cache_evicts = 1;        // write-backs and evictions of cache lines are offered as choices
  int tlb_evicts = 1;          // TLB evictions are offered as choices
  int migrations = 0;          // migrations of runnable, unpinned tasks are offered as choices

  // kunmap_atomic leaves the PTE to the next map of its slot. (SPEC E.3)
  bool leaves_pte() const { return keeps_pte != 0 && debug_highmem == 0; }
  // Low pages go through the window as well. (SPEC G.2; quirk Q7: not without highmem)
  bool forces_map() const { return force_map != 0 && (high_pages != 0 || !quirk(7)); }
  // Not switched to the opposite of quirk Qn. (SPEC M.3; Q8 is the kernel since 2014, which has it
  // no more: its opposite is the kernel before)
  bool quirk(int n) const { return (quirks >> (n - 1) & 1) == 0; }
  // pagefault_disable() has a count of its own. (SPEC E.3; 0.1: not in E1 and E2a)
  bool counts_pagefaults() const { return !is_era(Era::kE1Slots) && pagefault_preempt == 0; }
  bool is_era(Era e) const { return era == static_cast<int>(e); }
  // What one local map adds to the index, and how many maps fit (SPEC G.1; E.1, F.1).
  int kmap_local_inc() const { return debug_kmap_local != 0 ? 2 : 1; }
  int kmap_local_depth() const {
    return (km_max_idx - (is_era(Era::kE3Local) && quirk(2) ? 1 : 0)) / kmap_local_inc();
  }
  bool has_highmem() const { return high_pages != 0; }
  // kmap in an interrupt is a BUG, and nothing else is reported. (SPEC C.2: sparc in E1)
  bool kmap_refuses_interrupts() const { return is_era(Era::kE1Slots) && local_flush_all != 0; }
  int pages() const { return low_pages + high_pages; }
  // Pages of a CPU's window: one for each slot and colour. (SPEC A.3)
  int window_pages() const { return km_max_idx * colours; }
  // A data cache in which a frame may lie once for each colour of address.
  bool cache_aliases() const { return cache == static_cast<int>(CacheKind::kViptAliasing); }
  // A data cache that is found by virtual address.
  bool cache_is_vivt() const { return cache == static_cast<int>(CacheKind::kVivt); }
  friend bool operator==(const Profile&, const Profile&) = default;
};

// One overridable field: name as written in a trace, member, legal range.
struct ProfileField {
  std::string_view name;
  int Profile::* member;
  int min;
  int max;
  bool power_of_two;
  std::string_view meaning;
};
const std::vector<ProfileField>& ProfileFields();

// The named profiles, in the order `hm profiles` prints them.
const std::vector<Profile>& NamedProfiles();

// Null if no profile has this name.
const Profile* FindProfile(std::string_view name);

// Sets one field by name. False, with a sentence in *error, for an unknown name or a bad value.
bool SetProfileField(Profile* profile, std::string_view field, long value, std::string* error);

// True if the machine can be built; else a sentence that says which value stands in the way and
// whether it is illegal or only not built yet.
bool CheckProfile(const Profile& profile, std::string* error);

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_PROFILE_H_
