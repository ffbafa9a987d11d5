// Seeded random traces: valid programs that fill the pool, with a few decisions. Equal on every
// compiler and machine.
#ifndef HIGHMEM_TRACE_GENERATE_H_
#define HIGHMEM_TRACE_GENERATE_H_

#include <cstdint>

#include "highmem/trace/fuzz_codec.h"
#include "highmem/trace/trace.h"

namespace highmem {

// Makes *out the trace of this seed: random fuzz bytes, decoded, in the valid lane and filtered. Up
// to `records` ops and decisions (trace/fuzz_codec.h).
void GenerateTrace(uint64_t seed, const Profile& profile, int records, Trace* out,
                   FuzzMix mix = FuzzMix::pkmap);

}  // namespace highmem

#endif  // HIGHMEM_TRACE_GENERATE_H_
