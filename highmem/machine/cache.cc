#include "highmem/machine/cache.h"

#include <cstring>

#include "highmem/machine/event.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

uint8_t* BytesOf(int line) {
  return machine.cache_bytes + (static_cast<size_t>(line) << machine.line_shift);
}

uint8_t* MemoryOf(int line, Pfn pfn) {
  const int lines_shift = machine.page_shift - machine.line_shift;
  const auto in_page = static_cast<uint32_t>(line & ((1 << lines_shift) - 1));
  return &MemoryByte(pfn, in_page << machine.line_shift);
}

// The line, filled from its frame if it is absent.
int Present(Vaddr address, Pfn pfn) {
  const int line = CacheLineAt(address, pfn);
  if (LineIsValid(line)) return line;
  std::memcpy(BytesOf(line), MemoryOf(line, pfn), static_cast<size_t>(machine.profile.line_size));
  machine.cache_lines[line].frame_plus_1 = static_cast<uint16_t>(pfn + 1);
  Emit(EventKind::line_fill, static_cast<uint32_t>(line), pfn);
  return line;
}

uint32_t InLine(uint32_t offset) {
  return offset & (static_cast<uint32_t>(machine.profile.line_size) - 1);
}

}  // namespace

int CacheLineCount(const Profile& p) {
  const int in_page = p.page_size / p.line_size;
  if (p.cache_is_vivt()) return (p.last_pkmap + p.window_pages() * p.cpus + p.low_pages) * in_page;
  if (p.cache_aliases()) return p.colours * p.pages() * in_page;
  return p.coherent_dma != 0 ? 0 : p.pages() * in_page;
}

int CacheLineAt(Vaddr address, Pfn pfn) {
  int page = pfn;
  if (machine.profile.cache_aliases()) page += AddressColour(address) * machine.profile.pages();
  if (machine.profile.cache_is_vivt()) {
    page = VpnOf(address);
    if (page < 0)
      page = machine.vpns + static_cast<int>((address - kPageOffset) >> machine.page_shift);
  }
  return page << (machine.page_shift - machine.line_shift) |
         static_cast<int>(OffsetInPage(address) >> machine.line_shift);
}

void LineClean(int line) {
  if (!LineIsDirty(line)) return;
  const Pfn pfn = FrameOfLine(line);
  std::memcpy(MemoryOf(line, pfn), BytesOf(line), static_cast<size_t>(machine.profile.line_size));
  machine.cache_lines[line].dirty = 0;
  Emit(EventKind::line_writeback, static_cast<uint32_t>(line), pfn);
}

void LineInvalidate(int line) {
  if (!LineIsValid(line)) return;
  Emit(EventKind::line_drop, static_cast<uint32_t>(line), FrameOfLine(line), LineIsDirty(line));
  machine.cache_lines[line] = {};
  std::memset(BytesOf(line), 0, static_cast<size_t>(machine.profile.line_size));
}

void LineEvict(int line) {
  if (LineIsDirty(line))
    LineClean(line);
  else
    LineInvalidate(line);
}

void CacheFlushAll() {
  const int lines = CacheLineCount(machine.profile);
  Emit(EventKind::dcache_all);
  for (int line = 0; line < lines; line++) {
    LineClean(line);
    LineInvalidate(line);
  }
}

uint8_t internal::LineLoad(Vaddr address, Pfn pfn, uint32_t offset) {
  return BytesOf(Present(address, pfn))[InLine(offset)];
}

void internal::LineStore(Vaddr address, Pfn pfn, uint32_t offset, uint8_t value) {
  const int line = Present(address, pfn);
  BytesOf(line)[InLine(offset)] = value;
  machine.cache_lines[line].dirty = 1;
}

}  // namespace highmem
