#include "highmem/model/pins.h"

#include "highmem/machine/arena.h"

namespace highmem::model {

void Pins::Begin(int actors, int pages) {
  page_count_ = pages;
  pages_ = arena.Carve<Page>(pages);
  of_ = arena.Carve<int16_t>(static_cast<size_t>(actors) * pages);
  stray_ = arena.Carve<uint16_t>(1);
}

void Pins::KmapEnd(ActorId actor, Pfn page, Vaddr address) {
  pages_[page].sure++;
  pages_[page].address = address;
  of(actor, page)++;
}

void Pins::StrayUnmapBegin(ActorId actor) {
  *stray_ |= static_cast<uint16_t>(1u << actor);
  for (int page = 0; page < page_count_; page++)
    if (--pages_[page].sure <= 0) pages_[page].address = 0;
}

bool Pins::KunmapBegin(ActorId actor, Pfn page) {
  const bool steals = of(actor, page) <= 0;
  of(actor, page)--;
  if (--pages_[page].sure <= 0) pages_[page].address = 0;  // equal states stay equal
  return steals;
}

}  // namespace highmem::model
