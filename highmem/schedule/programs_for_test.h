// What tests of choosers share: programs of every kind, and runs as one number.
#ifndef HIGHMEM_SCHEDULE_PROGRAMS_FOR_TEST_H_
#define HIGHMEM_SCHEDULE_PROGRAMS_FOR_TEST_H_

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <cstdint>
#include <random>
#include <span>

#include "highmem/schedule/record.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/lane.h"

namespace highmem {

// The event stream of a run.
class HashSink : public EventSink {
 public:
  void Begin(const Executor& /*executor*/) override { hash_ = 0; }
  bool OnStep(const Executor& /*executor*/, std::span<const Event> events) override {
    hash_ = XXH64(events.data(), events.size_bytes(), hash_);
    return true;
  }
  uint64_t hash() const { return hash_; }

 private:
  uint64_t hash_ = 0;
};

// Programs of every op, most of them sensible.
class Programs {
 public:
  explicit Programs(uint64_t seed) : random_(seed) {}

  Trace Make() {
    Trace t;
    t.profile = *FindProfile("x86_tiny");
    t.profile.cpus = 1 + Below(3);
    t.profile.last_pkmap = 1 << Below(3);
    t.profile.spec_fills = Below(2);
    t.profile.tlb_evicts = Below(2);
    t.misuse = Below(3) == 0;
    t.pages.resize(1 + static_cast<size_t>(Below(4)));
    for (PageDecl& page : t.pages) page.high = Below(8) != 0;
    const int actors = 1 + Below(4);
    for (int a = 0; a < actors; a++) AddActor(&t, a > 0 && Below(3) == 0);
    LaneReport report;
    FilterLane(&t, &report);
    return t;
  }

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }

  void AddActor(Trace* t, bool handler) {
    Actor actor;
    actor.kind = handler ? ActorKind::irq : ActorKind::task;
    actor.cpu = static_cast<CpuId>(Below(t->profile.cpus));
    actor.runs = static_cast<uint16_t>(handler ? 1 + Below(2) : 1);
    actor.first_op = static_cast<uint32_t>(t->ops.size());
    const int ops = 1 + Below(7);
    for (int i = 0; i < ops; i++) AddOp(t, &actor);
    actor.op_count = static_cast<uint32_t>(t->ops.size()) - actor.first_op;
    t->actors.push_back(actor);
  }

  void AddOp(Trace* t, Actor* actor) {
    const int vars = static_cast<int>(actor->vars.size());
    const bool handler = actor->kind != ActorKind::task;
    Op op;
    op.code = kCodes[Below(std::size(kCodes))];
    if (handler && !t->misuse) op.code = OpCode::page_address;
    const bool of_var = op.code == OpCode::load || op.code == OpCode::store;
    if (of_var && vars == 0) op.code = OpCode::kmap;
    const OpInfo& info = Info(op.code);
    if (info.takes('p') || info.takes('m'))
      op.page = static_cast<int16_t>(Below(static_cast<int>(t->pages.size())));
    if (info.takes('v')) op.ref = static_cast<int16_t>(Below(vars));
    if (info.takes('i')) op.value = Below(2) + (op.code == OpCode::fill);
    if (op.code == OpCode::rotate) op.value = 0;
    if (info.makes != Makes::none) {
      op.var = static_cast<int16_t>(vars);
      actor->vars.emplace_back();
    }
    t->ops.push_back(op);
  }

  static constexpr OpCode kCodes[] = {
      OpCode::kmap,   OpCode::kmap,     OpCode::kunmap,      OpCode::kunmap,
      OpCode::kunmap, OpCode::load,     OpCode::store,       OpCode::kmap_flush_unused,
      OpCode::yield,  OpCode::irq_save, OpCode::irq_restore, OpCode::preempt_disable,
      OpCode::lock,   OpCode::unlock,   OpCode::page_address};
  std::mt19937_64 random_;
};

// Of the trace as its decisions say; *dropped: how many of them did not fire.
inline uint64_t HashOfReplay(Executor& executor, const Trace& trace, int* dropped) {
  HashSink sink;
  ReplayChooser replay;
  executor.Load(trace, &sink);
  executor.Run(replay);
  *dropped = replay.dropped() + static_cast<int>(trace.schedule.decisions.size()) - replay.fired();
  return sink.hash();
}

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_PROGRAMS_FOR_TEST_H_
