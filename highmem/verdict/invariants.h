// docs/INVARIANTS.md: every id, what it means, and where it is checked, tested and proven. Made
// from trace/ids.def and verdict/invariants.def; `hm invariants --markdown` prints it.
#ifndef HIGHMEM_VERDICT_INVARIANTS_H_
#define HIGHMEM_VERDICT_INVARIANTS_H_

#include <span>
#include <string>
#include <string_view>

#include "highmem/trace/finding_id.h"

namespace highmem {

struct IdSource {
  FindingId id;
  std::string_view checker;
  std::string_view test;
  std::string_view spec;
  std::string_view mutant;  // on which it fires, "" for none
  std::string_view trace;   // on which it fires there
};
// By id.
std::span<const IdSource> IdSources();

std::string_view ClassName(IdClass klass);

std::string InvariantsMarkdown();

// "ID MUTANT TRACE" for every id that fires on a mutant, a line each.
std::string FiresLines();

}  // namespace highmem

#endif  // HIGHMEM_VERDICT_INVARIANTS_H_
