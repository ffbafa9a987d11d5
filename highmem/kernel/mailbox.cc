#include "highmem/kernel/mailbox.h"

#include "highmem/machine/arena.h"
#include "highmem/machine/event.h"

namespace highmem {
namespace {

struct Box {
  uint16_t posted;
  uint16_t taken;
};
Box* boxes = nullptr;
PostedMap* maps = nullptr;  // [actors][capacity]
int room = 0;

}  // namespace

void MailboxesReset(int actors, int capacity) {
  room = capacity;
  boxes = arena.Carve<Box>(capacity == 0 ? 0 : actors);
  maps = arena.Carve<PostedMap>(static_cast<size_t>(actors) * capacity);
}

bool MailboxEmpty(ActorId from) { return boxes[from].posted == boxes[from].taken; }

PostedMap TakenMap(ActorId from, uint32_t ticket) { return maps[from * room + ticket]; }

void MailboxPost(ActorId self, Vaddr address, Pfn pfn) {
  maps[self * room + boxes[self].posted++] = {address, pfn, 0};
  Emit(EventKind::post, pfn, address);
}

uint32_t MailboxTake(ActorId from) {
  const uint32_t ticket = boxes[from].taken++;
  const PostedMap map = TakenMap(from, ticket);
  Emit(EventKind::take, map.pfn, map.address, 0, from);
  return ticket;
}

}  // namespace highmem
