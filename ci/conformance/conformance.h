// docs/CONFORMANCE.md: which rule of SPEC.md is exercised by what, and which by nothing.
//
// A trace of corpus/ says in its first comment what it is about: "# SPEC P13, G.4-5: ...", a mutant
// above its patch what it breaks. Every expectation of a litmus file can fail
// (//corpus:litmus_negation_test), every mutant is found by its test, and every id of
// docs/INVARIANTS.md fires on one (//highmem/mutants:fires_test), so a row that names one of either
// has been tested.
#ifndef CI_CONFORMANCE_CONFORMANCE_H_
#define CI_CONFORMANCE_CONFORMANCE_H_

#include <string>

namespace highmem {

// The whole page. `root` is the tree that has docs/, corpus/, fuzz/ and highmem/mutants/.
std::string ConformancePage(const std::string& root);

}  // namespace highmem

#endif  // CI_CONFORMANCE_CONFORMANCE_H_
