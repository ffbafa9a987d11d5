#include "highmem/trace/fuzz_op.h"

#include <algorithm>
#include <iterator>

#include "highmem/trace/check_trace.h"
#include "highmem/trace/fuzz_wishes.h"

namespace highmem {
namespace {

// One actor's view while a record is decoded.
class Decoder {
 public:
  Decoder(const FuzzProgram& program, ActorId actor, const FuzzRecord& record)
      : trace_(program.trace),
        state_(program.state),
        mix_(program.mix),
        actor_(actor),
        r_(record) {}

  bool Literal(Op* op) const;
  bool Wished(Op* op) const;

  // Variables by position: those of live maps first, newest first; then page_address of low pages,
  // of high pages, and what is dead. -1 if there are not so many.
  int VarAt(int position) const;
  int PositionOf(int var) const;

 private:
  using VarKind = LaneState::VarKind;

  bool handler() const { return trace_.actors[actor_].kind != ActorKind::task; }
  int vars() const { return static_cast<int>(trace_.actors[actor_].vars.size()); }
  int pages() const { return static_cast<int>(trace_.pages.size()); }
  int Count(VarKind kind) const {
    int n = 0;
    for (int v = 0; v < vars(); v++) n += state_.Var(actor_, v) == kind;
    return n;
  }
  static int Rank(VarKind kind) {
    switch (kind) {
      case VarKind::map: return 0;
      case VarKind::low_address: return 1;
      case VarKind::high_address: return 2;
      case VarKind::dead: break;
    }
    return 3;
  }
  uint16_t Offset() const { return FuzzOffset(mix_, trace_.profile, r_.b); }

  bool Operands(Op* op) const;
  bool Make(OpCode code, int page, Op* op) const;
  bool Refer(OpCode code, int among, Op* op) const;
  bool Fillers(Op* op) const;
  bool FreshPage(Op* op) const;
  bool LowAddress(Op* op) const;
  bool Take(Op* op) const;
  bool Fork(Op* op) const;
  bool HighGet(Op* op) const;
  bool IsEra(Era era) const { return trace_.profile.is_era(era); }
  bool MapLocal(OpCode code, Op* op) const;
  bool MapAtomic(OpCode code, Op* op) const;
  bool First(OpCode code, Op* op) const;
  bool UnmapLocal(Op* op) const;
  bool Kunmap(int live, Op* op) const;
  bool Close(Op* op) const;
  bool Simple(OpCode code, Op* op) const;
  bool Try(Wish wish, Op* op) const;
  bool Admitted(Wish wish, Op* op) const {
    return Try(wish, op) && state_.Check(actor_, *op) == SkipReason::none;
  }

  const Trace& trace_;
  const LaneState& state_;
  const FuzzMix mix_;
  const ActorId actor_;
  const FuzzRecord& r_;
};

int Decoder::VarAt(int position) const {
  for (int rank = 0; rank <= 3; rank++)
    for (int v = vars() - 1; v >= 0; v--)
      if (Rank(state_.Var(actor_, v)) == rank && position-- == 0) return v;
  return -1;
}

int Decoder::PositionOf(int var) const {
  for (int position = 0; position < vars(); position++)
    if (VarAt(position) == var) return position;
  return -1;
}

bool Decoder::Make(OpCode code, int page, Op* op) const {
  *op = {};
  op->code = code;
  op->page = static_cast<int16_t>(page);
  op->var = static_cast<int16_t>(vars());
  return true;
}

bool Decoder::Simple(OpCode code, Op* op) const {
  *op = {};
  op->code = code;
  return true;
}

// `among`: how many positions the record chooses from.
bool Decoder::Refer(OpCode code, int among, Op* op) const {
  if (among == 0) return false;
  *op = {};
  op->code = code;
  op->ref = static_cast<int16_t>(VarAt(r_.a % among));
  const bool access = Info(code).takes('v') && code != OpCode::kmap_to_page;
  if ((access && TakesOffset(code)) || Info(code).takes('x')) op->offset = Offset();
  if (Info(code).takes('k') && IsEra(Era::kE1Slots))
    op->value = static_cast<int32_t>(state_.SlotTypeOf(actor_, op->ref));
  if (Info(code).takes('i')) op->value = ((r_.who >> 3 & 7) + 1) * kByteStep;
  return true;
}

// fill and rotate, as far as there are frames for the fillers.
bool Decoder::Fillers(Op* op) const {
  op->value = op->code == OpCode::fill ? 1 + r_.a : r_.a * 256 + r_.b;
  op->value %= trace_.profile.last_pkmap + (op->code == OpCode::fill ? 1 : 0);
  if (op->code == OpCode::fill && op->value == 0) return false;
  int64_t room = trace_.profile.high_pages - FillerCount(trace_);
  for (const PageDecl& page : trace_.pages) room -= page.high;
  const auto rotates = [](const Op& o) { return o.code == OpCode::rotate; };
  if (op->code == OpCode::fill) return op->value <= room;
  return trace_.profile.last_pkmap + trace_.profile.colours <= room || std::ranges::any_of(trace_.ops, rotates);
}

bool Decoder::Literal(Op* op) const {
  const int index = r_.code - kFuzzLiteral;
  if (index >= static_cast<int>(std::size(kLiterals))) return false;
  const OpCode code = kLiterals[index];
  if (!OpNeeds(trace_.profile, code).empty()) return false;
  switch (code) {
    case OpCode::kmap:
    case OpCode::vm_insert_page:
    case OpCode::page_address: return Make(code, r_.a % pages(), op);
    case OpCode::kunmap:
      if (index != kKunmapPage) return Refer(code, vars(), op);
      Simple(code, op);
      op->page = static_cast<int16_t>(r_.a % pages());
      return true;
    case OpCode::load:
    case OpCode::store:
    case OpCode::dma_unmap:
    case OpCode::device_load:
    case OpCode::device_store:
    case OpCode::kunmap_local:
    case OpCode::kunmap_atomic:
    case OpCode::kmap_to_page: return Refer(code, vars(), op);
    case OpCode::kmap_atomic:
    case OpCode::kmap_atomic_pfn: return MapAtomic(code, op);
    case OpCode::kmap_local_page:
    case OpCode::kmap_local_pfn: return Make(code, r_.a % pages(), op);
    case OpCode::kmap_high_get: return HighGet(op);
    case OpCode::kunmap_high: return Refer(code, vars(), op);
    case OpCode::fork: return Fork(op);
    case OpCode::post: return !handler() && Refer(code, vars(), op);
    case OpCode::take:
      if (handler() || actor_ == 0) return false;
      Make(code, -1, op);
      op->actor = static_cast<uint8_t>(r_.a % actor_);
      return true;
    case OpCode::fill:
    case OpCode::rotate: return Simple(code, op) && Fillers(op);
    default: return IsDma(code) ? Make(code, r_.a % pages(), op) : Simple(code, op);
  }
}

bool Decoder::FreshPage(Op* op) const {
  int page = r_.a % pages();
  const auto mapped = [this](int p) {
    for (size_t a = 0; a < trace_.actors.size(); a++)
      if (state_.Maps(static_cast<ActorId>(a), p)) return true;
    return false;
  };
  for (int i = 0; i < pages() && mapped(page); i++) page = (page + 1) % pages();
  return Make(OpCode::kmap, page, op);
}

// The first low page, by which a handler gets something it may access.
bool Decoder::LowAddress(Op* op) const {
  int page = r_.a % pages();
  for (int i = 0; i < pages() && trace_.pages[page].high; i++) page = (page + 1) % pages();
  return Make(OpCode::page_address, page, op);
}

bool Decoder::Take(Op* op) const {
  for (int i = 0; i < actor_; i++) {
    const auto from = static_cast<ActorId>((r_.a + i) % actor_);
    if (state_.UntakenPosts(from) <= 0) continue;
    Make(OpCode::take, -1, op);
    op->actor = from;
    return true;
  }
  return false;
}

// Another task, if this one may and nobody has forked it.
bool Decoder::Fork(Op* op) const {
  const int tasks = trace_.task_count();
  const int child = (actor_ + 1 + r_.a % std::max(1, tasks - 1)) % tasks;
  if (handler() || tasks < 2 || child == 0 || child == actor_) return false;
  const auto forks = [child](const Op& o) { return o.code == OpCode::fork && o.actor == child; };
  if (std::ranges::any_of(trace_.ops, forks)) return false;
  Simple(OpCode::fork, op);
  op->actor = static_cast<uint8_t>(child);
  return true;
}

bool Decoder::HighGet(Op* op) const {
  int page = r_.a % pages();
  for (int i = 0; i < pages() && !trace_.pages[page].high; i++) page = (page + 1) % pages();
  return trace_.profile.high_get != 0 && trace_.pages[page].high &&
         Make(OpCode::kmap_high_get, page, op);
}

// Of the actor's live maps the newest that the op may name.
bool Decoder::First(OpCode code, Op* op) const {
  for (int i = 0; i < Count(VarKind::map); i++) {
    Refer(code, 1, op);
    op->ref = static_cast<int16_t>(VarAt(i));
    if (state_.Check(actor_, *op) == SkipReason::none) return true;
  }
  return false;
}

bool Decoder::UnmapLocal(Op* op) const { return state_.ReleaseOfLocal(actor_, r_.a & 3, op); }

// What there is of it in this era.
bool Decoder::MapLocal(OpCode code, Op* op) const {
  if (!IsEra(Era::kE3Local)) return MapAtomic(OpCode::kmap_atomic, op);
  return Make(code, r_.a % pages(), op);
}

// In the era of slots in one that is admissible; the record says which.
bool Decoder::MapAtomic(OpCode code, Op* op) const {
  Make(code, r_.a % pages(), op);
  if (!IsEra(Era::kE1Slots)) return true;
  const int wanted = r_.who >> 3 & 7;
  int legal[kKmTypes];
  int n = 0;
  for (op->value = 0; op->value < kKmTypes; op->value++)
    if (state_.Check(actor_, *op) == SkipReason::none) legal[n++] = op->value;
  op->value = n == 0 ? wanted : legal[wanted % n];
  return true;
}

// Of the actor's live kmaps the a-th that can go.
bool Decoder::Kunmap(int live, Op* op) const {
  for (int i = 0; i < live; i++) {
    Simple(OpCode::kunmap, op);
    op->ref = static_cast<int16_t>(VarAt((r_.a + i) % live));
    if (state_.Check(actor_, *op) == SkipReason::none) return true;
  }
  return Refer(OpCode::kunmap, live, op);
}

bool Decoder::Close(Op* op) const {
  return state_.InSection(actor_) && state_.NextRelease(actor_, op);
}

bool Decoder::Try(Wish wish, Op* op) const {
  const int live = Count(VarKind::map);
  const int accessible = live + Count(VarKind::low_address);
  switch (wish) {
    case Wish::kmap_fresh: return FreshPage(op);
    case Wish::map_local: return MapLocal(OpCode::kmap_local_page, op);
    case Wish::map_atomic: return MapAtomic(OpCode::kmap_atomic, op);
    case Wish::unmap_local: return UnmapLocal(op);
    case Wish::high_get: return HighGet(op);
    case Wish::unpin: return First(OpCode::kunmap_high, op);
    case Wish::dma_map: {
      constexpr OpCode kMaps[] = {OpCode::dma_map_from, OpCode::dma_map_to, OpCode::dma_map_both};
      // What there is to maintain is of a page that was used, and often of the one used last.
      const int page = (r_.b & 8) != 0 ? state_.LastPage(actor_) : r_.a % pages();
      return Make(kMaps[r_.b % 3], page, op);
    }
    case Wish::dma_unmap: return First(OpCode::dma_unmap, op);
    case Wish::device_load: return First(OpCode::device_load, op);
    case Wish::device_store: return First(OpCode::device_store, op);
    case Wish::get_user: return Simple(OpCode::get_user, op);
    case Wish::kmap_to_page: return IsEra(Era::kE3Local) && Refer(OpCode::kmap_to_page, live, op);
    case Wish::fork: return Fork(op);
    case Wish::bh_disable: return Simple(OpCode::local_bh_disable, op);
    case Wish::kmap_page:
      return handler() ? LowAddress(op) : Make(OpCode::kmap, r_.a % pages(), op);
    case Wish::kunmap: return Kunmap(live, op);
    case Wish::load: return Refer(OpCode::load, accessible, op);
    case Wish::store: return Refer(OpCode::store, accessible, op);
    case Wish::page_address: return Make(OpCode::page_address, r_.a % pages(), op);
    case Wish::yield: return Simple(OpCode::yield, op);
    case Wish::flush: return Simple(OpCode::kmap_flush_unused, op);
    case Wish::irq_save: return Simple(OpCode::irq_save, op);
    case Wish::preempt_disable: return Simple(OpCode::preempt_disable, op);
    case Wish::lock: return Simple(OpCode::lock, op);
    case Wish::close: return Close(op);
    case Wish::post: return Refer(OpCode::post, live, op);
    case Wish::take: return Take(op);
  }
  return false;
}

bool Decoder::Wished(Op* op) const {
  if (mix_ != FuzzMix::pkmap) {
    const Wish release = mix_ == FuzzMix::high_get ? Wish::unpin
                         : mix_ == FuzzMix::dma    ? Wish::dma_unmap
                                                   : Wish::unmap_local;
    for (const Wish wish : {WishOf(mix_, r_.code), release, Wish::unmap_local, Wish::close,
                            Wish::map_local, Wish::load, Wish::kunmap})
      if (Admitted(wish, op)) return true;
    return Try(Wish::get_user, op);
  }
  const Wish hold = (r_.b & 1) != 0 ? Wish::load : Wish::kunmap;
  for (const Wish wish : {WishOf(mix_, r_.code), Wish::close, Wish::kmap_fresh, hold, Wish::kunmap})
    if (Admitted(wish, op)) return true;
  return Try(Wish::page_address, op);
}

}  // namespace

ActorId FuzzActor(const FuzzProgram& program, const FuzzRecord& record) {
  const int number = record.who & 7;
  const auto actor = static_cast<ActorId>(number % program.trace.actors.size());
  const Actor& a = program.trace.actors[actor];
  const bool busy = a.kind != ActorKind::task && a.op_count >= HandlerWishes(program.mix);
  if (record.code >= kFuzzLiteral || !busy) return actor;
  return static_cast<ActorId>(number % program.trace.task_count());
}

bool FuzzOp(const FuzzProgram& program, ActorId actor, const FuzzRecord& record, Op* op) {
  if (program.trace.pages.empty()) return false;
  const Decoder decoder(program, actor, record);
  return record.code >= kFuzzLiteral ? decoder.Literal(op) : decoder.Wished(op);
}

namespace {

// Sets the record's code: a wish that means the op here, else the literal.
bool CodeFor(const FuzzProgram& program, ActorId actor, const Op& op, FuzzRecord* record) {
  Op got;
  Wish wish;
  if (WishFor(op, &wish) && CodeOf(program.mix, wish, &record->code)) {
    if (FuzzActor(program, *record) == actor && FuzzOp(program, actor, *record, &got) && got == op)
      return true;
  }
  for (size_t i = 0; i < std::size(kLiterals); i++) {
    if (kLiterals[i] != op.code) continue;
    record->code = static_cast<uint8_t>(kFuzzLiteral + i);
    if (FuzzOp(program, actor, *record, &got) && got == op) return true;
  }
  return false;
}

// Which slot a record asks for depends on what is admissible here.
bool AnySlot(const FuzzProgram& program, ActorId actor, const Op& op, FuzzRecord* record) {
  const uint8_t a = record->a;
  for (int wanted = 0; wanted < 8; wanted++) {
    record->who = static_cast<uint8_t>(actor | wanted << 3);
    if (op.ref >= 0) record->a = static_cast<uint8_t>(wanted < 4 ? wanted : a);
    if (CodeFor(program, actor, op, record)) return true;
  }
  return false;
}

}  // namespace

bool FuzzRecordOf(const FuzzProgram& program, ActorId actor, const Op& op, FuzzRecord* record) {
  *record = {};
  record->who = static_cast<uint8_t>(actor | ((op.value / kByteStep - 1) & 7) << 3);
  if (op.page >= 0) record->a = static_cast<uint8_t>(op.page);
  if (op.ref >= 0)
    record->a = static_cast<uint8_t>(Decoder(program, actor, *record).PositionOf(op.ref));
  if (op.code == OpCode::take) record->a = op.actor;
  if (op.code == OpCode::fork) {
    const int tasks = std::max(1, program.trace.task_count());
    record->a = static_cast<uint8_t>((op.actor - actor - 1 + 2 * tasks) % tasks);
  }
  record->b = FuzzByteOf(program.mix, program.trace.profile, op.offset);
  if (op.code == OpCode::fill) record->a = static_cast<uint8_t>(op.value - 1);
  if (op.code == OpCode::rotate) {
    record->a = static_cast<uint8_t>(op.value >> 8);
    record->b = static_cast<uint8_t>(op.value);
  }
  if (!Info(op.code).takes('v') || !Info(op.code).takes('i')) record->who = actor;
  return Info(op.code).takes('k') && program.trace.profile.is_era(Era::kE1Slots)
             ? AnySlot(program, actor, op, record)
             : CodeFor(program, actor, op, record);
}
}  // namespace highmem
