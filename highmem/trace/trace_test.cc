#include "highmem/trace/trace.h"

#include <gtest/gtest.h>

#include <set>

#include "highmem/trace/check_trace.h"
#include "highmem/trace/text.h"
#include "highmem/trace/trace_gen_for_test.h"

namespace highmem {
namespace {

Trace Parse(const std::string& text) {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(ParseTrace(text, "test", &trace, &error)) << error.Text();
  return trace;
}

Trace Sample() {
  return Parse(
      "#hm 1\n"
      "profile x86_tiny\n"
      "page A high\n"
      "page B low\n"
      "task T1@0:\n"
      "  a = kmap A -> pkmap:1 count=2\n"
      "  load a+3 -> 7\n"
      "  check count(A)==2\n"
      "  kunmap a\n"
      "task T2@1:\n"
      "  kmap any(A,B)\n"
      "  rotate 2\n"
      "irq H3@1 x2:\n"
      "  page_address A\n"
      "schedule:\n"
      "  start T1\n"
      "  at T1.1 unlock+#2 -> T2\n"
      "  after 3 -> fill 1 pkmap:2\n"
      "expect pass\n"
      "forbid I4\n"
      "final cursor==1\n");
}

TEST(TraceNames, DefaultsFollowTheIndex) {
  Trace t;
  t.pages.resize(28);
  EXPECT_EQ(PageName(t, 0), "A");
  EXPECT_EQ(PageName(t, 25), "Z");
  EXPECT_EQ(PageName(t, 26), "P26");
  t.actors.resize(5);
  t.actors[1].kind = ActorKind::irq;
  t.actors[2].kind = ActorKind::softirq;
  t.actors[3].kind = ActorKind::nmi;
  t.actors[4].kind = ActorKind::fault;
  t.actors[0].vars.resize(30);
  EXPECT_EQ(ActorName(t, 0), "T1");
  EXPECT_EQ(ActorName(t, 1), "H2");
  EXPECT_EQ(ActorName(t, 2), "S3");
  EXPECT_EQ(ActorName(t, 3), "N4");
  EXPECT_EQ(ActorName(t, 4), "F5");
  EXPECT_EQ(VarName(t, 0, 0), "a");
  EXPECT_EQ(VarName(t, 0, 25), "z");
  EXPECT_EQ(VarName(t, 0, 26), "v26");
  t.pages[1].name = "buffer";
  t.actors[1].name = "disk";
  t.actors[0].vars[2] = "map";
  EXPECT_EQ(PageName(t, 1), "buffer");
  EXPECT_EQ(ActorName(t, 1), "disk");
  EXPECT_EQ(VarName(t, 0, 2), "map");
}

TEST(TracePfn, LowHighAndFillersDoNotOverlap) {
  Trace t;  // x86_tiny: 2 low, 12 high
  t.pages.resize(4);
  t.pages[1].high = false;
  t.pages[3].high = false;
  EXPECT_EQ(PfnOf(t, 0), 2);
  EXPECT_EQ(PfnOf(t, 1), 0);
  EXPECT_EQ(PfnOf(t, 2), 3);
  EXPECT_EQ(PfnOf(t, 3), 1);
  std::vector<Pfn> pfns;
  PfnsOf(t, &pfns);
  EXPECT_EQ(pfns, (std::vector<Pfn>{2, 0, 3, 1}));
  EXPECT_EQ(FillerPfn(t, 0), 13);
  EXPECT_EQ(FillerPfn(t, 9), 4);
}

TEST(TracePfn, AllAtOnceIsTheSame) {
  Trace t;
  t.profile.colours = 2;
  t.pages.resize(6);
  for (size_t i = 0; i < t.pages.size(); i++) {
    t.pages[i].high = i % 3 != 0;
    t.pages[i].colour = i % 2;
    t.pages[i].order = i == 1;
  }
  std::vector<Pfn> pfns;
  PfnsOf(t, &pfns);
  ASSERT_EQ(pfns.size(), t.pages.size());
  for (int i = 0; i < 6; i++) EXPECT_EQ(pfns[static_cast<size_t>(i)], PfnOf(t, i)) << i;
}

TEST(TraceClear, GivesADefaultTraceAndKeepsCapacity) {
  Trace t = Sample();
  const Op* const ops = t.ops.data();
  const size_t decisions = t.schedule.decisions.capacity();
  t.Clear();
  EXPECT_EQ(t, Trace());
  EXPECT_EQ(t.schedule.decisions.capacity(), decisions);
  t.ops.emplace_back();
  EXPECT_EQ(t.ops.data(), ops);
}

TEST(TraceCounts, TasksAndFillers) {
  Trace t = Sample();
  EXPECT_EQ(t.task_count(), 2);
  EXPECT_EQ(FillerCount(t), 5);  // last_pkmap + 1 for the rotate
  t.ops[3].code = OpCode::fill;
  t.ops[3].value = 3;
  EXPECT_EQ(FillerCount(t), 8);
}

TEST(TraceCounts, ForkedTasks) {
  const Trace t = Parse(
      "#hm 1\nprofile x86_tiny\ntask T1@0:\n  fork T4\nirq H2@0:\ntask T3@0:\n  fork T1\n"
      "task T4@1:\n");
  EXPECT_EQ(t.forked(), 0b1001u);
}

TEST(TraceGenerator, MakesValidTracesOfEveryKind) {
  std::set<OpCode> ops;
  std::set<ActorKind> actors;
  std::set<ExpectKind> expects;
  std::set<Quantity> quantities;
  std::set<TargetKind> targets;
  std::set<ScheduleKind> schedules;
  std::set<VerdictKind> verdicts;
  for (uint64_t seed = 0; seed < 300; seed++) {
    const Trace t = TraceGenerator(seed).Next();
    std::string error;
    EXPECT_TRUE(CheckTrace(t, &error)) << seed << ": " << error;
    for (const Op& op : t.ops) ops.insert(op.code);
    for (const Actor& actor : t.actors) actors.insert(actor.kind);
    for (const Expect& e : t.expects) expects.insert(e.kind);
    for (const Cond& c : t.conds) quantities.insert(c.quantity);
    for (const Decision& d : t.schedule.decisions) targets.insert(d.target.kind);
    for (const VerdictDecl& v : t.verdicts) verdicts.insert(v.kind);
    schedules.insert(t.schedule.kind);
  }
  EXPECT_EQ(ops.size(), static_cast<size_t>(OpCode::kCount));
  EXPECT_EQ(actors.size(), WordsOf<ActorKind>().size());
  EXPECT_EQ(expects.size(), WordsOf<ExpectKind>().size());
  EXPECT_EQ(quantities.size(), WordsOf<Quantity>().size());
  EXPECT_EQ(targets.size(), WordsOf<TargetKind>().size());
  EXPECT_EQ(schedules.size(), 5u);
  EXPECT_EQ(verdicts.size(), 9u);
}

}  // namespace
}  // namespace highmem
