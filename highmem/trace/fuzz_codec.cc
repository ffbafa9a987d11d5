#include "highmem/trace/fuzz_codec.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "highmem/trace/fuzz_builder.h"
#include "highmem/trace/lane_state.h"

namespace highmem {
namespace {

template <size_t n>
uint8_t IndexOf(const uint8_t (&table)[n], int value) {
  size_t best = 0;
  for (size_t i = n; i-- > 0;)
    if (std::abs(table[i] - value) <= std::abs(table[best] - value)) best = i;
  return static_cast<uint8_t>(best);
}

// Memory that one call after the other uses again.
struct CodecScratch {
  LaneState state;
  Trace trace;
  std::vector<int16_t> new_var;
};
CodecScratch& GetCodecScratch() {
  static CodecScratch* const scratch = new CodecScratch;
  return *scratch;
}

class Encoder {
 public:
  Encoder(const Trace& trace, CodecScratch& scratch, FuzzMix mix)
      : from_(trace),
        to_(scratch.trace),
        new_var_(scratch.new_var),
        mix_(mix),
        builder_(&scratch.trace, &scratch.state, mix) {}

  size_t Run(uint8_t* out, size_t cap);

 private:
  void Push(const FuzzRecord& r) {
    records_[count_++] = r;
    if (r.who >= kFuzzDecision && count_ > 1) builder_.Record(r);
  }
  void Header();
  // How many CPUs on from that of the actor's number.
  int Turns(const Actor& actor, int index) const;
  int HandlerBits(const Actor& actor, int index) const;
  void Program(size_t index, ActorId actor);
  bool Translate(Op* op) const;
  void Decisions();
  bool Translate(Decision* d) const;
  FuzzRecord AnchorRecord(const Decision& d) const;
  FuzzRecord DecisionRecord(const Decision& d) const;
  // Actors and pages of the bytes, -1 for those that have no room there.
  int NewActor(size_t index) const;
  int NewPage(int index) const;

  const Trace& from_;
  const Trace& to_;
  std::vector<int16_t>& new_var_;
  const FuzzMix mix_;
  FuzzBuilder builder_;
  FuzzRecord records_[kFuzzMaxSize / kFuzzRecordSize];
  size_t count_ = 0;
};

int Encoder::NewActor(size_t index) const {
  const bool task = from_.actors[index].kind == ActorKind::task;
  int before = 0;
  for (size_t a = 0; a < index; a++) before += (from_.actors[a].kind == ActorKind::task) == task;
  const int tasks = to_.task_count();
  const int room = task ? tasks : static_cast<int>(to_.actors.size()) - tasks;
  return before >= room ? -1 : task ? before : tasks + before;
}

int Encoder::NewPage(int index) const {
  const auto p = static_cast<size_t>(index);
  const bool high = from_.pages[p].high;
  int before = 0, high_pages = 0, room = 0;
  for (size_t i = 0; i < p; i++) before += from_.pages[i].high == high;
  for (const PageDecl& page : to_.pages) {
    high_pages += page.high;
    room += page.high == high;
  }
  return before >= room ? -1 : high ? before : high_pages + before;
}

int Encoder::Turns(const Actor& actor, int index) const {
  const int cpus = from_.profile.cpus;
  return (actor.cpu + cpus * kMaxTasks - index) % cpus;
}

// Of one of the first two.
int Encoder::HandlerBits(const Actor& actor, int index) const {
  if (mix_ == FuzzMix::pkmap) return Turns(actor, index) | IndexOf(kFuzzRuns, actor.runs) << 2;
  const auto* kind = std::ranges::find(kFuzzHandlerKinds, actor.kind);
  const int turned = static_cast<int>(kind - kFuzzHandlerKinds) - index;
  return (Turns(actor, 0) & 1) | (turned & 3) << 1 | IndexOf(kFuzzLocalRuns, actor.runs) << 3;
}

void Encoder::Header() {
  FuzzRecord r;
  int tasks = 0, handlers = 0, high = 0;
  for (const Actor& actor : from_.actors) {
    int& index = actor.kind == ActorKind::task ? tasks : handlers;
    if (actor.kind == ActorKind::task && index < 4)
      r.code |= static_cast<uint8_t>(Turns(actor, index) << 2 * index);
    if (actor.kind != ActorKind::task && index < 2)
      r.a |= static_cast<uint8_t>(HandlerBits(actor, index) << 4 * index);
    index++;
  }
  for (const PageDecl& page : from_.pages) high += page.high;
  const int low = static_cast<int>(from_.pages.size()) - high;
  const auto& numbers = mix_ != FuzzMix::pkmap ? kFuzzLocalHandlers : kFuzzHandlers;
  r.who = static_cast<uint8_t>(IndexOf(kFuzzTasks, tasks) | IndexOf(numbers, handlers) << 3 |
                               kFuzzLiteralOrder << 5);
  r.b = static_cast<uint8_t>(IndexOf(kFuzzHighPages, high) | IndexOf(kFuzzLowPages, low) << 4 |
                             kFuzzLiteralBit | (from_.misuse ? kFuzzMisuseBit : 0));
  builder_.Header(r, from_.profile);
  Push(r);
}

// The op in terms of the bytes' pages, actors and variables.
bool Encoder::Translate(Op* op) const {
  if (IsForeign(*op)) return false;
  if (op->any != 0 && Info(op->code).takes('p')) {
    op->page = static_cast<int16_t>(__builtin_ctz(op->any));
    op->any = 0;
  }
  op->expect_count = 0;
  op->expect_first = 0;
  if (op->page >= 0) {
    op->page = static_cast<int16_t>(NewPage(op->page));
    if (op->page < 0) return false;
  }
  if (op->ref >= 0) {
    op->ref = new_var_[static_cast<size_t>(op->ref)];
    if (op->ref < 0) return false;
  }
  if (op->code == OpCode::take || op->code == OpCode::fork) {
    const int from = NewActor(op->actor);
    if (from < 0) return false;
    op->actor = static_cast<uint8_t>(from);
  }
  return true;
}

void Encoder::Program(size_t index, ActorId actor) {
  const Actor& program = from_.actors[index];
  new_var_.assign(program.vars.size(), -1);
  for (uint32_t i = 0; i < program.op_count && !builder_.Full(); i++) {
    Op op = from_.op(static_cast<ActorId>(index), i);
    const int16_t old_var = op.var;
    if (!Translate(&op)) continue;
    const bool makes = Info(op.code).makes != Makes::none;
    op.var = makes ? static_cast<int16_t>(to_.actors[actor].vars.size()) : int16_t{-1};
    FuzzRecord r;
    if (!FuzzRecordOf(builder_.program(), actor, op, &r)) continue;
    if (old_var >= 0) new_var_[static_cast<size_t>(old_var)] = op.var;
    builder_.Add(actor, op);
    Push(r);
  }
}

// The record that goes before an `at` decision.
FuzzRecord Encoder::AnchorRecord(const Decision& d) const {
  FuzzRecord r;
  r.who = static_cast<uint8_t>(kFuzzDecision | kFuzzTargetOther << 3 | d.actor);
  r.code = static_cast<uint8_t>(d.op);
  r.a = static_cast<uint8_t>(static_cast<int>(FuzzTarget::start) << kFuzzTargetShift |
                             FuzzPrimNumber(d.prim));
  r.b = static_cast<uint8_t>(((d.nth - 1) & ~kFuzzBehind) | (d.behind ? kFuzzBehind : 0));
  return r;
}

FuzzRecord Encoder::DecisionRecord(const Decision& d) const {
  FuzzTarget other = FuzzTarget::start;
  int whom = kFuzzTargetOther, number = d.target.cpu;
  if (d.kind == DecisionKind::start) {
    number = d.actor;
  } else if (d.target.kind == TargetKind::actor) {
    whom = 0;
    number = d.target.actor;
  } else {
    const bool migrates = d.target.kind == TargetKind::migrate;
    if (d.target.kind == TargetKind::ipi || d.target.kind == TargetKind::writeback || migrates)
      other = FuzzTarget::ipi;
    if (migrates) number = d.target.actor;
    if (d.target.kind == TargetKind::fill) other = FuzzTarget::fill;
    if (d.target.kind == TargetKind::evict) other = FuzzTarget::evict;
  }
  FuzzRecord r;
  r.who = static_cast<uint8_t>(kFuzzDecision | whom << 3 | number);
  const uint32_t operand = d.kind != DecisionKind::start && d.target.kind == TargetKind::migrate
                               ? kFuzzMigrate | d.target.cpu
                               : d.target.where;
  if (whom == kFuzzTargetOther)
    r.a = static_cast<uint8_t>(static_cast<int>(other) << kFuzzTargetShift | operand);
  r.code = static_cast<uint8_t>(d.steps);
  if (d.steps >= kFuzzNearSteps) {
    r.code = static_cast<uint8_t>(kFuzzFarSteps + ((d.steps - kFuzzNearSteps) >> 8));
    r.b = static_cast<uint8_t>(d.steps - kFuzzNearSteps);
  }
  return r;
}

// The decision in terms of the bytes' actors.
bool Encoder::Translate(Decision* d) const {
  int actor = 0, target = 0;
  if (d->kind != DecisionKind::after) actor = NewActor(d->actor);
  const bool names_actor =
      d->kind != DecisionKind::start &&
      (d->target.kind == TargetKind::actor || d->target.kind == TargetKind::migrate);
  if (names_actor) target = NewActor(d->target.actor);
  d->actor = static_cast<ActorId>(actor);
  d->target.actor = static_cast<ActorId>(target);
  return actor >= 0 && target >= 0;
}

void Encoder::Decisions() {
  size_t decisions = 0;
  for (Decision d : from_.schedule.decisions) {
    if (decisions == kFuzzMaxDecisions || !Translate(&d)) continue;
    const bool at = d.kind == DecisionKind::at;
    const FuzzRecord anchor = AnchorRecord(d), r = DecisionRecord(d);
    Decision got;
    if (!builder_.DecisionOf(r, at ? &anchor : nullptr, &got) || got != d) continue;
    if (at) Push(anchor);
    Push(r);
    decisions++;
  }
}

size_t Encoder::Run(uint8_t* out, size_t cap) {
  Header();
  for (size_t a = 0; a < from_.actors.size(); a++)
    if (const int actor = NewActor(a); actor >= 0) Program(a, static_cast<ActorId>(actor));
  Decisions();
  if (count_ * kFuzzRecordSize > cap) return 0;
  for (size_t i = 0; i < count_; i++, out += kFuzzRecordSize) {
    out[0] = records_[i].who;
    out[1] = records_[i].code;
    out[2] = records_[i].a;
    out[3] = records_[i].b;
  }
  return count_ * kFuzzRecordSize;
}

FuzzRecord RecordAt(const uint8_t* data, size_t size, size_t at) {
  const auto byte = [&](size_t i) { return at + i < size ? data[at + i] : uint8_t{0}; };
  return {byte(0), byte(1), byte(2), byte(3)};
}

}  // namespace

void DecodeFuzz(const uint8_t* data, size_t size, const Profile& profile, Trace* out, FuzzMix mix) {
  FuzzBuilder builder(out, &GetCodecScratch().state, mix);
  builder.Header(RecordAt(data, size, 0), profile);
  for (size_t at = kFuzzRecordSize; at + kFuzzRecordSize <= size; at += kFuzzRecordSize)
    builder.Record(RecordAt(data, size, at));
  builder.Finish();
}

size_t EncodeFuzz(const Trace& trace, uint8_t* out, size_t cap, FuzzMix mix) {
  return Encoder(trace, GetCodecScratch(), mix).Run(out, cap);
}

}  // namespace highmem
