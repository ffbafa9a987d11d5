// What a target fuzzes; each target's own file defines it.
#ifndef HIGHMEM_FUZZ_TARGET_SPEC_H_
#define HIGHMEM_FUZZ_TARGET_SPEC_H_

#include "highmem/trace/fuzz_codec.h"

namespace highmem {

struct TargetSpec {
  const char* profile;
  FuzzMix mix;
};
extern const TargetSpec kTarget;

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_TARGET_SPEC_H_
