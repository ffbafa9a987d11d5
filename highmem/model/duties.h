// Which diagnosis a call deserves, and which it must get. A caller's mistake explains some reports
// and BUGs (deserved); where it is a mistake beyond doubt, whatever the other calls under way do,
// the call owes one: it may not return without the report, or may not return at all. (SPEC M.2)
//
// A WARN comes once per site and boot, so a call owes it only if nobody else may have used it up.
//
// What a call that got away with it is called: X1 kmap, kunmap or schedule() where sleep is
// forbidden, X26 inside kmap_atomic · X9, X10 a release out of order, of nothing · X11 one map too
// many · X13 a map in hardirq, interrupts on · X17 maps left at fork or return to user mode · X20 a
// slot that the context does not use (E1) · X21 a release of another slot, X22 a map of a slot in
// use (E1) · X23 one atomic map or release too many, X24 a release out of order, X25 one of no
// map's address (E2) · X27 kmap_to_page of a kmap address · X28 set_page_address of a low page. X2
// is the model's own.
#ifndef HIGHMEM_MODEL_DUTIES_H_
#define HIGHMEM_MODEL_DUTIES_H_

#include <cstdint>

#include "highmem/kernel/primitive.h"
#include "highmem/machine/event.h"
#include "highmem/model/actors.h"
#include "highmem/model/keys.h"
#include "highmem/model/locals.h"
#include "highmem/model/pins.h"
#include "highmem/model/vmaps.h"
#include "highmem/trace/finding_id.h"

namespace highmem::model {

// A map that takes a slot of the window, high page or not; a release that takes one away.
bool TakesSlot(const Actors::Call& call);
bool GivesSlotBack(const Actors::Call& call);
// A map of a high page that pins it where it is kmapped, and takes no slot then; it asks the pool
// first. (SPEC D.3)
bool AsksPool(const Actors::Call& call);
// Slots that it takes and gives back before it ends: cache maintenance for a device, helpers.
// (SPEC D.5, I)
int SlotsInside(const Actors::Call& call);
// A call that pins its page in the pool, or may; one that gives such a pin back.
bool MayPin(const Actors::Call& call);
bool GivesPinBack(const Actors::Call& call);

// How often debug_kmap_atomic reports in a boot, and once or twice more. (SPEC E.2)
inline constexpr uint32_t kEnoughKmapAtomicReports = 10;

// E1: the address that a release on this CPU was given is that of the slot it names.
bool NamesItsSlot(const Actors::Call& call, CpuId cpu);

class Duties {
 public:
  // Carves from the arena.
  void Begin(const Actors* actors, const Pins* pins, const Locals* locals, const Vmaps* vmaps,
             const Keys* keys);

  // A bug, warn or splat that what its context is doing explains.
  bool Deserved(const Event& diagnosis) const;

  // The actor's call has begun, and actors and locals know it.
  void CallBegin(ActorId actor);
  // It has been explained. A BUG ends the call: then what it got away with, else kNone.
  FindingId OnDiagnosis(const Event& diagnosis);
  // The call returns; actors and locals do not know yet. What it got away with, or kNone.
  FindingId CallEnd(ActorId actor);

 private:
  struct Duty {
    Site report;      // kCount: none
    FindingId id;     // if the report does not come
    FindingId fatal;  // if the call returns, kNone if it may
  };
  struct Shared {
    uint64_t warned;   // sites that have, since the last clear_warn_once
    uint32_t reports;  // of debug_kmap_atomic, since boot
    uint32_t unused;
  };

  bool DeservedBy(ActorId actor, Site site) const;
  bool ClosesUnopened(ActorId actor) const;
  bool LocalDeserved(ActorId actor, Site site) const;
  bool VmapDeserved(ActorId actor, Site site) const;
  void OweVmap(ActorId actor);
  bool AtomicDeserved(ActorId actor, Site site) const;
  void Owe(ActorId actor, Site site, FindingId id);
  void OweSleep(ActorId actor, OpCode code);
  void OweUnmap(ActorId actor);
  void OweKeyFault(ActorId actor);
  void OweAtomicMap(ActorId actor);
  void OweAtomicUnmap(ActorId actor);
  bool Voided(FindingId id) const;
  bool UsedUp(ActorId actor, Site site) const;
  FindingId Missing(ActorId actor) const;

  const Actors* actors_ = nullptr;
  const Pins* pins_ = nullptr;
  const Locals* locals_ = nullptr;
  const Vmaps* vmaps_ = nullptr;
  const Keys* keys_ = nullptr;
  Duty* duties_ = nullptr;  // [actor]
  Shared* shared_ = nullptr;
};

}  // namespace highmem::model

#endif  // HIGHMEM_MODEL_DUTIES_H_
