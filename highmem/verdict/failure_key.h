// Which failures a campaign counts as one.
#ifndef HIGHMEM_VERDICT_FAILURE_KEY_H_
#define HIGHMEM_VERDICT_FAILURE_KEY_H_

#include <string>

#include "highmem/trace/trace.h"
#include "highmem/verdict/finding.h"

namespace highmem {

// "I7/kmap/slot/x86_tiny": what SameFailure compares, and the machine's name. One word, of
// characters that may stand in a file's name but for the '/'.
std::string FailureKey(const Finding& finding, const Trace& trace);

}  // namespace highmem

#endif  // HIGHMEM_VERDICT_FAILURE_KEY_H_
