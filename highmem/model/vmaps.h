// The ranges that vmap and vm_map_ram have given out and not been asked back: what is live there is
// the page they were made of. (SPEC H)
#ifndef HIGHMEM_MODEL_VMAPS_H_
#define HIGHMEM_MODEL_VMAPS_H_

#include <cstdint>

#include "highmem/trace/trace.h"

namespace highmem::model {

class Vmaps {
 public:
  // Carves from the arena: room for as many as the trace has ops that make one.
  void Begin(const Trace& trace);

  // False if the range overlaps one that is live, or there is no such range.
  bool Add(Vaddr start, Pfn page, int pages, bool ram);
  // Forgets the range that begins there; false if there is none of this kind.
  bool Remove(Vaddr start, bool ram);
  bool Has(Vaddr start, bool ram) const { return Find(start, ram) >= 0; }
  // The address lies in a live range of the page.
  bool Shows(Vaddr address, Pfn page) const;
  // Somebody has asked back what was not his to: nothing is known any more.
  void Lose() { *lost_ = 1; }
  bool lost() const { return *lost_ != 0; }

 private:
  struct Range {
    Vaddr start;  // 0: unused
    Pfn page;
    uint16_t pages_and_ram;  // pages * 2 + 1 if of vm_map_ram
  };
  int Find(Vaddr start, bool ram) const;

  Range* ranges_ = nullptr;
  uint8_t* lost_ = nullptr;
  int capacity_ = 0;
};

}  // namespace highmem::model

#endif  // HIGHMEM_MODEL_VMAPS_H_
