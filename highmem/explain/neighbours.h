// Traces one edit away from a failing one, and whether they fail as well: the nearest that passes
// says what the failure needs, and those that fail the same way say what it does not care about.
#ifndef HIGHMEM_EXPLAIN_NEIGHBOURS_H_
#define HIGHMEM_EXPLAIN_NEIGHBOURS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "highmem/trace/executor.h"
#include "highmem/verdict/judge.h"

namespace highmem {

// From the nearest to the farthest; within one kind by `distance`.
enum class EditKind : uint8_t {
  moment,  // a decision fires some micro-steps earlier or later, at most 100
  no_decision,
  operand,  // another page, byte or value
  no_op,    // with what needs it
  machine,  // another value of one number of the profile
};

struct Neighbour {
  EditKind kind = EditKind::moment;
  uint32_t part = 0;  // decision, op (flat), or field of ProfileFields()
  int distance = 0;   // moment: micro-steps, negative: earlier; machine: the other value
  Finding finding;    // id kNone: it passes
  bool same = false;  // fails in the same way (verdict/finding.h: SameFailure)
  std::string edit;   // "T1's `store a+3 7` stores 8 instead"
};

// Every one that is a trace, and stays in its lane without help, sorted; the trace's schedule is a
// list of decisions, under which it ends in `finding`: best by anchors (shrink/anchor.h), which
// survive edits. The edited ones run under what their decisions become (best-effort replay). Uses
// executor and judge.
std::vector<Neighbour> Neighbours(Executor& executor, Judge& judge, const Trace& trace,
                                  const Finding& finding);

}  // namespace highmem

#endif  // HIGHMEM_EXPLAIN_NEIGHBOURS_H_
