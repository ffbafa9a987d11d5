// The abstract oracle: pages, pins, local maps, bytes, and the diagnosis each mistake must get. It
// sees what the programs asked for and what they got, and who interrupts whom, nothing of how: no
// page table, no TLB, no slot, no lock.
//
//   D1  a load through a pointer to a page yields the byte stored there last
//   D2  an access through a pointer that is good does not fault
//   S1  results are the right ones, and no diagnosis strikes a call that is right
//   X2  a kunmap nobody's kmap pays for does not return
//   X.. a mistake that owes a diagnosis gets it (duties.h)
//
// A pointer from kmap is good while its page is pinned; one from kmap_local or kmap_atomic, to its
// actor alone, while that map is live, wherever the task sleeps in between. It stands for the page
// it was issued for, wherever the machine translates it to. Calls under way take effect at some
// moment that nobody outside knows; the model objects only if no order of them explains what it
// saw.
//
// Caught: every mutant whose damage reaches data (D1, D2), whatever its mechanism.
#ifndef HIGHMEM_MODEL_MODEL_H_
#define HIGHMEM_MODEL_MODEL_H_

#include <cstdint>

#include "highmem/model/actors.h"
#include "highmem/model/data.h"
#include "highmem/model/duties.h"
#include "highmem/model/helpers.h"
#include "highmem/model/keys.h"
#include "highmem/model/locals.h"
#include "highmem/model/opinion.h"
#include "highmem/model/pins.h"
#include "highmem/model/vmaps.h"
#include "highmem/trace/finding_id.h"
#include "highmem/trace/trace.h"

namespace highmem::model {

class Model {
 public:
  // Carves from the arena.
  void Begin(const Trace& trace);

  // Wants op_begin, op_end, actor_begin, actor_end, task_switch, post, load, store, fault,
  // key_fault, pkey, bug, warn and splat.
  Opinion OnEvent(const Event& event);

  // A bug, warn or splat event that the caller's mistake explains.
  bool Deserved(const Event& diagnosis) const { return duties_.Deserved(diagnosis); }

 private:
  void OpBegin(const Event& event);
  void PinsBegin(ActorId actor, const Actors::Call& call);
  void LocalsBegin(ActorId actor, const Actors::Call& call);
  Opinion OpEnd(const Event& event);
  Opinion JudgeResult(const Event& op_end, const Actors::Call& call) const;
  Opinion VmapEnd(const Event& op_end, const Actors::Call& call);
  Opinion JudgeAddress(const Event& op_end, const Actors::Call& call) const;
  bool PageIsRight(const Event& op_end, const Actors::Call& call) const;
  void PinsEnd(const Event& op_end, const Actors::Call& call);
  void LocalsEnd(const Event& op_end, const Actors::Call& call);
  void HandlerEnd(ActorId handler);
  void DmaBegin(const Actors::Call& call);
  void TaintAliases(ActorId actor, const Actors::Call& call);
  Opinion Device(const Event& event);
  Opinion Access(const Event& event);
  Opinion Diagnosis(const Event& event);
  Opinion Key(const Event& event);
  bool PointerIsGood(ActorId actor, const Actors::Call& call) const;
  bool MayBeInASwitch(ActorId actor) const;
  void ForgetPinned(Pfn page);

  const Trace* trace_ = nullptr;
  Actors actors_;
  Pins pins_;
  Locals locals_;
  Data data_;
  Duties duties_;
  Helpers helpers_;
  Vmaps vmaps_;
  Keys keys_;
  uint16_t* owes_fault_ = nullptr;  // mask of actors whose access must meet a closed key
  uint16_t* pinned_ = nullptr;  // mask of actors in a call about an address that a pin has covered
};

}  // namespace highmem::model

#endif  // HIGHMEM_MODEL_MODEL_H_
