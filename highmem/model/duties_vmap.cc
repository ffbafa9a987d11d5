// What misuse of the vmap family must get. (SPEC X30; H.2, H.5)
#include "highmem/machine/layout.h"
#include "highmem/model/duties.h"

namespace highmem::model {

bool Duties::VmapDeserved(ActorId actor, Site site) const {
  const Actors::Call& call = actors_->call(actor);
  switch (site) {
    case Site::vmap_might_sleep:
      return (call.code == OpCode::vmap || call.code == OpCode::vunmap ||
              call.code == OpCode::vm_map_ram || call.code == OpCode::vm_unmap_ram ||
              call.code == OpCode::vm_unmap_aliases || call.code == OpCode::decrease_reservation) &&
             actors_->MaySleep(actor) != Known::yes;
    case Site::vunmap_in_interrupt:
      return call.code == OpCode::vunmap && actors_->InInterrupt(actor) != Known::no;
    case Site::vunmap_bad_address:
      return call.code == OpCode::vunmap || call.code == OpCode::vm_unmap_ram;
    case Site::vm_unmap_ram_bad_address:
      return call.code == OpCode::vm_unmap_ram &&
             (!InVmap(call.address) || OffsetInPage(call.address) != 0);
    default: return false;
  }
}

// The WARN comes every time, so it is owed as a BUG is: by this call alone.
void Duties::OweVmap(ActorId actor) {
  const Actors::Call& call = actors_->call(actor);
  if (call.page == kNoPfn) return;
  if (call.code == OpCode::vm_unmap_ram &&
      (!InVmap(call.address) || OffsetInPage(call.address) != 0))
    duties_[actor].fatal = FindingId::X30;
  if (call.code != OpCode::vunmap) return;
  if (actors_->InInterrupt(actor) == Known::yes)
    duties_[actor].fatal = FindingId::X30;
  else if (!vmaps_->lost() && !vmaps_->Has(call.address, /*ram=*/false))
    Owe(actor, Site::vunmap_bad_address, FindingId::X30);
}

}  // namespace highmem::model
