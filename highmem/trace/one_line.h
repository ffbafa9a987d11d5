// A trace as one line, to be pasted into a chat, a commit message or a command line: the text form
// with its lines behind each other.
//
//   hm1:profile x86_tiny cpus=1;page A high;task T1@0:;a = kmap A;kunmap a;schedule:;start T1
#ifndef HIGHMEM_TRACE_ONE_LINE_H_
#define HIGHMEM_TRACE_ONE_LINE_H_

#include <string>
#include <string_view>

#include "highmem/trace/text.h"
#include "highmem/trace/trace.h"

namespace highmem {

inline constexpr std::string_view kOneLineMagic = "hm1:";

// The trace must have passed CheckTrace.
std::string PrintOneLine(const Trace& trace);

inline bool IsOneLine(std::string_view text) { return text.starts_with(kOneLineMagic); }

// Reads what PrintOneLine wrote; lines of *error count the parts between semicolons, the first
// being 1. Else as ParseTrace.
bool ParseOneLine(std::string_view text, Trace* out, ParseError* error);

}  // namespace highmem

#endif  // HIGHMEM_TRACE_ONE_LINE_H_
