// What local and atomic maps are live, newest on top: one stack a task, which whatever interrupts
// the task uses on top of the task's own, and one a CPU's idle task. Knows of a map its page, who
// made it and the address it was told, and that a release takes the newest map away, whatever
// address it is given; in era E1 the map of that address, if it is the slot's. (SPEC G.2 to G.5, E,
// F)
//
// Two things cannot be told from outside once misuse has been at work:
//   tainted   an address whose map went although another one was named: the machine may go on
//             translating it, until the next map there has been released in order
//   lost      a handler left a map behind, or took one away, in the middle of somebody's call: from
//             then on nothing is promised of local maps
#ifndef HIGHMEM_MODEL_LOCALS_H_
#define HIGHMEM_MODEL_LOCALS_H_

#include <cstddef>
#include <cstdint>

#include "highmem/machine/types.h"

namespace highmem::model {

class Locals {
 public:
  // Carves from the arena.
  void Begin(int stacks);

  // A call that makes a map in a slot; End: it has returned this address.
  void MapBegin(int stack) { under_way_[stack].maps++; }
  void MapEnd(int stack, ActorId owner, Pfn page, Vaddr address);
  // It has pinned the page elsewhere instead.
  void MapGivenUp(int stack) { under_way_[stack].maps--; }
  // A call that releases the newest map, given an address of the window. `anywhere`: the actor may
  // have interrupted a switch of tasks.
  void UnmapBegin(int stack, ActorId actor, Vaddr address, bool anywhere);
  void UnmapEnd(int stack, Vaddr address);
  // E1: a call that releases the map at an address of the window, if it names the slot there.
  void SlotUnmapBegin(int stack, ActorId actor, Vaddr address);
  void SlotUnmapEnd(int stack, Vaddr address, bool right);
  // A handler's program has ended. What it has not released stays.
  void HandlerEnd(int stack, ActorId handler, bool anywhere);

  void Lose() { shared_->lost = 1; }
  bool lost() const { return shared_->lost != 0; }
  // Maps beyond doubt.
  int depth(int stack) const { return counts_[stack]; }
  // Somewhere a slot may hold what nobody has there: an unmap out of order, where entries are
  // cleared by address or the address chooses the slot's colour, leaves one behind. (SPEC G.5, X33)
  bool MayHaveLeftAnEntry() const;
  // What is mapped next may be accessed through a translation of what was there.
  bool SomeAddressIsTainted() const;
  // Somebody has a live map of this page.
  bool Maps(Pfn page) const;
  // Nobody is in a call on this stack.
  bool quiet(int stack) const {
    return under_way_[stack].maps == 0 && under_way_[stack].unmaps == 0;
  }
  // One map more than fits: may be, counting the calls under way, or beyond doubt.
  bool MayOverflow(int stack) const { return counts_[stack] + under_way_[stack].maps > capacity_; }
  bool IsFull(int stack) const { return counts_[stack] - under_way_[stack].unmaps >= capacity_; }
  bool SomeStackIsFull() const;
  // E1: somebody has a live map at this address.
  bool InUse(Vaddr start) const;
  // The newest map's address is in this page; false if there is none.
  bool IsNewest(int stack, Vaddr start) const {
    return counts_[stack] > 0 && Top(stack).address == start;
  }
  // The same, or the address of the newest map's slot in another colour: an unmap cannot tell.
  bool IsInNewestSlot(int stack, Vaddr start) const;
  ActorId NewestOwner(int stack) const { return counts_[stack] > 0 ? Top(stack).owner : kNoActor; }
  // The page mapped at this address, kNoPfn if there is no such map.
  Pfn PageAt(int stack, Vaddr start) const;
  // The actor's own map of the page at this address, and nothing has made it doubtful.
  bool IsGood(int stack, ActorId actor, Pfn page, Vaddr start) const;

 private:
  struct Map {
    Vaddr address;
    Pfn page;
    ActorId owner;
    uint8_t tainted;
  };
  struct UnderWay {
    uint8_t maps;
    uint8_t unmaps;
  };
  struct Shared {
    uint8_t lost;
  };

  Map* StackOf(int stack) const { return maps_ + static_cast<ptrdiff_t>(stack) * capacity_; }
  const Map& Top(int stack) const { return StackOf(stack)[counts_[stack] - 1]; }
  uint8_t& TaintOf(Vaddr address) const;
  bool OwnedBy(int stack, ActorId actor) const;
  bool RemoveAt(int stack, Vaddr start);

  Map* maps_ = nullptr;        // [stack][capacity]
  uint8_t* counts_ = nullptr;  // [stack]
  UnderWay* under_way_ = nullptr;
  uint8_t* tainted_ = nullptr;  // [address of the window, by index]
  Shared* shared_ = nullptr;
  int capacity_ = 0;
  int stacks_ = 0;
};

}  // namespace highmem::model

#endif  // HIGHMEM_MODEL_LOCALS_H_
