#include "highmem/trace/fuzz_op.h"

#include <algorithm>
#include <iterator>

#include "highmem/trace/check_trace.h"
#include "highmem/trace/fuzz_decoder.h"
#include "highmem/trace/helper_op.h"

namespace highmem {

int FuzzDecoder::VarAt(int position) const {
  for (int rank = 0; rank <= 3; rank++)
    for (int v = vars() - 1; v >= 0; v--)
      if (Rank(state_.Var(actor_, v)) == rank && position-- == 0) return v;
  return -1;
}

int FuzzDecoder::PositionOf(int var) const {
  for (int position = 0; position < vars(); position++)
    if (VarAt(position) == var) return position;
  return -1;
}

bool FuzzDecoder::Make(OpCode code, int page, Op* op) const {
  *op = {};
  op->code = code;
  op->page = static_cast<int16_t>(page);
  if (Info(code).makes != Makes::none) op->var = static_cast<int16_t>(vars());
  return true;
}

bool FuzzDecoder::Simple(OpCode code, Op* op) const {
  *op = {};
  op->code = code;
  return true;
}

// `among`: how many positions the record chooses from.
bool FuzzDecoder::Refer(OpCode code, int among, Op* op) const {
  if (among == 0) return false;
  *op = {};
  op->code = code;
  op->ref = static_cast<int16_t>(VarAt(r_.a % among));
  const bool asks = code == OpCode::kmap_to_page || code == OpCode::is_kmap_addr;
  const bool access = Info(code).takes('v') && !asks;
  if ((access && TakesOffset(code)) || Info(code).takes('x')) op->offset = Offset();
  if (Info(code).takes('k') && IsEra(Era::kE1Slots))
    op->value = static_cast<int32_t>(state_.SlotTypeOf(actor_, op->ref));
  if (Info(code).takes('i')) op->value = ((r_.who >> 3 & 7) + 1) * kByteStep;
  return true;
}

// fill and rotate, as far as there are frames for the fillers.
bool FuzzDecoder::Fillers(Op* op) const {
  op->value = op->code == OpCode::fill ? 1 + r_.a : r_.a * 256 + r_.b;
  op->value %= trace_.profile.last_pkmap + (op->code == OpCode::fill ? 1 : 0);
  if (op->code == OpCode::fill && op->value == 0) return false;
  int64_t room = trace_.profile.high_pages - FillerCount(trace_);
  for (const PageDecl& page : trace_.pages) room -= page.high;
  const auto rotates = [](const Op& o) { return o.code == OpCode::rotate; };
  if (op->code == OpCode::fill) return op->value <= room;
  return trace_.profile.last_pkmap + trace_.profile.colours <= room ||
         std::ranges::any_of(trace_.ops, rotates);
}

bool FuzzDecoder::Literal(Op* op) const {
  const int index = r_.code - kFuzzLiteral;
  if (index >= static_cast<int>(std::size(kLiterals))) return false;
  const OpCode code = LiteralOf(mix_, static_cast<size_t>(index));
  if (!OpNeeds(trace_.profile, code).empty()) return false;
  switch (code) {
    case OpCode::kmap:
    case OpCode::vm_insert_page:
    case OpCode::flush_dcache_page:
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
    case OpCode::is_kmap_addr:
    case OpCode::kmap_to_page: return Refer(code, vars(), op);
    case OpCode::kmap_atomic:
    case OpCode::kmap_atomic_pfn: return MapAtomic(code, op);
    case OpCode::kmap_local_page:
    case OpCode::kmap_local_pfn: return Make(code, r_.a % pages(), op);
    case OpCode::vmap:
    case OpCode::vm_map_ram:
      Make(code, r_.a % pages(), op);
      op->value = VmapPages();
      return true;
    case OpCode::vunmap:
    case OpCode::vm_unmap_ram: return Refer(code, vars(), op);
    case OpCode::kmap_high_get: return HighGet(op);
    case OpCode::decrease_reservation: return HighPage(code, op);
    case OpCode::kunmap_high: return Refer(code, vars(), op);
    case OpCode::fork: return Fork(op);
    case OpCode::cpu_down:
    case OpCode::cpu_up: return OfCpu(op);
    case OpCode::post: return !handler() && Refer(code, vars(), op);
    case OpCode::take:
      if (handler() || actor_ == 0) return false;
      Make(code, -1, op);
      op->actor = static_cast<uint8_t>(r_.a % actor_);
      return true;
    case OpCode::fill:
    case OpCode::rotate: return Simple(code, op) && Fillers(op);
    default:
      if (IsHelper(code)) return Helper(code, op);
      return IsDma(code) ? Make(code, r_.a % pages(), op) : Simple(code, op);
  }
}

bool FuzzDecoder::FreshPage(Op* op) const {
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
bool FuzzDecoder::LowAddress(Op* op) const {
  int page = r_.a % pages();
  for (int i = 0; i < pages() && trace_.pages[page].high; i++) page = (page + 1) % pages();
  return Make(OpCode::page_address, page, op);
}

bool FuzzDecoder::Take(Op* op) const {
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
bool FuzzDecoder::Fork(Op* op) const {
  const int tasks = trace_.task_count();
  const int child = (actor_ + 1 + r_.a % std::max(1, tasks - 1)) % tasks;
  if (handler() || tasks < 2 || child == 0 || child == actor_) return false;
  const auto forks = [child](const Op& o) { return o.code == OpCode::fork && o.actor == child; };
  if (std::ranges::any_of(trace_.ops, forks)) return false;
  Simple(OpCode::fork, op);
  op->actor = static_cast<uint8_t>(child);
  return true;
}

bool FuzzDecoder::OfCpu(Op* op) const {
  const auto hotplug = [](const Op& o) {
    return o.code == OpCode::cpu_down || o.code == OpCode::cpu_up;
  };
  const auto last = std::find_if(trace_.ops.rbegin(), trace_.ops.rend(), hotplug);
  const bool chosen = (r_.a & kFuzzThisCpu) != 0;
  const bool gone = last != trace_.ops.rend() && last->code == OpCode::cpu_down;
  Simple((chosen ? (r_.a & kFuzzCpuUp) != 0 : gone) ? OpCode::cpu_up : OpCode::cpu_down, op);
  op->value = !chosen && gone ? last->value : (r_.a & (kFuzzCpuUp - 1)) % trace_.profile.cpus;
  return !handler();
}

// Of the a-th high page.
bool FuzzDecoder::HighPage(OpCode code, Op* op) const {
  int page = r_.a % pages();
  for (int i = 0; i < pages() && !trace_.pages[page].high; i++) page = (page + 1) % pages();
  return trace_.pages[page].high && Make(code, page, op);
}

bool FuzzDecoder::HighGet(Op* op) const {
  return trace_.profile.high_get != 0 && HighPage(OpCode::kmap_high_get, op);
}

// Offsets and lengths in eighths of a page; segments may be empty, and start behind their end.
bool FuzzDecoder::Helper(OpCode code, Op* op) const {
  if (!OpNeeds(trace_.profile, code).empty()) return false;
  Simple(code, op);
  const HelperForm form = HelperFormOf(code);
  const auto eighth = static_cast<uint32_t>(std::max(1, trace_.profile.page_size / 8));
  const uint32_t low = (r_.b & 7) * eighth, high = (r_.b >> 3 & 7) * eighth;
  op->page = static_cast<int16_t>(r_.a % pages());
  if (form.source) SetSourcePage(op, r_.a / 8 % pages());
  if (form.offset) op->offset = static_cast<uint16_t>(low);
  if (form.source_offset) SetSourceOffset(op, high);
  if (form.length) SetLength(op, 8 * eighth - std::max(low, form.source_offset ? high : low));
  if (form.byte) op->value = r_.b;
  const uint32_t past = (r_.b & 0x40) != 0 ? 8 * eighth : 0;
  if (form.segments) SetSegments(op, {low + past, high}, {high, (r_.a >> 5) * eighth});
  return true;
}

// One of those that the machine has and that are admissible, from the one the record names on.
bool FuzzDecoder::Arch(Op* op) const {
  constexpr auto kOps = std::size(kArchOps);
  for (size_t i = 0; i < kOps; i++) {
    const OpCode code = kArchOps[(r_.b + i) % kOps];
    if (!OpNeeds(trace_.profile, code).empty()) continue;
    if (code == OpCode::decrease_reservation ? !HighPage(code, op)
        : Info(code).takes('x')              ? !First(code, op)
        : Info(code).takes('p')              ? !Make(code, r_.a % pages(), op)
                                             : !Simple(code, op))
      continue;
    if (Info(code).takes('i')) op->value = VmapPages();
    if (state_.Check(actor_, *op) == SkipReason::none) return true;
  }
  return false;
}

// Of the actor's live maps the newest that the op may name.
bool FuzzDecoder::First(OpCode code, Op* op) const {
  for (int i = 0; i < Count(VarKind::map); i++) {
    Refer(code, 1, op);
    op->ref = static_cast<int16_t>(VarAt(i));
    if (state_.Check(actor_, *op) == SkipReason::none) return true;
  }
  return false;
}

bool FuzzDecoder::UnmapLocal(Op* op) const { return state_.ReleaseOfLocal(actor_, r_.a & 3, op); }

// What there is of it in this era.
bool FuzzDecoder::MapLocal(OpCode code, Op* op) const {
  if (!IsEra(Era::kE3Local)) return MapAtomic(OpCode::kmap_atomic, op);
  return Make(code, r_.a % pages(), op);
}

// In the era of slots in one that is admissible; the record says which.
bool FuzzDecoder::MapAtomic(OpCode code, Op* op) const {
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
bool FuzzDecoder::Kunmap(int live, Op* op) const {
  for (int i = 0; i < live; i++) {
    Simple(OpCode::kunmap, op);
    op->ref = static_cast<int16_t>(VarAt((r_.a + i) % live));
    if (state_.Check(actor_, *op) == SkipReason::none) return true;
  }
  return Refer(OpCode::kunmap, live, op);
}

bool FuzzDecoder::Close(Op* op) const {
  return state_.InSection(actor_) && state_.NextRelease(actor_, op);
}

bool FuzzDecoder::Try(Wish wish, Op* op) const {
  const int live = Count(VarKind::map);
  const int accessible = live + Count(VarKind::low_address);
  switch (wish) {
    case Wish::kmap_fresh: return FreshPage(op);
    case Wish::map_local: return MapLocal(OpCode::kmap_local_page, op);
    case Wish::map_atomic: return MapAtomic(OpCode::kmap_atomic, op);
    case Wish::unmap_local: return UnmapLocal(op);
    case Wish::high_get: return HighGet(op);
    case Wish::unpin: return First(OpCode::kunmap_high, op);
    case Wish::arch: return Arch(op);
    case Wish::helper: return Helper(kHelperOps[r_.b % std::size(kHelperOps)], op);
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
    case Wish::cpu: return OfCpu(op);
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

bool FuzzDecoder::Wished(Op* op) const {
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
  const FuzzDecoder decoder(program, actor, record);
  return record.code >= kFuzzLiteral ? decoder.Literal(op) : decoder.Wished(op);
}

}  // namespace highmem
