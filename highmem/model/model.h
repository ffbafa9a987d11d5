// The abstract oracle: pages, pins, bytes, and the diagnosis each mistake must get. It sees what
// the programs asked for and what they got, nothing of how: no page table, no TLB, no slot, no
// lock.
//
//   D1  a load through a pointer to a page yields the byte stored there last
//   D2  an access through a pointer that is good does not fault
//   S1  results are of the right kind, and no diagnosis strikes a call that is right
//   X2  a kunmap nobody's kmap pays for does not return
//
// A pointer is good while its page is pinned, and stands for the page it was issued for, wherever
// the machine translates it to. Calls under way take effect at some moment that nobody outside
// knows; the model objects only if no order of them explains what it saw.
//
// Caught: every mutant whose damage reaches data (D1, D2), whatever its mechanism.
#ifndef HIGHMEM_MODEL_MODEL_H_
#define HIGHMEM_MODEL_MODEL_H_

#include <cstdint>

#include "highmem/model/actors.h"
#include "highmem/model/data.h"
#include "highmem/model/locals.h"
#include "highmem/model/pins.h"
#include "highmem/trace/finding_id.h"
#include "highmem/trace/trace.h"

namespace highmem::model {

// What the model has to object to, id kNone if nothing.
struct Opinion {
  FindingId id = FindingId::kNone;
  uint32_t object = 0;  // D1, D2: address · S1, X2: pfn · S1 of a diagnosis: site
  int64_t expected = 0;
  int64_t actual = 0;
  Pfn page = kNoPfn;
};

class Model {
 public:
  // Carves from the arena.
  void Begin(const Trace& trace);

  // Wants op_begin, op_end, actor_end, post, load, store, fault, bug, warn and splat.
  Opinion OnEvent(const Event& event);

  // A bug, warn or splat event that the caller's mistake explains.
  bool Deserved(const Event& diagnosis) const;

 private:
  void OpBegin(const Event& event);
  Opinion OpEnd(const Event& event);
  Opinion JudgeAddress(const Event& op_end, const Actors::Call& call) const;
  Opinion JudgeLocalAddress(const Event& op_end, const Actors::Call& call) const;
  Opinion JudgePage(const Event& op_end, const Actors::Call& call) const;
  bool DeservedLocally(const Event& diagnosis, const Actors::Call& call) const;
  Opinion Access(const Event& event);
  Opinion Diagnosis(const Event& event) const;
  bool PointerIsGood(ContextId actor, const Actors::Call& call) const;
  void ForgetPinned(Pfn page);

  const Trace* trace_ = nullptr;
  Actors actors_;
  Pins pins_;
  Locals locals_;
  Data data_;
  uint16_t* pinned_ = nullptr;  // mask of actors whose page_address call has been covered by a pin
};

}  // namespace highmem::model

#endif  // HIGHMEM_MODEL_MODEL_H_
