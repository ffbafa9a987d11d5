// The negation test: a test suite whose expectations are turned round one at a time must fail each
// time, or the expectation tests nothing. (RULINGS 12)
#ifndef HIGHMEM_TRACE_NEGATE_H_
#define HIGHMEM_TRACE_NEGATE_H_

#include <functional>
#include <string>

#include "highmem/trace/trace.h"

namespace highmem {

// Calls `negated` with one trace for every expectation of a trace that passed CheckTrace, equal to
// it but for that one:
//   outcome of an op (alternatives count as one) -> another legal number of the same kind, else
//   another
//     result the op can have, else a BUG that nobody expects
//   check, final -> the opposite comparison
//   forbid <-> allow
//   expect pass -> expect an id; expect an id or HANG -> expect pass, or another id if it is not
//   the
//     only `expect`; expect a diagnosis -> the same diagnosis at another site
// Where the original holds, the negated trace must not. In order: ops, then verdicts. All pass
// CheckTrace. `what` is a line without its end: "T1.2 kmap A: '-> pkmap:1' becomes '-> pkmap:2'".
void ForEachNegation(
    const Trace& trace,
    const std::function<void(const Trace& negated, const std::string& what)>& negated);

}  // namespace highmem

#endif  // HIGHMEM_TRACE_NEGATE_H_
