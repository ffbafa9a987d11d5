// What a target fuzzes; each target's own file defines it.
#ifndef HIGHMEM_FUZZ_TARGET_SPEC_H_
#define HIGHMEM_FUZZ_TARGET_SPEC_H_

#include <cstddef>
#include <cstdint>

#include "highmem/trace/fuzz_codec.h"

namespace highmem {

struct TargetSpec {
  const char* profile = nullptr;
  FuzzMix mix = FuzzMix::pkmap;
  // Instead of the above: an input's first byte chooses one of so many.
  const TargetSpec* any_of = nullptr;
  size_t count = 0;
  // Programs as the bytes have them, mistakes of callers included (the misuse lane).
  bool misuse = false;
};
extern const TargetSpec kTarget;

// An input's machine, and its bytes behind those that choose it.
struct ChosenInput {
  const TargetSpec& spec;
  const uint8_t* data;
  size_t size;
};
inline ChosenInput Choose(const TargetSpec& target, const uint8_t* data, size_t size) {
  if (target.count == 0) return {target, data, size};
  if (size == 0) return {target.any_of[0], data, 0};
  return {target.any_of[data[0] % target.count], data + 1, size - 1};
}

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_TARGET_SPEC_H_
