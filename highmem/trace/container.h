// The byte form of a trace for files: strict, checksummed, lossless. Words (ops, primitives, sites,
// ids) are stored as words, so that a container outlives a change in the order of a table.
// (docs/TRACE_FORMAT.md; the bytes of a fuzzer are another form, trace/fuzz_codec.h)
#ifndef HIGHMEM_TRACE_CONTAINER_H_
#define HIGHMEM_TRACE_CONTAINER_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "highmem/trace/trace.h"

namespace highmem {

inline constexpr std::string_view kContainerMagic = "HMT1";
inline constexpr uint16_t kContainerVersion = 3;
inline constexpr size_t kContainerHeader = 18;  // bytes before the payload

// The trace must have passed CheckTrace.
std::string EncodeContainer(const Trace& trace);

// The version of bytes that begin as a container does, 0 of others.
uint16_t ContainerVersionOf(std::string_view bytes);

// Reads what EncodeContainer wrote, in this version or an earlier one; what it returns has passed
// CheckTrace. On false *out is empty and *error one sentence without a full stop. Never crashes,
// whatever the bytes; takes memory in proportion to them.
bool DecodeContainer(std::string_view bytes, Trace* out, std::string* error);

// For those who change a container's bytes and want more of them looked at than the header: length
// and checksum come to fit the payload. Bytes that do not begin as a container stay as they are.
void FitContainerHeader(char* bytes, size_t size);

}  // namespace highmem

#endif  // HIGHMEM_TRACE_CONTAINER_H_
