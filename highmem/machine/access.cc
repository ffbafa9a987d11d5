#include "highmem/machine/access.h"

#include "highmem/machine/cache.h"
#include "highmem/machine/event.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/machine/tlb.h"

namespace highmem {
namespace {

// The frame behind `address` as this CPU translates it, or kNoPfn.
Pfn Translate(int cpu, Vaddr address) {
  if (InLinearMap(address)) return static_cast<Pfn>((address - kPageOffset) >> machine.page_shift);
  if (InUserSpace(address)) return static_cast<Pfn>((address - kUserBase) >> machine.page_shift);
  const int vpn = VpnOf(address);
  if (vpn < 0) return kNoPfn;
  if (TlbHoldsNotPresent(cpu, vpn)) return kNoPfn;
  if (TlbGet(cpu, vpn).none()) {
    if (PteGet(vpn).none()) return kNoPfn;
    TlbFill(cpu, vpn, /*speculative=*/false);
  }
  return TlbGet(cpu, vpn).pfn();
}

}  // namespace

int CpuLoad(int cpu, Vaddr address) {
  const Pfn pfn = Translate(cpu, address);
  if (pfn == kNoPfn) {
    Emit(EventKind::fault, address, 0, /*store=*/0);
    return kFault;
  }
  const uint8_t value = CacheLoad(address, pfn, OffsetInPage(address));
  Emit(EventKind::load, address, 0, value, pfn);
  return value;
}

int CpuStore(int cpu, Vaddr address, uint8_t value) {
  const Pfn pfn = Translate(cpu, address);
  if (pfn == kNoPfn) {
    Emit(EventKind::fault, address, 0, /*store=*/1);
    return kFault;
  }
  const uint8_t before = CacheLoad(address, pfn, OffsetInPage(address));
  CacheStore(address, pfn, OffsetInPage(address), value);
  Emit(EventKind::store, address, before, value, pfn);
  return value;
}

void CpuMaintainLine(int cpu, Vaddr address, bool clean, bool invalidate) {
  if (!HasCache()) return;
  const bool by_address = machine.profile.cache_is_vivt();
  const Pfn pfn = by_address ? kNoPfn : Translate(cpu, address);
  if (!by_address && pfn == kNoPfn) {
    Emit(EventKind::fault, address, 0, /*store=*/0);
    return;
  }
  Emit(EventKind::dcache_line, address, clean, invalidate);
  const int line = CacheLineAt(address, pfn);
  if (clean) LineClean(line);
  if (invalidate) LineInvalidate(line);
}

void OuterMaintainLine(Pfn pfn, uint32_t offset, bool clean, bool invalidate) {
  const int line = OuterLineAt(pfn, offset);
  if (line < 0) return;
  Emit(EventKind::outer_line, offset, clean, invalidate, pfn);
  if (clean) LineClean(line);
  if (invalidate) LineInvalidate(line);
}

uint8_t DeviceLoad(Pfn pfn, uint32_t offset) {
  const uint8_t value = MemoryByte(pfn, offset);
  Emit(EventKind::device_load, offset, 0, value, pfn);
  return value;
}

void DeviceStore(Pfn pfn, uint32_t offset, uint8_t value) {
  const uint8_t before = MemoryByte(pfn, offset);
  MemoryByte(pfn, offset) = value;
  Emit(EventKind::device_store, offset, before, value, pfn);
}

}  // namespace highmem
