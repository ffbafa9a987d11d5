// How a checker says that a rule is broken. Checkers return nothing and stop nothing: the first
// report of a run becomes its Finding, and what comes later is hearsay. (DESIGN decision 4)
#ifndef HIGHMEM_CHECK_REPORT_H_
#define HIGHMEM_CHECK_REPORT_H_

#include <cstdint>

#include "highmem/machine/event.h"
#include "highmem/machine/types.h"
#include "highmem/trace/finding_id.h"

namespace highmem {

// What kind of thing a number names. Part of the identity of a finding: a shrinker may rename page
// A to page B, but must not slip from a page to a lock.
enum class Role : uint8_t {
  none,
  page,
  slot,
  byte,
  lock,
  task,
  actor,
  queue,
  site,
  stack,
  window,  // a slot of some CPU's kmap window: slot + KM_MAX_IDX * CPU
  cpu,
};

struct Breach {
  FindingId id = FindingId::kNone;
  Role role = Role::none;
  uint32_t object =
      0;  // role page: pfn · slot: pkmap slot · byte: address · lock, task, ...: number
  int64_t expected = 0;  // as far as the id has numbers
  int64_t actual = 0;
  Pfn page = kNoPfn;         // the page concerned, if the object is not one itself
  ActorId whose = kNoActor;  // whose map it is, where local maps are concerned
};

class Reporter {
 public:
  // `event` is where it showed: its context is who did it, or who was there when it came to light.
  virtual void Report(const Event& event, const Breach& breach) = 0;

 protected:
  ~Reporter() = default;
};

// How much a checker remembers; an explorer turns off what would make the state space infinite.
enum class History : uint8_t {
  stateless,  // judges the state as it is
  finite,     // remembers something, out of finitely many values
  unbounded,  // counts without end
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_REPORT_H_
