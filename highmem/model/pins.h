// Who holds which page mapped: pages -> pins, per actor. Knows nothing of where a page is mapped
// beyond the address the callers were told. (SPEC C.2, C.7)
#ifndef HIGHMEM_MODEL_PINS_H_
#define HIGHMEM_MODEL_PINS_H_

#include <cstdint>

#include "highmem/machine/types.h"

namespace highmem::model {

class Pins {
 public:
  // Carves from the arena.
  void Begin(int actors, int pages);

  void KmapBegin(Pfn page) { pages_[page].begun++; }
  void KmapEnd(ActorId actor, Pfn page, Vaddr address);
  // A call that might have pinned the page has not.
  void KmapGivenUp(Pfn page) { pages_[page].begun--; }
  // True if the actor releases what it does not hold: somebody else's pin goes.
  bool KunmapBegin(ActorId actor, Pfn page);
  void KunmapEnd(Pfn page) { pages_[page].begun--; }
  // kunmap_local of a pkmap address behind which nobody surely has the page: what it does depends
  // on a slot, which nobody here knows of. (SPEC X14) It may take a pin of any page.
  void StrayUnmapBegin(ActorId actor);
  void StrayUnmapEnd(ActorId actor) { *stray_ &= static_cast<uint16_t>(~(1u << actor)); }
  bool InStrayUnmap(ActorId actor) const { return (*stray_ >> actor & 1) != 0; }
  void Post(ActorId actor, Pfn page) { of(actor, page)--; }
  void Take(ActorId actor, Pfn page) { of(actor, page)++; }

  // Pinned beyond doubt: a kmap has returned and no kunmap that could undo it has begun.
  bool SurelyPinned(Pfn page) const { return pages_[page].sure > 0; }
  // Some order of the calls under way would leave the next kunmap without a pin.
  bool MayBeUnpinned(Pfn page) const { return pages_[page].sure < 0; }
  // More kunmaps have returned than kmaps have begun: no order of the calls explains that.
  bool Overdrawn(Pfn page) const { return pages_[page].begun < 0; }
  bool Holds(ActorId actor, Pfn page) const { return of_[actor * page_count_ + page] > 0; }

  // The address that the latest kmap of the page gave, 0 if it is not surely pinned.
  Vaddr address(Pfn page) const { return pages_[page].address; }

 private:
  struct Page {
    Vaddr address;
    int16_t sure;   // kmaps returned - kunmaps begun
    int16_t begun;  // kmaps begun - kunmaps returned
  };

  int16_t& of(ActorId actor, Pfn page) { return of_[actor * page_count_ + page]; }

  Page* pages_ = nullptr;
  int16_t* of_ = nullptr;      // [actor][page]
  uint16_t* stray_ = nullptr;  // mask of actors
  int page_count_ = 0;
};

}  // namespace highmem::model

#endif  // HIGHMEM_MODEL_PINS_H_
