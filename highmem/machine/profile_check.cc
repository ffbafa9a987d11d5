// Which machines can be built. (profile.h: CheckProfile)
#include "highmem/machine/km_type.h"
#include "highmem/machine/profile.h"

namespace highmem {
namespace {

constexpr int kQuirks = (1 << 11) - 1;

// The eras before local maps. (SPEC E, F)
bool CheckEra(const Profile& p, std::string* error) {
  const bool slots = p.is_era(Era::kE1Slots);
  if (p.is_era(Era::kE3Local)) {
    if (p.keeps_pte == 0) return true;
    *error = "keeps_pte=1 needs era=0 or era=1: kunmap_local always clears";
    return false;
  }
  if (slots && p.km_max_idx != kKmTypes * p.kmap_local_inc() + (p.debug_kmap_local != 0 ? 1 : 0))
    *error = "era=0 needs a slot for each km_type: km_max_idx=19, with debug_kmap_local=1 39";
  else if (!slots && p.debug_kmap_local != 0)
    *error = "debug_kmap_local=1 needs era=0 or era=2: a stack of slots has no guards";
  else if (p.keeps_pte != 0 && p.local_flush_on_map == 0)
    *error = "keeps_pte=1 needs local_flush_on_map=1: else a new map would have an old translation";
  else if (p.preempt_rt != 0)
    *error = "preempt_rt=1 needs era=2";
  else if (p.nonlinear_pte != 0 || p.force_map != 0)
    *error = "nonlinear_pte=1 and force_map=1 are built for era=2 alone";
  else if (slots && p.coherent_dma == 0)
    *error = "coherent_dma=0 is built for era=1 and era=2";
  else
    return true;
  return false;
}

// An aliasing cache, and the pool and window that go with it. (SPEC C.10)
bool CheckColours(const Profile& p, std::string* error) {
  if (p.cache_aliases() != (p.colours > 1))
    *error = "cache=2 (VIPT aliasing) and colours above 1 need each other";
  else if (p.colours > p.last_pkmap)
    *error = "colours needs a slot of the pool for each: last_pkmap is smaller";
  else if (p.colours > 1 && (!p.is_era(Era::kE3Local) || p.high_get != 0 || p.forces_map() ||
                             p.nonlinear_pte != 0 || p.coherent_dma == 0))
    *error =
        "colours above 1 are built for era=2 alone, and without high_get=1, force_map=1, "
        "nonlinear_pte=1 and coherent_dma=0";
  else
    return true;
  return false;
}

}  // namespace

bool CheckProfile(const Profile& p, std::string* error) {
  for (const ProfileField& f : ProfileFields()) {
    Profile scratch = p;
    if (!SetProfileField(&scratch, f.name, p.*f.member, error)) return false;
  }
  if (p.line_size > p.page_size) {
    *error = "line_size is larger than page_size";
    return false;
  }
  if (!p.smp && p.cpus > 1) {
    *error = "smp=0 needs cpus=1";
    return false;
  }
  if (!CheckEra(p, error)) return false;
  if (p.pagefault_preempt != 0 && !p.is_era(Era::kE2Stack)) {
    *error = "pagefault_preempt=1 needs era=1: E1 has no other way, since E2b nobody has it";
    return false;
  }
  if (p.debug_kmap_local != 0 && p.km_max_idx % 2 == 0) {
    *error = "debug_kmap_local=1 needs an odd km_max_idx: a guard on either side of every map";
    return false;
  }
  if ((p.paravirt != 0 || p.setter_hook != 0) && !p.is_era(Era::kE3Local)) {
    *error = "paravirt=1 and setter_hook=1 are built for era=2 alone";
    return false;
  }
  if ((p.high_pages == 0) != (p.flush_on_kunmap != 0 || p.pks_pages != 0)) {
    *error =
        "high_pages=0 needs flush_on_kunmap=1 or pks_pages above 0, and they need it: else there "
        "is highmem";
    return false;
  }
  if (p.pks_pages != 0 && (!p.is_era(Era::kE3Local) || p.forces_map())) {
    *error = "pks_pages above 0 needs era=2, and no low page in the window";
    return false;
  }
  if (p.pks_pages > p.low_pages) {
    *error = "pks_pages is larger than low_pages: they are the first of them";
    return false;
  }
  if (p.vmap_pages != 0 && p.cache != static_cast<int>(CacheKind::kPipt)) {
    *error = "vmap_pages above 0 needs cache=0: no cache is flushed for vmap";
    return false;
  }
  if (p.paired_tlb != 0 &&
      (p.kmap_flush_tlb == 0 || p.local_flush_on_map == 0 || p.vmap_pages != 0 || p.colours > 1)) {
    *error =
        "paired_tlb=1 needs kmap_flush_tlb=1 and local_flush_on_map=1, colours=1 and "
        "vmap_pages=0: a TLB may know that a page was not there";
    return false;
  }
  if (p.pte_table != 0 && p.nonlinear_pte == 0) {
    *error = "pte_table above 0 needs nonlinear_pte=1: else entries would be looked for elsewhere";
    return false;
  }
  if ((p.quirks & ~kQuirks) != 0) {
    *error = "quirks: Q1 to Q11 are bits 0 to 10; Q12 is one of a document";
    return false;
  }
  if (!CheckColours(p, error)) return false;
  if (p.cache_is_vivt() && (p.cpus > 1 || (p.high_get == 0 && p.local_flush_all == 0))) {
    *error = "cache=3 (VIVT) needs cpus=1, and high_get=1 or local_flush_all=1";
    return false;
  }
  const bool broadcast = p.shootdown == static_cast<int>(Shootdown::kBroadcast);
  if (p.local_flush_all != 0 && (p.local_flush_on_map == 0 || !broadcast || p.paravirt != 0)) {
    *error =
        "local_flush_all=1 needs local_flush_on_map=1, shootdown=1 and paravirt=0: a local map "
        "may be made with interrupts off";
    return false;
  }
  if (p.outer_cache != 0 && p.coherent_dma != 0) {
    *error = "outer_cache=1 needs coherent_dma=0: else nobody can tell that it is there";
    return false;
  }
  return true;
}

}  // namespace highmem
