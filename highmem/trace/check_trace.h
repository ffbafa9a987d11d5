// What keeps a trace from being executed, and where in it: CheckTrace with an address. For the text
// parser, which knows the line, and for whoever builds traces.
//
// A trace that passes is canonical as well, so that every codec gives back exactly what it was
// given:
//   - ops lie actor by actor, expectations op by op, conditions check by check, nothing in between;
//     an op without expectations has expect_first 0
//   - variables are numbered in the order in which the program first makes them; all are made
//   - names equal to the default are empty; fields that count for nothing hold their default
#ifndef HIGHMEM_TRACE_CHECK_TRACE_H_
#define HIGHMEM_TRACE_CHECK_TRACE_H_

#include <cstdint>
#include <string>

#include "highmem/trace/trace.h"

namespace highmem {

inline constexpr size_t kAnyPages = 32;     // bits of Op::any
inline constexpr size_t kMaxVars = 0x7fff;  // of one actor: Op::var

struct TraceProblem {
  enum class Where : uint8_t {
    trace,
    profile,
    page,
    actor,
    op,
    schedule,
    decision,
    ignored,
    verdict
  };
  Where where = Where::trace;
  uint32_t index = 0;    // page, actor, op, decision, ignored, verdict: into the trace's vector
  std::string sentence;  // one line, no full stop
};

// True, and *problem filled in, if the trace cannot be executed. No heap use if it can and all
// names are default ones.
bool FindProblem(const Trace& trace, TraceProblem* problem);

// High frames that the trace's fill and rotate ops may take, FillerPfn(trace, 0) the first: as many
// as all fills keep, and where there is a rotate one more a slot and a colour, because every slot
// may hold a filler when it needs one that has none.
int64_t FillerCount(const Trace& trace);

// What a profile must have for the op to exist there, "high_get=1"; empty if it has.
std::string_view OpNeeds(const Profile& profile, OpCode code);

// True if the op can end with this result (pkmap to fault).
bool ResultIsLegal(const Profile& profile, OpCode code, ExpectKind kind);

// Numbers that an expectation can hold, both ends included; {0, 0} for one without a number.
struct NumberRange {
  int32_t min;
  int32_t max;
};
NumberRange RangeOf(const Profile& profile, ExpectKind kind);

// Empty if the op can be expected to end like this, else what is wrong, as "expected X, found Y".
std::string WrongExpectation(const Trace& trace, const Op& op, const Expect& expect);

// One past the last virtual page number (machine/layout.h).
inline uint32_t VpnCount(const Profile& p) {
  return static_cast<uint32_t>(p.last_pkmap + p.window_pages() * p.cpus + p.vmap_pages);
}

}  // namespace highmem

#endif  // HIGHMEM_TRACE_CHECK_TRACE_H_
