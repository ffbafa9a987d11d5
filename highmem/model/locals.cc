#include "highmem/model/locals.h"

#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page.h"

namespace highmem::model {
namespace {

bool TakesSlot(OpCode code, Pfn page) {
  const bool by_frame = code == OpCode::kmap_local_pfn || code == OpCode::kmap_atomic_pfn;
  return by_frame || machine.profile.force_map != 0 || PageHighMem(pfn_to_page(page));
}

}  // namespace

bool MapsLocally(OpCode code) {
  return code == OpCode::kmap_local_page || code == OpCode::kmap_local_pfn ||
         code == OpCode::kmap_atomic || code == OpCode::kmap_atomic_pfn;
}

bool UnmapsLocally(OpCode code) {
  return code == OpCode::kunmap_local || code == OpCode::kunmap_atomic;
}

bool IsAtomic(OpCode code) {
  return code == OpCode::kmap_atomic || code == OpCode::kmap_atomic_pfn ||
         code == OpCode::kunmap_atomic;
}

void Locals::Begin(int actors) {
  most_ = machine.profile.kmap_local_depth() + kLowMaps;
  maps_ = arena.Carve<struct Map>(static_cast<size_t>(actors) * static_cast<size_t>(most_));
  counts_ = arena.Carve<uint8_t>(static_cast<size_t>(actors));
  off_the_rails_ = arena.Carve<uint8_t>(1);
}

void Locals::Map(ActorId actor, OpCode code, Pfn page, Vaddr address) {
  if (counts_[actor] == most_) {
    Derail();
    return;
  }
  stack(actor)[counts_[actor]++] = {address, page, IsAtomic(code), TakesSlot(code, page)};
}

bool Locals::Unmap(ActorId actor, OpCode code, Vaddr address) {
  if (counts_[actor] == 0) return false;
  struct Map& top = stack(actor)[counts_[actor] - 1];
  if (top.address != PageAlign(address) || (top.atomic != 0) != IsAtomic(code)) return false;
  top = {};
  counts_[actor]--;
  return true;
}

void Locals::Clear(ActorId actor) {
  for (int i = 0; i < counts_[actor]; i++) stack(actor)[i] = {};
  counts_[actor] = 0;
}

bool Locals::Holds(ActorId actor, Pfn page, Vaddr address) const {
  for (int i = 0; i < counts_[actor]; i++)
    if (stack(actor)[i].page == page && stack(actor)[i].address == PageAlign(address)) return true;
  return false;
}

int Locals::Real(ActorId actor) const {
  int real = 0;
  for (int i = 0; i < counts_[actor]; i++) real += stack(actor)[i].real;
  return real;
}

}  // namespace highmem::model
