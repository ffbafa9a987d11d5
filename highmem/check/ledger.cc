#include "highmem/check/ledger.h"

#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"

namespace highmem {

const Ledger::Actor Ledger::kNobody = {0, OpCode::kCount, 0, kNoPfn, 0};

Pfn HighPage(uint32_t value) {
  const auto pages = static_cast<uint32_t>(machine.profile.pages());
  if (value >= pages || machine.mem_map[value].highmem == 0) return kNoPfn;
  return static_cast<Pfn>(value);
}

void Ledger::Begin(int actors) {
  actor_count_ = actors;
  actors_ = arena.Carve<Actor>(actors);
  for (int i = 0; i < actors; i++) actors_[i] = kNobody;
  pages_ = arena.Carve<Page>(machine.profile.pages());
  shared_ = arena.Carve<Shared>(1);
}

void Ledger::OnEvent(const Event& e) {
  if (!IsActor(e.ctx)) return;
  switch (e.kind) {
    case EventKind::op_begin: OpBegin(e); break;
    case EventKind::op_end: OpEnd(e); break;
    case EventKind::post:
      if (HighPage(e.obj) == kNoPfn) break;
      actors_[e.ctx].owed--;
      shared_->in_the_post++;
      break;
    case EventKind::take:
      if (HighPage(e.obj) == kNoPfn) break;
      actors_[e.ctx].owed++;
      shared_->in_the_post--;
      break;
    default: break;
  }
}

void Ledger::OpBegin(const Event& e) {
  Actor& actor = actors_[e.ctx];
  actor.op_index = static_cast<uint16_t>(e.obj);
  actor.code = CodeOf(e);
  actor.page = static_cast<Pfn>(e.new_value);
  shared_->in_op |= static_cast<uint16_t>(1u << e.ctx);
  const Pfn high = HighPage(e.new_value);
  if (high == kNoPfn) return;
  if (actor.code == OpCode::kmap) {
    pages_[high].possible++;
    actor.owed++;
  }
  if (actor.code == OpCode::kunmap && --pages_[high].sure <= 0)
    pages_[high].slot_plus_1 = 0;  // equal states stay equal
}

void Ledger::OpEnd(const Event& e) {
  Actor& actor = actors_[e.ctx];
  const Pfn high = HighPage(actor.page);
  if (high != kNoPfn && actor.code == OpCode::kmap) {
    pages_[high].sure++;
    if (InPkmap(e.new_value))
      pages_[high].slot_plus_1 = static_cast<int16_t>(PKMAP_NR(e.new_value) + 1);
  }
  if (high != kNoPfn && actor.code == OpCode::kunmap) {
    actor.owed--;
    pages_[high].possible--;
  }
  const int16_t owed = actor.owed;
  actor = kNobody;
  actor.owed = owed;
  shared_->in_op &= static_cast<uint16_t>(~(1u << e.ctx));
}

}  // namespace highmem
