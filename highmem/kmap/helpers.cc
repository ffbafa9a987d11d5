#include "highmem/kmap/helpers.h"

#include <algorithm>

#include "highmem/kernel/primitive.h"
#include "highmem/kmap/dcache.h"
#include "highmem/kmap/kmap_atomic.h"
#include "highmem/kmap/kmap_local.h"
#include "highmem/machine/layout.h"

namespace highmem {
namespace {

uint32_t PageSize() { return static_cast<uint32_t>(machine.profile.page_size); }
bool HasLocalMaps() { return machine.profile.is_era(Era::kE3Local); }

Co<Vaddr> Map(Page* page, KmType type = KmType::KM_USER0) {
  return HasLocalMaps() ? kmap_local_page(page) : kmap_atomic(page, type);
}
Co<> Unmap(Vaddr vaddr, KmType type = KmType::KM_USER0) {
  return HasLocalMaps() ? kunmap_local(vaddr) : kunmap_atomic(vaddr, type);
}

Co<> memset_bytes(Vaddr to, uint8_t value, uint32_t len) {
  for (uint32_t i = 0; i < len; i++) co_await Prim(PrimKind::store, to + i, value);
}

Co<> memcpy_bytes(Vaddr to, Vaddr from, uint32_t len) {
  for (uint32_t i = 0; i < len; i++) {
    const uint32_t byte = co_await Prim(PrimKind::load, from + i);
    co_await Prim(PrimKind::store, to + i, byte & 0xff);
  }
}

Co<> check_bounds(uint32_t offset, uint32_t len) {
  if (machine.profile.debug_vm != 0 && offset + len > PageSize())
    co_await Bug(Site::memcpy_page_bounds);
}

}  // namespace

Co<> clear_highpage(Page* page) {
  const Vaddr vaddr = co_await Map(page);
  co_await memset_bytes(vaddr, 0, PageSize());
  co_await Unmap(vaddr);
}

// The slots of the first era are released in the order in which they were taken.
Co<> copy_highpage(Page* to, Page* from) {
  const Vaddr vfrom = co_await Map(from, KmType::KM_USER0);
  const Vaddr vto = co_await Map(to, KmType::KM_USER1);
  co_await memcpy_bytes(vto, vfrom, PageSize());
  const bool fifo = machine.profile.is_era(Era::kE1Slots);
  if (fifo) co_await Unmap(vfrom, KmType::KM_USER0);
  co_await Unmap(vto, KmType::KM_USER1);
  if (!fifo) co_await Unmap(vfrom, KmType::KM_USER0);
}

// Quirk Q9: here and in memset_page nobody hears that the page has been written.
Co<> memcpy_page(Page* to, uint32_t to_offset, Page* from, uint32_t from_offset, uint32_t len) {
  const Vaddr vto = co_await Map(to, KmType::KM_USER0);
  const Vaddr vfrom = co_await Map(from, KmType::KM_USER1);
  co_await check_bounds(std::max(to_offset, from_offset), len);
  co_await memcpy_bytes(vto + to_offset, vfrom + from_offset, len);
  if (!machine.profile.quirk(9)) co_await flush_dcache_page(to);
  co_await Unmap(vfrom, KmType::KM_USER1);
  co_await Unmap(vto, KmType::KM_USER0);
}

Co<> memset_page(Page* page, uint32_t offset, uint8_t value, uint32_t len) {
  const Vaddr vaddr = co_await Map(page);
  co_await check_bounds(offset, len);
  co_await memset_bytes(vaddr + offset, value, len);
  if (!machine.profile.quirk(9)) co_await flush_dcache_page(page);
  co_await Unmap(vaddr);
}

Co<> memcpy_from_page(Page* page, uint32_t offset, uint32_t len) {
  const Vaddr vaddr = co_await Map(page);
  co_await check_bounds(offset, len);
  for (uint32_t i = 0; i < len; i++) co_await Prim(PrimKind::load, vaddr + offset + i);
  co_await Unmap(vaddr);
}

Co<> memcpy_to_page(Page* page, uint32_t offset, uint8_t value, uint32_t len) {
  const Vaddr vaddr = co_await Map(page);
  co_await check_bounds(offset, len);
  co_await memset_bytes(vaddr + offset, value, len);
  co_await flush_dcache_page(page);
  co_await Unmap(vaddr);
}

Co<> memzero_page(Page* page, uint32_t offset, uint32_t len) {
  return memcpy_to_page(page, offset, 0, len);
}

// What is left of a segment, counted from the page that is next.
struct Rest {
  uint32_t start;
  uint32_t end;
};

namespace {

// An end that is not behind its start would wrap when a page is taken off both.
Rest Clamped(uint32_t start, uint32_t end) { return start < end ? Rest{start, end} : Rest{0, 0}; }

// The part in the next page, which is taken off; empty if the segment begins behind it.
Rest TakePage(Rest* rest) {
  if (rest->start >= PageSize()) {
    rest->start -= PageSize();
    rest->end -= PageSize();
    return {0, 0};
  }
  const Rest part = {rest->start, std::min(rest->end, PageSize())};
  rest->start = 0;
  rest->end -= part.end;
  return part.end > part.start ? part : Rest{0, 0};
}

Co<> ClearParts(Page* page, Rest part1, Rest part2) {
  const Vaddr vaddr = co_await Map(page);
  co_await memset_bytes(vaddr + part1.start, 0, part1.end - part1.start);
  co_await memset_bytes(vaddr + part2.start, 0, part2.end - part2.start);
  co_await Unmap(vaddr);
  co_await flush_dcache_page(page);
}

}  // namespace

// A page without anything to clear is not mapped. The eras before mapped it all the same.
Co<> zero_user_segments(Page* page, int pages, uint32_t start1, uint32_t end1, uint32_t start2,
                        uint32_t end2) {
  const uint32_t size = static_cast<uint32_t>(pages) * PageSize();
  if (end1 > size || end2 > size) co_await Bug(Site::zero_user_segments_end);
  Rest rest1 = Clamped(start1, end1);
  Rest rest2 = Clamped(start2, end2);
  for (int i = 0; i < pages; i++) {
    const Rest part1 = TakePage(&rest1);
    const Rest part2 = TakePage(&rest2);
    if (part1.end != 0 || part2.end != 0 || !HasLocalMaps())
      co_await ClearParts(page + i, part1, part2);
    if (rest1.end == 0 && rest2.end == 0) break;
  }
  if ((rest1.start | rest2.start | rest1.end | rest2.end) != 0)
    co_await Bug(Site::zero_user_segments_residue);
}

}  // namespace highmem
