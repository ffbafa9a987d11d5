// Which pkmap slots changed since they were last found to be in order. Lets a check that holds for
// all slots look at those few. (DESIGN section 10: cost per event, not per machine size)
#ifndef HIGHMEM_CHECK_DIRTY_SLOTS_H_
#define HIGHMEM_CHECK_DIRTY_SLOTS_H_

#include <bit>
#include <cstdint>

#include "highmem/machine/arena.h"

namespace highmem {

class DirtySlots {
 public:
  // All clean. Carves from the arena.
  void Begin(int slots) {
    slots_ = slots;
    words_ = (slots + 63) / 64;
    mask_ = arena.Carve<uint64_t>(words_);
  }

  // Numbers that are no slot are somebody else's.
  void Mark(uint32_t slot) {
    if (slot < static_cast<uint32_t>(slots_)) mask_[slot / 64] |= 1ull << slot % 64;
  }

  // Calls f(slot) for each dirty one, lowest first, and makes it clean.
  template <typename F>
  void Drain(F f) {
    for (int w = 0; w < words_; w++)
      for (; mask_[w] != 0; mask_[w] &= mask_[w] - 1) f(64 * w + std::countr_zero(mask_[w]));
  }

 private:
  uint64_t* mask_ = nullptr;
  int words_ = 0;
  int slots_ = 0;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_DIRTY_SLOTS_H_
