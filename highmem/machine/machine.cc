#include "highmem/machine/machine.h"

#include <algorithm>
#include <cstring>

#include "highmem/machine/arena.h"
#include "highmem/machine/cache.h"
#include "highmem/machine/cpu.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/lazy_mmu.h"
#include "highmem/machine/page.h"

namespace highmem {

Machine machine;

namespace {

void FillPage(Pfn pfn, int size) {
  uint8_t* const bytes = machine.memory + (static_cast<size_t>(pfn) << machine.page_shift);
  const int period = std::min(size, kInitialPeriod);
  for (int i = 0; i < period; i++) bytes[i] = InitialByte(pfn, static_cast<uint32_t>(i));
  // A machine of full size has thousands of pages: byte by byte would take longer than a run.
  for (int i = period; i < size; i += period)
    std::memcpy(bytes + i, bytes, static_cast<size_t>(std::min(period, size - i)));
}

}  // namespace

void MachineReset(const Profile& profile) {
  machine.profile = profile;
  machine.page_shift = __builtin_ctz(static_cast<unsigned>(profile.page_size));
  machine.pkmap_base = PkmapBase(profile);
  machine.fix_kmap_begin = FixKmapBegin(profile);
  machine.vpns = profile.last_pkmap + profile.window_pages() * profile.cpus + profile.vmap_pages;
  const int pages = profile.pages();
  machine.cpus = arena.Carve<Cpu>(profile.cpus);
  machine.page_table = arena.Carve<Pte>(machine.vpns);
  machine.tlb = arena.Carve<Pte>(static_cast<size_t>(machine.vpns) * profile.cpus);
  machine.mem_map = arena.Carve<Page>(pages);
  machine.memory = arena.Carve<uint8_t>(static_cast<size_t>(pages) * profile.page_size);

  machine.line_shift = __builtin_ctz(static_cast<unsigned>(profile.line_size));
  const auto lines = static_cast<size_t>(CacheLineCount(profile));
  machine.cache_lines = lines == 0 ? nullptr : arena.Carve<CacheLine>(lines);
  machine.cache_bytes =
      lines == 0 ? nullptr : arena.Carve<uint8_t>(lines * static_cast<size_t>(profile.line_size));

  machine.lazy_mmu = profile.paravirt == 0 ? nullptr : arena.Carve<LazyMmu>(profile.cpus);

  for (int c = 0; c < profile.cpus; c++) machine.cpus[c].irqs_on = 1;
  for (int pfn = 0; pfn < pages; pfn++) {
    machine.mem_map[pfn].highmem = pfn >= profile.low_pages;
    FillPage(static_cast<Pfn>(pfn), profile.page_size);
  }
}

}  // namespace highmem
