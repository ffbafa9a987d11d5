// What a caller has done to itself. (DESIGN section 4, misuse lane)
#ifndef HIGHMEM_VERDICT_CALLERS_OWN_H_
#define HIGHMEM_VERDICT_CALLERS_OWN_H_

#include "highmem/trace/finding_id.h"

namespace highmem {

// True if a program of the misuse lane may end so though the implementation did all it owes: it
// left sections open (B1); or waits for what it will never be given, or for itself (L1, L3, I16);
// or a handler left a map in a slot between a map's look at it and its use (X12); or a map that was
// left behind keeps its dirty lines where another page comes to be mapped (D3).
inline bool CallersOwn(FindingId id) {
  constexpr int kHangs = 67;  // the exit code (trace/ids.def)
  if (id == FindingId::B1 || id == FindingId::X12 || id == FindingId::D3) return true;
  return id != FindingId::kNone && Info(id).exit_code == kHangs;
}

}  // namespace highmem

#endif  // HIGHMEM_VERDICT_CALLERS_OWN_H_
