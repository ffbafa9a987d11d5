// Random valid programs full of local maps, for tests: tasks and handlers of every kind, maps of
// every kind nested in all contexts, sleep, preemption, faults, fork. (The fuzz codec knows pkmap
// only.)
#ifndef HIGHMEM_CHECK_RANDOM_LOCAL_FOR_TEST_H_
#define HIGHMEM_CHECK_RANDOM_LOCAL_FOR_TEST_H_

#include <cstdint>
#include <iterator>

#include "highmem/trace/lane.h"
#include "highmem/trace/lane_state.h"
#include "highmem/trace/trace.h"

namespace highmem {

class RandomLocal {
 public:
  explicit RandomLocal(uint64_t seed) : state_(seed) {}

  uint32_t Below(uint32_t n) {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);  // splitmix64
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return static_cast<uint32_t>(((z ^ z >> 31) >> 32) * n >> 32);
  }

  // A program of the valid lane on this machine.
  void Make(const Profile& profile, Trace* trace) {
    trace->Clear();
    trace->profile = profile;
    trace->schedule.kind = ScheduleKind::any;
    trace->pages.resize(kPages);
    trace->pages[kPages - 1].high = false;
    AddActors(trace);
    lane_.Begin(*trace);
    for (size_t a = 0; a < trace->actors.size(); a++) AddOps(static_cast<ActorId>(a), trace);
    LaneReport report;
    FilterLane(trace, &report);
  }

 private:
  static constexpr int kPages = 5;  // the last one is low

  void AddActors(Trace* trace) {
    const auto cpus = static_cast<uint32_t>(trace->profile.cpus);
    const auto add = [&](ActorKind kind, uint16_t runs) {
      Actor actor;
      actor.kind = kind;
      actor.cpu = static_cast<CpuId>(Below(cpus));
      actor.runs = runs;
      trace->actors.push_back(actor);
    };
    for (uint32_t n = 1 + Below(3); n > 0; n--) add(ActorKind::task, 1);
    for (const ActorKind kind :
         {ActorKind::softirq, ActorKind::irq, ActorKind::irq, ActorKind::nmi, ActorKind::fault})
      if (Below(2) == 0) add(kind, static_cast<uint16_t>(1 + Below(3)));
  }

  void AddOps(ActorId a, Trace* trace) {
    Actor& actor = trace->actors[a];
    actor.first_op = static_cast<uint32_t>(trace->ops.size());
    const uint32_t tries = actor.kind == ActorKind::task ? 24 : 10;
    for (uint32_t i = 0; i < tries; i++) {
      const Op op = AnyOp(a, *trace);
      if (lane_.Check(a, op) != SkipReason::none) continue;
      lane_.Apply(a, op);
      trace->ops.push_back(op);
      actor.op_count++;
      if (op.var >= 0) actor.vars.emplace_back();
    }
  }

  Op AnyOp(ActorId a, const Trace& trace) {
    static constexpr OpCode kCodes[] = {OpCode::kmap_local_page,
                                        OpCode::kmap_local_page,
                                        OpCode::kmap_local_pfn,
                                        OpCode::kmap_atomic,
                                        OpCode::kmap_atomic_pfn,
                                        OpCode::kunmap_local,
                                        OpCode::kunmap_local,
                                        OpCode::kunmap_local,
                                        OpCode::load,
                                        OpCode::store,
                                        OpCode::yield,
                                        OpCode::get_user,
                                        OpCode::kmap,
                                        OpCode::kunmap,
                                        OpCode::preempt_disable,
                                        OpCode::preempt_enable,
                                        OpCode::irq_save,
                                        OpCode::irq_restore,
                                        OpCode::local_bh_disable,
                                        OpCode::local_bh_enable,
                                        OpCode::lock,
                                        OpCode::unlock,
                                        OpCode::fork,
                                        OpCode::exit_to_user,
                                        OpCode::kmap_flush_unused};
    Op op;
    op.code = kCodes[Below(std::size(kCodes))];
    const auto vars = static_cast<uint32_t>(trace.actors[a].vars.size());
    if (Info(op.code).makes != Makes::none) op.var = static_cast<int16_t>(vars);
    if (Info(op.code).takes('p')) op.page = static_cast<int16_t>(Below(kPages));
    if (Info(op.code).takes('v') || Info(op.code).takes('m'))
      op.ref = static_cast<int16_t>(Below(vars + 1)) < static_cast<int16_t>(vars)
                   ? static_cast<int16_t>(Below(vars))
                   : static_cast<int16_t>(-1);
    if (op.ref < 0 && Info(op.code).takes('m')) op.page = static_cast<int16_t>(Below(kPages));
    if (op.code == OpCode::kunmap_local) {
      op.ref = -1;
      if (Op release; lane_.ReleaseOfLocal(a, 0, &release)) op = release;
    }
    if (Info(op.code).takes('v') || Info(op.code).takes('x'))
      op.offset = static_cast<uint16_t>(Below(static_cast<uint32_t>(trace.profile.page_size)));
    if (op.code == OpCode::store) op.value = static_cast<int32_t>(Below(256));
    if (op.code == OpCode::fork) {
      // A task declared later, so that nobody forks his own ancestor.
      const size_t child = a + 1 + Below(2);
      const bool there = child < trace.actors.size() && trace.actors[child].kind == ActorKind::task;
      op.code = there ? OpCode::fork : OpCode::yield;
      if (there) op.actor = static_cast<uint8_t>(child);
    }
    return op;
  }

  uint64_t state_;
  LaneState lane_;
};

}  // namespace highmem

#endif  // HIGHMEM_CHECK_RANDOM_LOCAL_FOR_TEST_H_
