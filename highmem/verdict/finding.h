// A Finding is a broken rule as a value: which rule, who broke it where, what was seen and what was
// right. Only a fuzz target's main turns it into an abort. (DESIGN decision 4, section 4)
#ifndef HIGHMEM_VERDICT_FINDING_H_
#define HIGHMEM_VERDICT_FINDING_H_

#include <cstdint>
#include <string>

#include "highmem/check/report.h"
#include "highmem/machine/event.h"
#include "highmem/trace/finding_id.h"
#include "highmem/trace/trace.h"

namespace highmem {

struct Finding {
  FindingId id = FindingId::kNone;
  Role role = Role::none;
  OpCode op = OpCode::kCount;  // op during which it showed, kCount outside of one
  ActorId actor = kNoActor;    // whose op
  uint16_t op_index = 0;
  CpuId cpu = 0;
  ContextId ctx = 0;
  uint64_t step = 0;
  uint32_t object =
      0;  // role page: pfn · slot: pkmap slot · byte: address · lock, task, ...: number
  int64_t expected = 0;  // as far as the id has numbers; what they are: finding.cc
  int64_t actual = 0;
  Pfn page = kNoPfn;                      // the page concerned, if `object` is not one itself
  ActorId whose = kNoActor;               // whose local map it is, if it is about one
  EventKind event = EventKind::op_begin;  // where it showed

  explicit operator bool() const { return id != FindingId::kNone; }
};

// Same failure for a shrinker: (id, op kind, role).
inline bool SameFailure(const Finding& a, const Finding& b) {
  return a.id == b.id && a.op == b.op && a.role == b.role;
}

// One sentence a kernel engineer understands without knowing the harness: who observed what, what
// was right, which rule. Names from the trace; no trailing newline.
std::string Sentence(const Finding& finding, const Trace& trace);

}  // namespace highmem

#endif  // HIGHMEM_VERDICT_FINDING_H_
