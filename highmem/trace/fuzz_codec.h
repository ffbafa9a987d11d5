// The byte form of traces for fuzzers: fixed-width records, so that a changed, inserted or lost
// byte changes little. Every string of bytes is a trace, and most are valid programs that fill the
// pool. Layout: docs/TRACE_FORMAT.md "Fuzz bytes".
//
// The bytes are relative to a profile, which is not part of them. They hold pages, actors, ops and
// `after` decisions; expectations, verdicts, checks, names and anchors they cannot say.
#ifndef HIGHMEM_TRACE_FUZZ_CODEC_H_
#define HIGHMEM_TRACE_FUZZ_CODEC_H_

#include <cstddef>
#include <cstdint>

#include "highmem/trace/trace.h"

namespace highmem {

inline constexpr size_t kFuzzRecordSize = 4;
inline constexpr size_t kFuzzMaxOps = 64;
inline constexpr size_t kFuzzMaxDecisions = 64;
inline constexpr size_t kFuzzMaxSize = kFuzzRecordSize * (1 + kFuzzMaxOps + 2 * kFuzzMaxDecisions);

// What the wishes of the bytes are mostly about. Part of the target, not of the bytes.
enum class FuzzMix : uint8_t {
  pkmap,     // persistent maps; handlers are hardirqs
  local,     // local and atomic maps; handlers of every kind
  dma,       // kmap, pins and local maps, and pages that a device has; handlers of every kind
  arch,      // local and atomic maps, kmap, and what only some machines have; every kind of handler
  high_get,  // kmap_high_get, kmap and local maps of the same pages; handlers of every kind
  hotplug,   // local and atomic maps, kmap, and CPUs that go and come back; handlers of every kind
};

// Makes *out the trace that the bytes stand for. Total: the result passes CheckTrace, whatever the
// bytes. The lane filter has not been over it. Once *out and the decoder have seen larger traces it
// allocates nothing.
void DecodeFuzz(const uint8_t* data, size_t size, const Profile& profile, Trace* out,
                FuzzMix mix = FuzzMix::pkmap);

// Bytes that decode, with trace.profile and the mix, to the trace as far as bytes can say it: a
// decoded trace comes back as it was, and a trace that does not is a shorter one of the same kind.
// Returns their number, or 0 if they are more than cap; kFuzzMaxSize is always enough.
size_t EncodeFuzz(const Trace& trace, uint8_t* out, size_t cap, FuzzMix mix = FuzzMix::pkmap);

}  // namespace highmem

#endif  // HIGHMEM_TRACE_FUZZ_CODEC_H_
