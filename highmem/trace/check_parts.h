// The parts of FindProblem, one a file. Each returns false, with *problem filled in, at the first
// thing wrong; what the parts named before it check may be relied on.
#ifndef HIGHMEM_TRACE_CHECK_PARTS_H_
#define HIGHMEM_TRACE_CHECK_PARTS_H_

#include "highmem/trace/check_trace.h"
#include "highmem/trace/words.h"

namespace highmem {

inline constexpr int kMaxByte = 255;

bool CheckMachine(const Trace& trace, TraceProblem* problem);  // profile, pages, actors
bool CheckNames(const Trace& trace, TraceProblem* problem);
bool CheckPrograms(const Trace& trace, TraceProblem* problem);  // ops and their expectations
bool CheckSchedule(const Trace& trace, TraceProblem* problem);
bool CheckVerdicts(const Trace& trace, TraceProblem* problem);  // and what is ignored

// What stands behind "found": 'T1', or "number 5" if there is no such actor.
std::string DescribeActor(const Trace& trace, size_t actor);

// Empty if the condition can be evaluated.
std::string WrongCond(const Trace& trace, const Cond& cond);

// Fills in *problem; always false.
template <typename... Parts>
bool Fail(TraceProblem* problem, TraceProblem::Where where, size_t index, const Parts&... parts) {
  problem->where = where;
  problem->index = static_cast<uint32_t>(index);
  problem->sentence = Concat(parts...);
  return false;
}

}  // namespace highmem

#endif  // HIGHMEM_TRACE_CHECK_PARTS_H_
