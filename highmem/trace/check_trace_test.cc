// What CheckTrace refuses, and where it says the fault lies.
#include "highmem/trace/check_trace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "highmem/trace/damage_for_test.h"

namespace highmem {
namespace {

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

void CheckDamage(const std::vector<Damage>& damages) { CheckDamage(Sample(), damages); }

TEST(CheckTrace, SaysTheSentenceOfTheProblem) {
  Trace t = Sample();
  t.actors[1].cpu = 2;
  std::string error;
  EXPECT_FALSE(CheckTrace(t, &error));
  EXPECT_EQ(error, "expected a CPU from 0 to 1, found 2");
}

TEST(CheckTrace, TheSampleIsSound) {
  std::string error;
  EXPECT_TRUE(CheckTrace(Sample(), &error)) << error;
}

TEST(CheckTrace, ASlotOfTheFirstEraIsOneOfItsNames) {
  const Trace sample = Parse(
      "#hm 1\n"
      "profile x86_tiny_e1\n"
      "page A high\n"
      "task T1@0:\n"
      "  a = kmap_atomic A KM_USER0\n"
      "  kunmap_atomic a KM_USER0\n");
  // Its lowest byte is a name's.
  CheckDamage(sample, {{"slot", [](Trace& t) { t.ops[0].value += 1 << 18; }, Where::op, 0,
                        "T1.1 kmap_atomic: expected a slot, found number 262147"}});
}

TEST(CheckTrace, MachineAndActors) {
  CheckDamage({
      {"unknown profile", [](Trace& t) { t.profile.name[0] = 'z'; }, Where::profile, 0,
       "expected a known profile, found 'z86_tiny'"},
      {"endless name", [](Trace& t) { std::fill_n(t.profile.name, 24, 'x'); }, Where::profile, 0,
       "the profile's name has no end"},
      {"padding", [](Trace& t) { t.profile.name[20] = 'x'; }, Where::profile, 0,
       "the profile's name is not padded with zeros"},
      {"profile value", [](Trace& t) { t.profile.last_pkmap = 3; }, Where::profile, 0,
       "last_pkmap=3 is not legal: expected a power of two from 1 to 4096"},
      {"not built", [](Trace& t) { t.profile.colours = 2; }, Where::profile, 0,
       "cache=2 (VIPT aliasing) and colours above 1 need each other"},
      {"low pages",
       [](Trace& t) {
         t.profile.low_pages = 1;
         t.pages[0].high = false;
       },
       Where::page, 1, "expected at most 1 low pages, as the profile has, found one more"},
      {"high pages", [](Trace& t) { t.pages.resize(14); }, Where::page, 13,
       "expected at most 12 high pages, as the profile has, found one more"},
      {"colour", [](Trace& t) { t.pages[1].colour = 1; }, Where::page, 1,
       "expected a colour from 0 to 0, found 1"},
      {"no actors", [](Trace& t) { t.actors.clear(); }, Where::trace, 0,
       "expected an actor, found none"},
      {"many actors", [](Trace& t) { t.actors.resize(17); }, Where::actor, 16,
       "expected at most 16 actors, found 17"},
      {"many tasks",
       [](Trace& t) {
         t.actors.resize(10);
         for (size_t a = 3; a < 10; a++) t.actors[a].first_op = 7;
       },
       Where::actor, 9, "expected at most 8 tasks, found one more"},
      {"kind", [](Trace& t) { t.actors[0].kind = ActorKind{9}; }, Where::actor, 0,
       "actor 0 is of no known kind"},
      {"cpu", [](Trace& t) { t.actors[1].cpu = 2; }, Where::actor, 1,
       "expected a CPU from 0 to 1, found 2"},
      {"runs of a task", [](Trace& t) { t.actors[1].runs = 2; }, Where::actor, 1,
       "a task runs once, found 2 runs"},
      {"runs of a handler", [](Trace& t) { t.actors[2].runs = 0; }, Where::actor, 2,
       "expected a handler to run at least once, found x0"},
      {"many ops", [](Trace& t) { t.actors[1].op_count = 65536; }, Where::actor, 1,
       "expected at most 65535 ops, found 65536"},
      {"many variables", [](Trace& t) { t.actors[1].vars.resize(32768); }, Where::actor, 1,
       "expected at most 32767 variables, found 32768"},
      {"many variables in all",
       [](Trace& t) {
         for (Actor& actor : t.actors) actor.vars.resize(32767);
       },
       Where::trace, 0, "expected at most 65535 variables, found 98301"},
      {"op layout", [](Trace& t) { t.actors[1].first_op = 3; }, Where::actor, 1,
       "ops of actor 1 do not follow those of the actor before it"},
      {"op count", [](Trace& t) { t.ops.emplace_back(); }, Where::trace, 0,
       "the actors have 7 ops, the trace 8"},
      {"unmade variable", [](Trace& t) { t.actors[0].vars.resize(2); }, Where::actor, 0,
       "T1 makes 1 of its 2 variables"},
      {"fillers", [](Trace& t) { t.profile.high_pages = 5; }, Where::op, 5,
       "expected at most 5 high pages, as the profile has, found 1 declared and 5 taken by "
       "fill "
       "and rotate"},
  });
}

TEST(CheckTrace, Names) {
  CheckDamage({
      {"letters", [](Trace& t) { t.pages[0].name = "a-b"; }, Where::page, 0,
       "expected the page name to be at most 31 letters, digits and '_' and no word of the "
       "format, "
       "found 'a-b'"},
      {"reserved", [](Trace& t) { t.actors[0].name = "kmap"; }, Where::actor, 0,
       "expected the actor name to be at most 31 letters, digits and '_' and no word of the "
       "format, "
       "found 'kmap'"},
      {"default", [](Trace& t) { t.actors[0].vars[0] = "a"; }, Where::actor, 0,
       "the variable name 'a' is the default and must be empty"},
      {"twice", [](Trace& t) { t.pages[0].name = "B"; }, Where::page, 1,
       "expected a new page name, found 'B' again"},
      {"actor twice", [](Trace& t) { t.actors[1].name = "T1"; }, Where::actor, 1,
       "expected a new actor name, found 'T1' again"},
      {"page and variable", [](Trace& t) { t.pages[1].name = "a"; }, Where::actor, 0,
       "expected a variable name, found 'a', which is a page"},
  });
}

TEST(CheckTrace, Operands) {
  CheckDamage({
      {"code", [](Trace& t) { t.ops[0].code = OpCode{255}; }, Where::op, 0,
       "T1.1: expected an op, found number 255"},
      {"unused field", [](Trace& t) { t.ops[3].value = 1; }, Where::op, 3,
       "T1.4 kunmap: a field that it does not use is set"},
      {"page", [](Trace& t) { t.ops[0].page = 2; }, Where::op, 0,
       "T1.1 kmap: expected a page from 0 to 1, found 2"},
      {"page and any", [](Trace& t) { t.ops[4].page = 0; }, Where::op, 4,
       "T2.1 kmap: expected a page or any(...), found both"},
      {"any", [](Trace& t) { t.ops[4].any = 7; }, Where::op, 4,
       "T2.1 kmap: expected any(...) of the 2 pages declared, found another"},
      {"page and variable", [](Trace& t) { t.ops[3].page = 0; }, Where::op, 3,
       "T1.4 kunmap: expected a page or a variable, found both"},
      {"variable before it is made", [](Trace& t) { t.ops[1].ref = 1; }, Where::op, 1,
       "T1.2 load: expected a variable made before, found number 1 of 1"},
      {"offset", [](Trace& t) { t.ops[1].offset = 32; }, Where::op, 1,
       "T1.2 load: expected an offset from 0 to 31, found 32"},
      {"slot", [](Trace& t) { t.ops[5].value = 4; }, Where::op, 5,
       "T2.2 rotate: expected a slot from 0 to 3, found 4"},
      {"condition", [](Trace& t) { t.ops[2].value = 1; }, Where::op, 2,
       "T1.3 check: expected condition number 0, found 1"},
      {"page of a condition", [](Trace& t) { t.conds[0].page = 5; }, Where::op, 2,
       "T1.3 check: expected a declared page in count(...), found 5"},
      {"offset of a condition", [](Trace& t) { t.conds[0].offset = 5; }, Where::op, 2,
       "T1.3 check: expected no offset behind count, found 5"},
      {"kind of a condition", [](Trace& t) { t.conds[0].compare = Compare{9}; }, Where::op, 2,
       "T1.3 check: the condition is of no known kind"},
      {"byte of a condition",
       [](Trace& t) {
         t.conds[0].quantity = Quantity::kByte;
         t.conds[0].offset = 32;
       },
       Where::op, 2, "T1.3 check: expected an offset from 0 to 31, found 32"},
      {"spare condition", [](Trace& t) { t.conds.emplace_back(); }, Where::trace, 0,
       "the ops have 1 conditions, the trace 2"},
      {"variable of an op that makes none", [](Trace& t) { t.ops[3].var = 0; }, Where::op, 3,
       "T1.4 kunmap: expected no variable, found one, though it makes no map"},
      {"variable out of order", [](Trace& t) { t.ops[0].var = 1; }, Where::op, 0,
       "T1.1 kmap: expected variable number 0 next, found 1"},
      {"take from a later task",
       [](Trace& t) {
         t.ops[4] = {};
         t.ops[4].code = OpCode::take;
         t.ops[4].actor = 1;
       },
       Where::op, 4, "T2.1 take: expected a task declared before T2, found 'T2'"},
      {"take in a handler",
       [](Trace& t) {
         t.ops[6] = {};
         t.ops[6].code = OpCode::take;
       },
       Where::op, 6, "H3.1 take: expected it in a task, found it in a handler"},
      {"loop before the end",
       [](Trace& t) {
         t.ops[2] = {};
         t.ops[2].code = OpCode::loop;
       },
       Where::op, 2, "T1.3 loop: expected it as the last op, found another op behind it"},
      {"fill that loops",
       [](Trace& t) {
         t.ops[4] = t.ops[5] = {};
         t.ops[4].code = OpCode::fill;
         t.ops[4].value = 1;
         t.ops[5].code = OpCode::loop;
       },
       Where::op, 4, "T2.1 fill: expected a program without 'loop', found one that repeats it"},
  });
}

TEST(CheckTrace, Expectations) {
  CheckDamage({
      {"layout", [](Trace& t) { t.ops[1].expect_first = 1; }, Where::op, 1,
       "T1.2 load: its expectations do not follow those of the op before it"},
      {"spare", [](Trace& t) { t.expects.emplace_back(); }, Where::trace, 0,
       "the ops have 3 expectations, the trace 4"},
      {"alternative first", [](Trace& t) { t.expects[0].alternative = true; }, Where::op, 0,
       "T1.1 kmap: expected an expectation before the first '|', found none"},
      {"result of another op", [](Trace& t) { t.expects[2].kind = ExpectKind::low; }, Where::op, 1,
       "T1.2 load: expected 'BYTE' or 'FAULT' as the result of load, found 'low'"},
      {"number", [](Trace& t) { t.expects[0].value = 4; }, Where::op, 0,
       "T1.1 kmap: expected a number from 0 to 3 in 'pkmap:N', found 4"},
      {"number of a word", [](Trace& t) { t.expects[0] = {ExpectKind::low, false, 1}; }, Where::op,
       0, "T1.1 kmap: expected a number from 0 to 0 in 'low', found 1"},
      {"site", [](Trace& t) { t.expects[0] = {ExpectKind::bug, false, 99}; }, Where::op, 0,
       "T1.1 kmap: expected a site, found number 99"},
  });
}

TEST(CheckTrace, Schedule) {
  CheckDamage({
      {"decisions elsewhere", [](Trace& t) { t.schedule.kind = ScheduleKind::any; },
       Where::schedule, 0, "only a list of decisions can hold decisions"},
      {"turns elsewhere", [](Trace& t) { t.schedule.turns.emplace_back(); }, Where::schedule, 0,
       "only an order can hold turns"},
      {"kind", [](Trace& t) { t.schedule.kind = ScheduleKind{9}; }, Where::schedule, 0,
       "the schedule is of no known kind"},
      {"seed elsewhere", [](Trace& t) { t.schedule.seed = 1; }, Where::schedule, 0,
       "only random schedules have runs and a seed"},
      {"no runs",
       [](Trace& t) {
         t.schedule = {};
         t.schedule.kind = ScheduleKind::random;
       },
       Where::schedule, 0, "expected at least 1 random run, found 0"},
      {"actor of a turn",
       [](Trace& t) {
         t.schedule = {};
         t.schedule.kind = ScheduleKind::order;
         t.schedule.turns = {{3, 1}};
       },
       Where::schedule, 0, "expected an actor from 0 to 2 in the order, found 3"},
      {"empty turn",
       [](Trace& t) {
         t.schedule = {};
         t.schedule.kind = ScheduleKind::order;
         t.schedule.turns = {{1, 0}};
       },
       Where::schedule, 0, "expected a turn of at least 1 op, found 0"},
      {"kind of a decision", [](Trace& t) { t.schedule.decisions[1].kind = DecisionKind{9}; },
       Where::decision, 1, "decision 1 is of no known kind"},
      {"who starts", [](Trace& t) { t.schedule.decisions[0].actor = 3; }, Where::decision, 0,
       "expected an actor from 0 to 2, found 3"},
      {"unused field", [](Trace& t) { t.schedule.decisions[0].steps = 3; }, Where::decision, 0,
       "a field that 'start' does not use is set"},
      {"op", [](Trace& t) { t.schedule.decisions[1].op = 4; }, Where::decision, 1,
       "expected an op of T1, which has 4, found number 5"},
      {"primitive", [](Trace& t) { t.schedule.decisions[1].prim = PrimKind::none; },
       Where::decision, 1, "expected a primitive, found number 0"},
      {"window", [](Trace& t) { t.schedule.decisions[1].prim = PrimKind::pte_set; },
       Where::decision, 1, "expected a primitive that opens a window, found 'pte_set+'"},
      {"occurrence", [](Trace& t) { t.schedule.decisions[1].nth = 0; }, Where::decision, 1,
       "expected an occurrence from #1 on, found #0"},
      {"target", [](Trace& t) { t.schedule.decisions[1].target.actor = 3; }, Where::decision, 1,
       "expected an actor from 0 to 2, found 3"},
      {"cpu", [](Trace& t) { t.schedule.decisions[2].target.cpu = 2; }, Where::decision, 2,
       "expected a CPU from 0 to 1, found 2"},
      {"virtual page", [](Trace& t) { t.schedule.decisions[2].target.where = 14; }, Where::decision,
       2, "expected a virtual page from 0 to 13, found 14"},
      {"unused target field", [](Trace& t) { t.schedule.decisions[2].target.actor = 1; },
       Where::decision, 2, "a field that target 'fill' does not use is set"},
      {"writeback", [](Trace& t) { t.schedule.decisions[2].target.kind = TargetKind::writeback; },
       Where::decision, 2, "expected a profile with a cache that software can see"},
  });
}

TEST(CheckTrace, VerdictsAndIgnored) {
  CheckDamage({
      {"ignored", [](Trace& t) { t.ignored.push_back({ExpectKind::ok, Site{0}}); }, Where::ignored,
       0, "expected BUG, WARN or SPLAT and a site to ignore"},
      {"kind", [](Trace& t) { t.verdicts[0].kind = VerdictKind{99}; }, Where::verdict, 0,
       "the verdict is of no known kind"},
      {"unused field", [](Trace& t) { t.verdicts[0].id = FindingId::I1; }, Where::verdict, 0,
       "a field that 'expect_pass' does not use is set"},
      {"no id", [](Trace& t) { t.verdicts[1].id = FindingId::kNone; }, Where::verdict, 1,
       "expected a finding id, found none"},
      {"no site",
       [](Trace& t) {
         t.verdicts[0] = {};
         t.verdicts[0].kind = VerdictKind::expect_diagnosis;
       },
       Where::verdict, 0, "expected BUG, WARN or SPLAT and a site"},
      {"pass and more",
       [](Trace& t) {
         t.verdicts.emplace_back();
         t.verdicts.back().kind = VerdictKind::expect_hang;
       },
       Where::verdict, 0, "expected 'expect pass' to stand alone, found another 'expect'"},
      {"condition", [](Trace& t) { t.verdicts[2].cond.page = 0; }, Where::verdict, 2,
       "expected no page behind cursor, found 0"},
  });
}

// Whatever one field is set to, CheckTrace answers and does not crash.
TEST(CheckTrace, AnyBytesInAnyOp) {
  std::mt19937_64 random(1);
  std::string error;
  for (int i = 0; i < 3000; i++) {
    Trace t = Sample();
    Op& op = t.ops[random() % t.ops.size()];
    reinterpret_cast<unsigned char*>(&op)[random() % sizeof(Op)] =
        static_cast<unsigned char>(random());
    CheckTrace(t, &error);
  }
}

}  // namespace
}  // namespace highmem
