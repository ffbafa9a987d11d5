// The data cache between CPU and memory. (SPEC 0.3, L)
//
// A physically tagged, coherent cache is one that software cannot tell from none: then nothing is
// carved and every access goes straight through. Otherwise the lines are objects: write-back,
// write-allocate, filled by accesses alone, written back and dropped at any time by the hardware's
// choice. Any set of lines may be present, as if the cache were large enough for all.
//
//   VIVT      a line is found by its virtual address, whatever that translates to now, and
//             remembers the frame it was filled from, to which it is written back
//   aliasing  a line is found by the colour of its address and by its frame: addresses of one
//   colour
//             share it, others have a copy of their own. CPUs share the lines: coherent hardware
//   physical  a line is found by its frame; all addresses of the frame share it. Visible only to a
//             device that does not look into caches
//
// Between that and memory there may be an outer cache, found by frame, which maintenance by virtual
// address does not reach. Its lines are numbered behind the inner ones.
#ifndef HIGHMEM_MACHINE_CACHE_H_
#define HIGHMEM_MACHINE_CACHE_H_

#include "highmem/machine/machine.h"

namespace highmem {

struct CacheLine {
  uint16_t frame_plus_1;  // 0: holds nothing
  uint8_t dirty;
  uint8_t unused;
};

inline bool HasCache() { return machine.cache_lines != nullptr; }
// Lines that can be present: by virtual page (vpns first, then the linear map), by colour and
// frame, or by frame; then the outer cache's.
int CacheLineCount(const Profile& profile);

// Number of the line that an access through `address`, which translates to `pfn`, hits. On VIVT the
// frame does not matter.
int CacheLineAt(Vaddr address, Pfn pfn);
// Number of the outer cache's line for that byte of the frame; -1 where there is none.
int OuterLineAt(Pfn pfn, uint32_t offset);
inline bool LineIsValid(int line) { return machine.cache_lines[line].frame_plus_1 != 0; }
inline bool LineIsDirty(int line) { return machine.cache_lines[line].dirty != 0; }
inline Pfn FrameOfLine(int line) {
  return LineIsValid(line) ? static_cast<Pfn>(machine.cache_lines[line].frame_plus_1 - 1) : kNoPfn;
}

// Writes a dirty line back to its frame, an inner one to the outer cache where there is one; it
// stays, clean. Emits line_writeback.
void LineClean(int line);
// Drops a line, with what it holds. Emits line_drop.
void LineInvalidate(int line);
// The hardware makes room: one step of a valid line towards memory. A dirty line is cleaned and
// stays, a clean one is dropped; twice is the eviction of a dirty line. No state of cache and
// memory needs another step of the hardware.
void LineEvict(int line);
// Writes back and drops every inner line. Emits dcache_all.
void CacheFlushAll();

namespace internal {
uint8_t LineLoad(Vaddr address, Pfn pfn, uint32_t offset);
void LineStore(Vaddr address, Pfn pfn, uint32_t offset, uint8_t value);
}  // namespace internal

// One byte of memory, past the caches: what a device sees.
inline uint8_t& MemoryByte(Pfn pfn, uint32_t offset) {
  return machine.memory[(static_cast<size_t>(pfn) << machine.page_shift) + offset];
}

// One byte of frame `pfn` through virtual address `address`.
inline uint8_t CacheLoad(Vaddr address, Pfn pfn, uint32_t offset) {
  return HasCache() ? internal::LineLoad(address, pfn, offset) : MemoryByte(pfn, offset);
}
inline void CacheStore(Vaddr address, Pfn pfn, uint32_t offset, uint8_t value) {
  if (HasCache())
    internal::LineStore(address, pfn, offset, value);
  else
    MemoryByte(pfn, offset) = value;
}

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_CACHE_H_
