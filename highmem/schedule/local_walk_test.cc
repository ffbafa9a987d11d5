// The property that litmus files cannot show: whatever valid programs do with local and atomic
// maps, in whatever contexts, under whatever schedule, the oracles have nothing to object to.

#include <gtest/gtest.h>

#include <iterator>
#include <random>

#include "highmem/schedule/random.h"
#include "highmem/trace/check_trace.h"
#include "highmem/trace/lane.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

// Programs of the valid lane that know every kind of map, of section and of handler.
class Programs {
 public:
  explicit Programs(uint64_t seed) : random_(seed) {}

  Trace Make(const Profile& profile) {
    Trace t;
    t.profile = profile;
    t.pages.resize(4);
    t.pages[3].high = false;
    constexpr ActorKind kKinds[] = {ActorKind::task,  ActorKind::task, ActorKind::softirq,
                                    ActorKind::fault, ActorKind::irq,  ActorKind::task,
                                    ActorKind::nmi,   ActorKind::fault};
    const int actors = 1 + Below(static_cast<int>(std::size(kKinds)));
    for (int a = 0; a < actors; a++) {
      Actor actor;
      actor.kind = kKinds[a];
      actor.cpu = static_cast<CpuId>(Below(3) == 0 ? Below(profile.cpus) : 0);
      actor.runs = actor.kind == ActorKind::task ? 1 : 2;
      t.actors.push_back(actor);
    }
    LaneState lane;
    lane.Begin(t);
    forked_ = false;
    for (int a = 0; a < actors; a++) AddProgram(&t, static_cast<ActorId>(a), &lane);
    LaneReport report;
    FilterLane(&t, &report);
    EXPECT_EQ(report.skipped.size(), 0u);
    return t;
  }

 private:
  int Below(int n) { return static_cast<int>(random_() % static_cast<uint64_t>(n)); }

  void AddProgram(Trace* t, ActorId a, LaneState* lane) {
    Actor& actor = t->actors[a];
    actor.first_op = static_cast<uint32_t>(t->ops.size());
    const int wanted = 2 + Below(actor.kind == ActorKind::task ? 14 : 6);
    for (int tries = 0; tries < 60 && static_cast<int>(actor.op_count) < wanted; tries++) {
      const Op op = Draw(*t, a, *lane);
      if (lane->Check(a, op) != SkipReason::none) continue;
      lane->Apply(a, op);
      if (op.var >= 0) actor.vars.emplace_back();
      if (op.code == OpCode::fork) forked_ = true;
      t->ops.push_back(op);
      actor.op_count++;
    }
  }

  Op Draw(const Trace& t, ActorId a, const LaneState& lane) {
    constexpr OpCode kCodes[] = {OpCode::kmap_local_page,
                                 OpCode::kmap_local_page,
                                 OpCode::kmap_local_pfn,
                                 OpCode::kmap_atomic,
                                 OpCode::kmap_atomic_pfn,
                                 OpCode::kunmap_local,
                                 OpCode::kunmap_local,
                                 OpCode::kunmap_local,
                                 OpCode::load,
                                 OpCode::load,
                                 OpCode::store,
                                 OpCode::store,
                                 OpCode::kmap_to_page,
                                 OpCode::get_user,
                                 OpCode::get_user,
                                 OpCode::yield,
                                 OpCode::yield,
                                 OpCode::kmap,
                                 OpCode::kunmap,
                                 OpCode::page_address,
                                 OpCode::kmap_flush_unused,
                                 OpCode::irq_save,
                                 OpCode::irq_restore,
                                 OpCode::preempt_disable,
                                 OpCode::preempt_enable,
                                 OpCode::local_bh_disable,
                                 OpCode::local_bh_enable,
                                 OpCode::lock,
                                 OpCode::unlock,
                                 OpCode::fork,
                                 OpCode::exit_to_user,
                                 OpCode::clear_warn_once};
    Op op;
    op.code = kCodes[Below(static_cast<int>(std::size(kCodes)))];
    const auto vars = static_cast<int>(t.actors[a].vars.size());
    const OpInfo& info = Info(op.code);
    if (info.makes != Makes::none) {
      op.page = static_cast<int16_t>(Below(static_cast<int>(t.pages.size())));
      op.var = static_cast<int16_t>(vars);
    } else if (op.code == OpCode::kunmap_local) {
      op.ref = -1;
      if (Op release; lane.ReleaseOfLocal(a, 0, &release)) op = release;
    } else if (info.takes('v') || info.takes('m')) {
      op.ref = static_cast<int16_t>(vars == 0 ? -1 : Below(vars));
    }
    if (info.takes('v') || (info.takes('x') && op.ref >= 0))
      op.offset = static_cast<uint16_t>(Below(t.profile.page_size));
    if (op.code == OpCode::store) op.value = Below(256);
    // A child that nobody forks would never run, and may not fork its parent.
    if (op.code == OpCode::fork) op.actor = ChildOf(t, a);
    if ((op.ref < 0 && info.takes('v')) || op.actor == kNoActor) op.code = OpCode::loop;
    return op;
  }

  ActorId ChildOf(const Trace& t, ActorId a) const {
    const auto child = static_cast<ActorId>(a + 1);
    const bool task = child < t.actors.size() && t.actors[child].kind == ActorKind::task;
    return t.actors[a].kind == ActorKind::task && task && !forked_ ? child : kNoActor;
  }

  std::mt19937_64 random_;
  bool forked_ = false;
};

void WalkMany(const Profile& profile, uint64_t seed, int programs) {
  constexpr int kSchedules = 8;
  Programs make(seed);
  RandomChooser chooser(seed);
  Executor executor;
  Judge judge;
  for (int i = 0; i < programs; i++) {
    const Trace trace = make.Make(profile);
    std::string error;
    ASSERT_TRUE(CheckTrace(trace, &error)) << error << "\n" << PrintTrace(trace);
    for (int s = 0; s < kSchedules; s++) {
      const Outcome o = RunOnce(executor, judge, trace, chooser);
      // A random walk may dawdle; that is no fault of the implementation.
      if (o.finding.id == FindingId::L3) continue;
      ASSERT_TRUE(o.passed()) << Sentence(o.finding, trace) << "\n" << PrintTrace(trace);
    }
  }
}

TEST(LocalWalkTest, SilentOnValidProgramsWithMigrations) {
  WalkMany(*FindProfile("x86_tiny_smp"), 1, 300);
}

TEST(LocalWalkTest, SilentOnValidProgramsWithGuards) {
  WalkMany(*FindProfile("x86_tiny_debug"), 2, 300);
}

TEST(LocalWalkTest, SilentOnValidProgramsWhereEveryPageIsMapped) {
  Profile profile = *FindProfile("x86_tiny_smp");
  profile.force_map = 1;
  WalkMany(profile, 3, 100);
}

}  // namespace
}  // namespace highmem
