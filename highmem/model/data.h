// What every byte of the declared pages holds, as the programs know it: initial bytes, then
// whatever was stored through a pointer issued for the page. A page is tainted once misuse has made
// its contents, or a pointer to it, unreliable; nothing is promised about it from then on. (DESIGN
// section 4, misuse lane)
#ifndef HIGHMEM_MODEL_DATA_H_
#define HIGHMEM_MODEL_DATA_H_

#include <cstdint>
#include <vector>

#include "highmem/trace/trace.h"

namespace highmem::model {

class Data {
 public:
  // Carves from the arena.
  void Begin(const Trace& trace);

  // False for pages that no program can access: fillers, and what does not exist.
  bool Knows(uint32_t pfn) const { return pfn < where_.size() && where_[pfn] >= 0; }

  // The page must be known, the offset inside it.
  uint8_t Byte(Pfn page, uint32_t offset) const { return bytes_[where_[page] + offset]; }
  void Store(Pfn page, uint32_t offset, uint8_t value) {
    bytes_[where_[page] + offset] = value;
    if (forgotten_ != nullptr) forgotten_[where_[page] + offset] = 0;
  }

  // What the byte was is lost: whatever is read there next, it is that.
  void Forget(Pfn page);
  bool Forgotten(Pfn page, uint32_t offset) const {
    return forgotten_ != nullptr && forgotten_[where_[page] + offset] != 0;
  }

  bool Tainted(Pfn page) const { return tainted_[page] != 0; }
  void Taint(uint32_t pfn) {
    if (pfn < where_.size()) tainted_[pfn] = 1;
  }

 private:
  std::vector<int32_t> where_;  // [pfn] first byte in bytes_, -1 if unknown; constant during a run
  uint8_t* bytes_ = nullptr;
  uint8_t* tainted_ = nullptr;    // [pfn]
  uint8_t* forgotten_ = nullptr;  // as bytes_, null where software sees no cache
};

}  // namespace highmem::model

#endif  // HIGHMEM_MODEL_DATA_H_
