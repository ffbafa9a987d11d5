// How one actor hands a map to another: `post` puts it into the actor's own box, `take` waits for
// the next one in the box of an actor declared earlier. The duty to release goes along. (RULINGS 7)
#ifndef HIGHMEM_KERNEL_MAILBOX_H_
#define HIGHMEM_KERNEL_MAILBOX_H_

#include "highmem/kernel/primitive.h"
#include "highmem/machine/types.h"

namespace highmem {

struct PostedMap {
  Vaddr address;
  Pfn pfn;
  uint16_t reserved;
};

// One box per actor, room for `capacity` posts in the whole run each.
void MailboxesReset(int actors, int capacity);
bool MailboxEmpty(ActorId from);

// Result of take: a ticket for TakenMap.
inline Prim post(ActorId self, Vaddr address, Pfn pfn) {
  return Prim(PrimKind::post, self, address, pfn);
}
inline Prim take(ActorId from) { return Prim(PrimKind::take, from); }
PostedMap TakenMap(ActorId from, uint32_t ticket);

// Effects; for kernel/perform.cc alone.
void MailboxPost(ActorId self, Vaddr address, Pfn pfn);
uint32_t MailboxTake(ActorId from);

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_MAILBOX_H_
