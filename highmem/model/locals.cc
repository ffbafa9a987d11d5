#include "highmem/model/locals.h"

#include <algorithm>

#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"

namespace highmem::model {
namespace {

// An unmap that takes away one map and is passed another's address: what goes is then not the entry
// of the map that goes, if the colours differ, or not its translation (quirk Q5).
bool Taints(Vaddr newest, Vaddr passed) {
  const Vaddr start = PageAlign(passed);
  return newest != start &&
         (machine.profile.quirk(5) || AddressColour(newest) != AddressColour(start));
}

}  // namespace

void Locals::Begin(int stacks) {
  stacks_ = stacks;
  capacity_ = machine.profile.kmap_local_depth();
  maps_ = arena.Carve<Map>(static_cast<size_t>(stacks) * capacity_);
  counts_ = arena.Carve<uint8_t>(stacks);
  under_way_ = arena.Carve<UnderWay>(stacks);
  tainted_ = arena.Carve<uint8_t>(FixKmapSlots());
  shared_ = arena.Carve<Shared>(1);
}

uint8_t& Locals::TaintOf(Vaddr address) const { return tainted_[FixKmapIndex(address)]; }

void Locals::MapEnd(int stack, ActorId owner, Pfn page, Vaddr address) {
  under_way_[stack].maps--;
  // Whoever had the slot has lost it.
  if (machine.profile.is_era(Era::kE1Slots))
    for (int s = 0; s < stacks_; s++) RemoveAt(s, address);
  if (lost() || counts_[stack] == capacity_ || !InFixKmap(address)) {
    shared_->lost = 1;
    return;
  }
  StackOf(stack)[counts_[stack]++] = {address, page, owner, TaintOf(address)};
}

// Which map goes is certain if the newest is the caller's own, or is the one passed and nothing
// else is going on; and a switch of tasks does nothing where there are no maps.
void Locals::UnmapBegin(int stack, ActorId actor, Vaddr address, bool anywhere) {
  const bool own = NewestOwner(stack) == actor;
  const bool switching = anywhere && counts_[stack] > 0;
  const bool another = counts_[stack] > 0 && Top(stack).address != PageAlign(address);
  if (!own && (switching || another || !quiet(stack))) shared_->lost = 1;
  under_way_[stack].unmaps++;
  if (another && Taints(Top(stack).address, address)) TaintOf(Top(stack).address) = 1;
}

void Locals::UnmapEnd(int stack, Vaddr address) {
  under_way_[stack].unmaps--;
  if (counts_[stack] == 0) return;
  Map& top = StackOf(stack)[--counts_[stack]];
  const Vaddr start = PageAlign(address);
  TaintOf(top.address) = Taints(top.address, address);
  // The entry that is cleared is then the passed address's own.
  if (machine.profile.nonlinear_pte != 0 && top.address != start && InFixKmap(start)) {
    TaintOf(start) = 1;
    for (int i = 0; i < counts_[stack]; i++)
      if (StackOf(stack)[i].address == start) StackOf(stack)[i].tainted = 1;
  }
  top = {};  // equal states stay equal
}

bool Locals::RemoveAt(int stack, Vaddr start) {
  Map* const maps = StackOf(stack);
  for (int i = counts_[stack] - 1; i >= 0; i--) {
    if (maps[i].address != start) continue;
    std::copy(maps + i + 1, maps + counts_[stack], maps + i);
    maps[--counts_[stack]] = {};
    return true;
  }
  return false;
}

// Somebody else's map, while its owner may be in a call about it.
void Locals::SlotUnmapBegin(int stack, ActorId actor, Vaddr address) {
  const Vaddr start = PageAlign(address);
  for (int i = 0; i < counts_[stack]; i++)
    if (StackOf(stack)[i].address == start && StackOf(stack)[i].owner != actor && !quiet(stack))
      shared_->lost = 1;
  under_way_[stack].unmaps++;
}

// A wrong address leaves the slot as it was, and its map in nobody's hands.
void Locals::SlotUnmapEnd(int stack, Vaddr address, bool right) {
  under_way_[stack].unmaps--;
  for (int s = 0; right && s < stacks_; s++) RemoveAt(s, PageAlign(address));
}

bool Locals::IsInNewestSlot(int stack, Vaddr start) const {
  if (counts_[stack] == 0 || !InFixKmap(start)) return false;
  const int newest = FixKmapIndex(Top(stack).address), passed = FixKmapIndex(start);
  return SlotOfIndex(newest) == SlotOfIndex(passed) && CpuOfIndex(newest) == CpuOfIndex(passed);
}

bool Locals::SomeStackIsFull() const {
  return std::any_of(counts_, counts_ + stacks_, [this](uint8_t n) { return n >= capacity_; });
}

bool Locals::InUse(Vaddr start) const {
  for (int s = 0; s < stacks_; s++)
    if (PageAt(s, start) != kNoPfn) return true;
  return false;
}

void Locals::HandlerEnd(int stack, ActorId handler, bool anywhere) {
  // Where the setter's hook maps, anybody may be in the middle of that.
  const bool amid = anywhere || !quiet(stack) || machine.profile.setter_hook != 0;
  if (OwnedBy(stack, handler) && amid) shared_->lost = 1;
}

bool Locals::MayHaveLeftAnEntry() const {
  if (machine.profile.nonlinear_pte == 0 && machine.profile.colours == 1) return false;
  return SomeAddressIsTainted();
}

bool Locals::SomeAddressIsTainted() const {
  return std::any_of(tainted_, tainted_ + FixKmapSlots(), [](uint8_t t) { return t != 0; });
}

bool Locals::Maps(Pfn page) const {
  for (int s = 0; s < stacks_; s++)
    for (int i = 0; i < counts_[s]; i++)
      if (StackOf(s)[i].page == page) return true;
  return false;
}

bool Locals::OwnedBy(int stack, ActorId actor) const {
  for (int i = 0; i < counts_[stack]; i++)
    if (StackOf(stack)[i].owner == actor) return true;
  return false;
}

Pfn Locals::PageAt(int stack, Vaddr start) const {
  // The newest: a map whose release is under way may stand below it, at the same address.
  for (int i = counts_[stack] - 1; i >= 0; i--)
    if (StackOf(stack)[i].address == start) return StackOf(stack)[i].page;
  return kNoPfn;
}

bool Locals::IsGood(int stack, ActorId actor, Pfn page, Vaddr start) const {
  if (lost()) return false;
  for (int i = counts_[stack] - 1; i >= 0; i--) {
    const Map& map = StackOf(stack)[i];
    if (map.address != start) continue;
    const bool tainted = map.tainted != 0 || TaintOf(start) != 0;  // by another task, perhaps
    return map.page == page && map.owner == actor && !tainted;
  }
  return false;
}

}  // namespace highmem::model
