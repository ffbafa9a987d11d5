// kmap_atomic in three eras. Programs that the valid lane admits pass in each, under interrupts and
// any schedule; and one that nests its maps strictly, in slots that are free, sees the same in all
// of them. One that does not nest its maps does not. (SPEC E, F, G.6)

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

#include "highmem/kernel/task.h"
#include "highmem/kmap/introspect.h"
#include "highmem/machine/layout.h"
#include "highmem/machine/page_table.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/event_sink.h"
#include "highmem/trace/text.h"
#include "properties/programs.h"
#include "properties/verdict_of.h"

namespace highmem::properties {
namespace {

uint64_t Seed() { return *rc::gen::noShrink(rc::gen::arbitrary<uint64_t>()); }

// Indexes, and windows where entries are cleared: all as at boot. Says what is not.
std::string LeftBehind() {
  const Profile& p = machine.profile;
  for (int c = 0; c < p.cpus && kmap_atomic_view() != nullptr; c++)
    if (kmap_atomic_view()->idx(static_cast<CpuId>(c)) != 0) return "a CPU has atomic maps";
  for (int t = 0; t < task_count(); t++)
    if (task(static_cast<TaskId>(t)).pagefault_disabled != 0) return "a task has page faults off";
  for (int slot = 0; slot < FixKmapSlots() && p.keeps_pte == 0; slot++)
    if (!PteGet(FixKmapVpn(slot)).none()) return "a window holds a PTE";
  return "";
}

void PassesAndLeavesNothing(const char* profile) {
  static Executor executor;
  const Trace trace = *ValidProgram({.profile = profile, .family = Family::atomic, .tasks = 3});
  const uint64_t seed = Seed();
  const Outcome outcome = VerdictOf(executor, trace, Strategy::random, seed);
  RC_CLASSIFY(outcome.steps > 100, "more than 100 steps");
  if (!outcome.passed()) RC_FAIL(Falsified(executor, trace, Strategy::random, seed));
  RC_ASSERT(outcome.status == RunStatus::done);
  RC_ASSERT(LeftBehind() == "");
}

RC_GTEST_PROP(Eras, SlotsPass, ()) { PassesAndLeavesNothing("x86_tiny_e1"); }
RC_GTEST_PROP(Eras, SlotsWithFencesPass, ()) { PassesAndLeavesNothing("x86_tiny_e1_debug"); }
RC_GTEST_PROP(Eras, SlotsWhoseEntriesStayPass, ()) { PassesAndLeavesNothing("mips_tiny_e1"); }
RC_GTEST_PROP(Eras, StackPasses, ()) { PassesAndLeavesNothing("x86_tiny_e2_debug"); }
RC_GTEST_PROP(Eras, StackWhoseEntriesStayPasses, ()) { PassesAndLeavesNothing("mips_tiny_e2"); }
RC_GTEST_PROP(Eras, StackBesideThePoolPasses, ()) { PassesAndLeavesNothing("armv7_tiny_e2"); }

// What a run shows its programs: every byte loaded and fault taken, in order.
class Observer : public EventSink {
 public:
  void Begin(const Executor& /*executor*/) override { seen_.clear(); }
  bool OnStep(const Executor& /*executor*/, std::span<const Event> events) override {
    for (const Event& e : events) {
      const auto code = static_cast<OpCode>(e.old_value & 0xff);
      const bool access = code == OpCode::load || code == OpCode::store || code == OpCode::get_user;
      if (e.kind == EventKind::op_end && access) seen_.push_back({e.ctx, e.old_value, e.new_value});
    }
    return true;
  }
  struct Access {
    uint32_t who, what, value;
    friend bool operator==(const Access&, const Access&) = default;
  };
  std::vector<Access> seen_;
};

// The same program in another era, where nobody names slots; as deep as there were slots.
Trace InEra(Trace trace, const char* profile) {
  trace.profile = *FindProfile(profile);
  trace.profile.km_max_idx = kKmTypes + 1;
  for (Op& op : trace.ops)
    if (Info(op.code).takes('k')) op.value = 0;
  return trace;
}

std::vector<Observer::Access> Observed(const Trace& trace) {
  static Executor executor;
  Observer observer;
  ReplayChooser in_order;
  executor.Load(trace, &observer);
  executor.Run(in_order);
  return observer.seen_;
}

RC_GTEST_PROP(Eras, StrictlyNestedProgramsSeeTheSame, ()) {
  const Trace slots =
      *ValidProgram({.profile = "x86_tiny_e1", .family = Family::nested, .tasks = 2, .ops = 24});
  const auto seen = Observed(slots);
  RC_CLASSIFY(seen.size() > 4, "more than 4 accesses");
  for (const char* profile : {"x86_tiny_e2", "mips_tiny_e2", "x86_tiny", "armv7_tiny"})
    if (Observed(InEra(slots, profile)) != seen)
      RC_FAIL(std::string(profile) + " differs\n" + PrintTrace(slots));
}

// First in, first out: slots do not mind, stacks do.
TEST(Eras, AProgramThatDoesNotNestSeesTheDifference) {
  Trace slots;
  ParseError error;
  ASSERT_TRUE(
      ParseTrace("#hm 1\nprofile x86_tiny_e1 cpus=1\npage A high\npage B high\nlane misuse\n"
                 "task T1@0:\n  a = kmap_atomic A KM_USER0\n  b = kmap_atomic B KM_USER1\n"
                 "  kunmap_atomic a KM_USER0\n  load b+0\n  kunmap_atomic b KM_USER1\n",
                 "fifo", &slots, &error))
      << error.Text();
  const auto seen = Observed(slots);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].value, InitialByte(PfnOf(slots, 1), 0));
  for (const char* profile : {"x86_tiny_e2", "x86_tiny"})
    EXPECT_NE(Observed(InEra(slots, profile)), seen) << profile;
}

}  // namespace
}  // namespace highmem::properties
