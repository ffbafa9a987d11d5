// What the model says of an event.
#ifndef HIGHMEM_MODEL_OPINION_H_
#define HIGHMEM_MODEL_OPINION_H_

#include <cstdint>

#include "highmem/machine/types.h"
#include "highmem/trace/finding_id.h"

namespace highmem::model {

// What the model has to object to, id kNone if nothing.
struct Opinion {
  FindingId id = FindingId::kNone;
  uint32_t object = 0;  // D1, D2, I47: address · S1, X: pfn · S1 of a diagnosis: site
  int64_t expected = 0;
  int64_t actual = 0;
  Pfn page = kNoPfn;
};

}  // namespace highmem::model

#endif  // HIGHMEM_MODEL_OPINION_H_
