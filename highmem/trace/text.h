// The text form of a trace, for people: one line an op, kernel spelling. (docs/TRACE_FORMAT.md)
#ifndef HIGHMEM_TRACE_TEXT_H_
#define HIGHMEM_TRACE_TEXT_H_

#include <span>
#include <string>
#include <string_view>

#include "highmem/trace/trace.h"

namespace highmem {

// The whole trace, ending in a newline. It must have passed CheckTrace.
std::string PrintTrace(const Trace& trace);

// Parts of it, without indent and newline, for reports. `index` counts from 0.
std::string PrintCall(const Trace& trace, ActorId actor, uint32_t index);  // a = kmap A
std::string PrintOp(const Trace& trace, ActorId actor, uint32_t index);    // a = kmap A -> pkmap:1
std::string PrintExpects(const Trace& trace,
                         std::span<const Expect> expects);                 // pkmap:1 | low count=2
std::string PrintCond(const Trace& trace, const Cond& cond);               // count(A)==2
std::string PrintDecision(const Trace& trace, const Decision& decision);   // at T1.3 pte_set -> H2
std::string PrintSlot(const Profile& profile, uint32_t vpn);               // pkmap:1, fix:0:2
std::string PrintDiagnosis(const Diagnosis& diagnosis);                    // BUG:kunmap_high_count
std::string PrintVerdict(const Trace& trace, const VerdictDecl& verdict);  // expect pass

// Where a text stops being a trace.
struct ParseError {
  std::string file;          // as given
  int line = 0;              // from 1
  int column = 0;            // from 1, in bytes
  std::string sentence;      // "expected X, found Y", no full stop
  std::string Text() const;  // file:line:column: sentence
};

// Reads a trace that passes CheckTrace, and ParseTrace(PrintTrace(t)) == t for every such t. On
// false *out is empty and *error says what to change; nothing else is written. Never crashes,
// whatever the bytes. `file_name` is for messages only.
bool ParseTrace(std::string_view text, std::string_view file_name, Trace* out, ParseError* error);

}  // namespace highmem

#endif  // HIGHMEM_TRACE_TEXT_H_
