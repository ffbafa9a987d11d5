#include "highmem/machine/tlb.h"

#include <cstring>

#include "highmem/machine/event.h"
#include "highmem/machine/page_table.h"

namespace highmem {
namespace {

Pte& Entry(int cpu, int vpn) { return machine.tlb[cpu * machine.vpns + vpn]; }

void Drop(int cpu, int first_vpn, int end_vpn) {
  std::memset(&Entry(cpu, first_vpn), 0, sizeof(Pte) * static_cast<size_t>(end_vpn - first_vpn));
}

}  // namespace

void TlbFill(int cpu, int vpn, bool speculative) {
  const Pte pte = PteGet(vpn);
  Emit(EventKind::tlb_fill, static_cast<uint32_t>(vpn), TlbGet(cpu, vpn).pfn(), pte.pfn(),
       speculative);
  Entry(cpu, vpn) = pte;
}

void TlbEvict(int cpu, int vpn) {
  Emit(EventKind::tlb_evict, static_cast<uint32_t>(vpn), TlbGet(cpu, vpn).pfn());
  Entry(cpu, vpn) = Pte{};
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
