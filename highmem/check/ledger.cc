#include "highmem/check/ledger.h"

#include "highmem/machine/arena.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"

namespace highmem {

const Ledger::Actor Ledger::kNobody = {0, OpCode::kCount, 0, kNoPfn, 0};

bool MayPin(OpCode code) {
  switch (code) {
    case OpCode::kmap:
    case OpCode::kmap_high_get: return true;
    case OpCode::kmap_local_page:
    case OpCode::kmap_atomic: return machine.profile.high_get != 0;
    default: return IsDma(code) && machine.profile.high_get != 0;
  }
}

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

// The page whose pin the call gives back; a local unmap goes by what its address maps.
Pfn Ledger::Unpinned(const Event& e) const {
  switch (CodeOf(e)) {
    case OpCode::kunmap:
    case OpCode::kunmap_high: return HighPage(e.new_value);
    case OpCode::kunmap_local:
    case OpCode::kunmap_atomic:
      if (machine.profile.high_get == 0 || !InPkmap(e.aux)) return kNoPfn;
      return HighPage(PteGet(PKMAP_NR(e.aux)).pfn());
    default: return kNoPfn;
  }
}

void Ledger::OpBegin(const Event& e) {
  Actor& actor = actors_[e.ctx];
  actor.op_index = static_cast<uint16_t>(e.obj);
  actor.code = CodeOf(e);
  actor.page = static_cast<Pfn>(e.new_value);
  shared_->in_op |= static_cast<uint16_t>(1u << e.ctx);
  if (const Pfn high = HighPage(e.new_value); high != kNoPfn && MayPin(actor.code)) {
    pages_[high].possible++;
    actor.owed++;
  }
  const Pfn unpinned = Unpinned(e);
  if (unpinned == kNoPfn) return;
  actor.unpins = 1;
  actor.page = unpinned;
  if (--pages_[unpinned].sure <= 0) pages_[unpinned].slot_plus_1 = 0;  // equal states stay equal
}

void Ledger::OpEnd(const Event& e) {
  Actor& actor = actors_[e.ctx];
  const Pfn high = HighPage(actor.page);
  if (high != kNoPfn && MayPin(actor.code)) {
    const bool pinned = actor.code == OpCode::kmap || InPkmap(e.new_value);
    if (pinned) {
      pages_[high].sure++;
    } else {
      actor.owed--;
      pages_[high].possible--;
    }
    if (InPkmap(e.new_value))
      pages_[high].slot_plus_1 = static_cast<int16_t>(PKMAP_NR(e.new_value) + 1);
  }
  if (actor.unpins != 0) {
    actor.owed--;
    pages_[high].possible--;
  }
  const int16_t owed = actor.owed;
  actor = kNobody;
  actor.owed = owed;
  shared_->in_op &= static_cast<uint16_t>(~(1u << e.ctx));
}

}  // namespace highmem
