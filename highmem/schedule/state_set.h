// A set of 64-bit state hashes: open addressing, 8 bytes a slot, at most two thirds full.
#ifndef HIGHMEM_SCHEDULE_STATE_SET_H_
#define HIGHMEM_SCHEDULE_STATE_SET_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace highmem {

class StateSet {
 public:
  StateSet() : slots_(1 << 16) {}

  // True if the hash was not in the set yet.
  bool Insert(uint64_t hash) {
    if (hash == 0) hash = 1;  // 0 marks an empty slot
    if (count_ * 3 > slots_.size() * 2) Grow();
    if (!Put(hash)) return false;
    count_++;
    return true;
  }
  uint64_t size() const { return count_; }

 private:
  bool Put(uint64_t hash) {
    const size_t mask = slots_.size() - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
      if (slots_[i] == hash) return false;
      if (slots_[i] != 0) continue;
      slots_[i] = hash;
      return true;
    }
  }
  void Grow() {
    std::vector<uint64_t> old(slots_.size() * 2);
    old.swap(slots_);
    for (const uint64_t hash : old)
      if (hash != 0) Put(hash);
  }

  std::vector<uint64_t> slots_;
  uint64_t count_ = 0;
};

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_STATE_SET_H_
