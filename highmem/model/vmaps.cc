#include "highmem/model/vmaps.h"

#include <algorithm>

#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"

namespace highmem::model {

void Vmaps::Begin(const Trace& trace) {
  capacity_ = static_cast<int>(std::ranges::count_if(trace.ops, [](const Op& op) {
    return op.code == OpCode::vmap || op.code == OpCode::vm_map_ram;
  }));
  ranges_ = arena.Carve<Range>(static_cast<size_t>(capacity_));
  lost_ = arena.Carve<uint8_t>(1);
}

int Vmaps::Find(Vaddr start, bool ram) const {
  for (int i = 0; start != 0 && i < capacity_; i++)
    if (ranges_[i].start == start && (ranges_[i].pages_and_ram & 1) == ram) return i;
  return -1;
}

bool Vmaps::Add(Vaddr start, Pfn page, int pages, bool ram) {
  const Vaddr end = start + (static_cast<uint32_t>(pages) << machine.page_shift);
  if (!InVmap(start) || OffsetInPage(start) != 0 || !InVmap(end - 1)) return false;
  int unused = -1;
  for (int i = 0; i < capacity_; i++) {
    const Range& r = ranges_[i];
    if (r.start == 0) unused = i;
    const Vaddr r_end =
        r.start + (static_cast<uint32_t>(r.pages_and_ram / 2) << machine.page_shift);
    if (r.start != 0 && r.start < end && start < r_end) return false;
  }
  if (unused < 0)
    *lost_ = 1;
  else
    ranges_[unused] = {start, page, static_cast<uint16_t>(2 * pages + ram)};
  return true;
}

bool Vmaps::Remove(Vaddr start, bool ram) {
  const int i = Find(start, ram);
  if (i >= 0) ranges_[i] = {};
  return i >= 0;
}

bool Vmaps::Shows(Vaddr address, Pfn page) const {
  for (int i = 0; i < capacity_; i++) {
    const Range& r = ranges_[i];
    const Vaddr end = r.start + (static_cast<uint32_t>(r.pages_and_ram / 2) << machine.page_shift);
    if (r.start != 0 && r.page == page && r.start <= address && address < end) return true;
  }
  return false;
}

}  // namespace highmem::model
