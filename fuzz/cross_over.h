// Two fuzz inputs made one, record by record (trace/fuzz_codec.h). The head of the first is the
// head of the child, and no record of the other's is cut or takes its place.
#ifndef HIGHMEM_FUZZ_CROSS_OVER_H_
#define HIGHMEM_FUZZ_CROSS_OVER_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "fuzz/dice.h"

namespace highmem {

enum class CrossOver : uint8_t {
  tail,        // some first records of `a`, then some last ones of `b`
  splice,      // up to 16 records in a row of `b` come into `a`, anywhere behind its head
  interleave,  // records of both in turn, a few at a time, in the order of each
  kCount
};

// Writes the child to out[0, max_size). Returns its size, or 0 if it cannot be done: `a` without a
// head, `b` without a record behind its own, no room. Same inputs, same dice: same child.
size_t CrossRecords(CrossOver how, std::span<const uint8_t> a, std::span<const uint8_t> b,
                    uint8_t* out, size_t max_size, Dice* dice);

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_CROSS_OVER_H_
