#include "highmem/machine/tlb.h"

#include <cstring>

#include "highmem/machine/event.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"

namespace highmem {
namespace {

Pte& Entry(int cpu, int vpn) { return machine.tlb[cpu * machine.vpns + vpn]; }

void Drop(int cpu, int first_vpn, int end_vpn) {
  if (first_vpn >= end_vpn) return;
  std::memset(&Entry(cpu, first_vpn), 0, sizeof(Pte) * static_cast<size_t>(end_vpn - first_vpn));
  for (const int vpn : {first_vpn, end_vpn - 1}) {
    const int pair = TlbPairOf(vpn);
    if (pair >= 0) Entry(cpu, pair) = Pte{};
  }
}

// The page next to it, of an even and an odd one. A larger index is a lower address.
int WindowPair(int index) {
  const auto first = static_cast<int>(machine.fix_kmap_begin >> machine.page_shift);
  const int pair = first - ((first - index) ^ 1);
  return pair >= 0 && pair < FixKmapSlots() ? FixKmapVpn(pair) : -1;
}

}  // namespace

int TlbPairOf(int vpn) {
  if (machine.profile.paired_tlb == 0) return -1;
  if (vpn >= machine.profile.last_pkmap) return WindowPair(vpn - machine.profile.last_pkmap);
  const int pair = vpn ^ 1;
  return pair < machine.profile.last_pkmap ? pair : -1;
}

void TlbFill(int cpu, int vpn, bool speculative) {
  const Pte pte = PteGet(vpn);
  Emit(EventKind::tlb_fill, static_cast<uint32_t>(vpn), TlbGet(cpu, vpn).pfn(), pte.pfn(),
       speculative);
  Entry(cpu, vpn) = pte;
  const int pair = TlbPairOf(vpn);
  if (pair < 0) return;
  const Pte other = PteGet(pair);
  if (!other.none())
    Emit(EventKind::tlb_fill, static_cast<uint32_t>(pair), TlbGet(cpu, pair).pfn(), other.pfn(),
         /*speculative=*/true);
  Entry(cpu, pair) = other.none() ? kTlbNotPresent : other;
}

void TlbEvict(int cpu, int vpn) {
  Emit(EventKind::tlb_evict, static_cast<uint32_t>(vpn), TlbGet(cpu, vpn).pfn());
  Entry(cpu, vpn) = Pte{};
  const int pair = TlbPairOf(vpn);
  if (pair >= 0) Entry(cpu, pair) = Pte{};
}

void TlbFlush(int cpu, int first_vpn, int end_vpn, bool all) {
  if (all) {
    first_vpn = 0;
    end_vpn = machine.vpns;
  }
  Drop(cpu, first_vpn, end_vpn);
  Emit(EventKind::tlb_flush_local, static_cast<uint32_t>(first_vpn), static_cast<uint32_t>(end_vpn),
       0, all);
}

void TlbFlushBroadcast(int first_vpn, int end_vpn, bool all) {
  if (all) {
    first_vpn = 0;
    end_vpn = machine.vpns;
  }
  for (int c = 0; c < machine.profile.cpus; c++) Drop(c, first_vpn, end_vpn);
  Emit(EventKind::tlb_flush_broadcast, static_cast<uint32_t>(first_vpn),
       static_cast<uint32_t>(end_vpn), 0, all);
}

}  // namespace highmem
