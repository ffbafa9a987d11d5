// Who holds which local and atomic maps: a stack per actor, each map a page and the address the
// caller was told. An actor's own stack is all its program can tell; what interrupts it stacks on
// top and is gone before it goes on. (SPEC G.1, G.2, G.6)
#ifndef HIGHMEM_MODEL_LOCALS_H_
#define HIGHMEM_MODEL_LOCALS_H_

#include <cstdint>

#include "highmem/machine/types.h"
#include "highmem/trace/op.h"

namespace highmem::model {

// kmap_local_page and its kin; kunmap_local and kunmap_atomic.
bool MapsLocally(OpCode code);
bool UnmapsLocally(OpCode code);
// Of these, the ones that turn preemption and page faults off and on.
bool IsAtomic(OpCode code);

class Locals {
 public:
  struct Map {
    Vaddr address;
    Pfn page;
    uint8_t atomic;
    uint8_t real;  // takes a slot
  };

  // Carves from the arena.
  void Begin(int actors);

  void Map(ActorId actor, OpCode code, Pfn page, Vaddr address);
  // The release of this address. False if it is not the right one for the actor's newest map: then
  // nobody can say what its maps are worth from here on.
  bool Unmap(ActorId actor, OpCode code, Vaddr address);
  // A handler's program has ended.
  void Clear(ActorId actor);

  // The actor holds a map of the page at this address's page.
  bool Holds(ActorId actor, Pfn page, Vaddr address) const;
  // Maps of the actor that take a slot.
  int Real(ActorId actor) const;
  // After a misuse: pointers of local maps are worth nothing, diagnoses may come.
  bool OffTheRails() const { return *off_the_rails_ != 0; }
  void Derail() { *off_the_rails_ = 1; }

 private:
  // Maps of low pages beyond what fits are not remembered, and not judged.
  static constexpr int kLowMaps = 4;

  struct Map* stack(ActorId actor) const { return maps_ + actor * most_; }

  struct Map* maps_ = nullptr;  // [actor][most_], oldest first
  uint8_t* counts_ = nullptr;   // [actor]
  int most_ = 0;
  uint8_t* off_the_rails_ = nullptr;
};

}  // namespace highmem::model

#endif  // HIGHMEM_MODEL_LOCALS_H_
