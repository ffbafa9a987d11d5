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

int LinesInPage(const Profile& p) { return p.page_size / p.line_size; }

int InnerLineCount(const Profile& p) {
  if (p.cache_is_vivt())
    return (p.last_pkmap + p.window_pages() * p.cpus + p.low_pages) * LinesInPage(p);
  if (p.cache_aliases()) return p.colours * p.pages() * LinesInPage(p);
  return p.coherent_dma != 0 ? 0 : p.pages() * LinesInPage(p);
}

// The outer cache's line behind an inner one; -1: memory.
int LineBehind(int line, Pfn pfn) {
  if (machine.profile.outer_cache == 0 || line >= InnerLineCount(machine.profile)) return -1;
  const auto in_page = static_cast<uint32_t>(line & (LinesInPage(machine.profile) - 1));
  return OuterLineAt(pfn, in_page << machine.line_shift);
}

// Fills the line from what lies behind it, if it is absent.
void Fill(int line, Pfn pfn) {
  if (LineIsValid(line)) return;
  const int behind = LineBehind(line, pfn);
  if (behind >= 0) Fill(behind, pfn);
  std::memcpy(BytesOf(line), behind >= 0 ? BytesOf(behind) : MemoryOf(line, pfn),
              static_cast<size_t>(machine.profile.line_size));
  machine.cache_lines[line].frame_plus_1 = static_cast<uint16_t>(pfn + 1);
  Emit(EventKind::line_fill, static_cast<uint32_t>(line), pfn);
}

int Present(Vaddr address, Pfn pfn) {
  const int line = CacheLineAt(address, pfn);
  Fill(line, pfn);
  return line;
}

uint32_t InLine(uint32_t offset) {
  return offset & (static_cast<uint32_t>(machine.profile.line_size) - 1);
}

}  // namespace

int CacheLineCount(const Profile& p) {
  return InnerLineCount(p) + (p.outer_cache != 0 ? p.pages() * LinesInPage(p) : 0);
}

int OuterLineAt(Pfn pfn, uint32_t offset) {
  if (machine.profile.outer_cache == 0) return -1;
  return InnerLineCount(machine.profile) + pfn * LinesInPage(machine.profile) +
         static_cast<int>(offset >> machine.line_shift);
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
  const int behind = LineBehind(line, pfn);
  if (behind >= 0) {
    Fill(behind, pfn);
    machine.cache_lines[behind].dirty = 1;
  }
  std::memcpy(behind >= 0 ? BytesOf(behind) : MemoryOf(line, pfn), BytesOf(line),
              static_cast<size_t>(machine.profile.line_size));
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
  const int lines = InnerLineCount(machine.profile);
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
