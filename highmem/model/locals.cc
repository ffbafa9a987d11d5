#include "highmem/model/locals.h"

#include <algorithm>

#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"

namespace highmem::model {

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

// Which map goes is certain if the newest is the caller's own, or if nothing else is going on; and
// a switch of tasks does nothing where there are no maps.
void Locals::UnmapBegin(int stack, ActorId actor, bool anywhere) {
  const bool own = NewestOwner(stack) == actor;
  const bool switching = anywhere && counts_[stack] > 0;
  if (!own && (switching || !quiet(stack))) shared_->lost = 1;
  under_way_[stack].unmaps++;
}

void Locals::UnmapEnd(int stack, Vaddr address) {
  under_way_[stack].unmaps--;
  if (counts_[stack] == 0) return;
  Map& top = StackOf(stack)[--counts_[stack]];
  const Vaddr start = PageAlign(address);
  TaintOf(top.address) = top.address != start && machine.profile.quirk(5);
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

bool Locals::InUse(Vaddr start) const {
  for (int s = 0; s < stacks_; s++)
    if (PageAt(s, start) != kNoPfn) return true;
  return false;
}

void Locals::HandlerEnd(int stack, ActorId handler, bool anywhere) {
  if (OwnedBy(stack, handler) && (anywhere || !quiet(stack))) shared_->lost = 1;
}

bool Locals::MayHaveLeftAnEntry() const {
  if (machine.profile.nonlinear_pte == 0) return false;
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
    if (map.address == start) return map.page == page && map.owner == actor && map.tainted == 0;
  }
  return false;
}

}  // namespace highmem::model
