// docs/CONFORMANCE.md: which rule of SPEC.md is exercised by what, and which by nothing.
//
// A trace of corpus/ says in its first comment what it is about: "# SPEC P13, X9: ...". Every
// expectation of a litmus file can fail (//corpus:litmus_negation_test), and every id of
// docs/INVARIANTS.md fires on a mutant (//highmem/mutants:fires_test), so a row that names one of
// either has been tested.
#ifndef CI_CONFORMANCE_CONFORMANCE_H_
#define CI_CONFORMANCE_CONFORMANCE_H_

#include <string>

namespace highmem {

// The whole page. `root` is the tree that has corpus/ and fuzz/.
std::string ConformancePage(const std::string& root);

}  // namespace highmem

#endif  // CI_CONFORMANCE_CONFORMANCE_H_
