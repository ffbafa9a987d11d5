// What CheckTrace refuses of local maps, fork, migration and CPUs that go offline.
#include <gtest/gtest.h>

#include "highmem/trace/damage_for_test.h"

namespace highmem {
namespace {

Trace LocalMaps() {
  return Parse(
      "#hm 1\n"
      "profile x86_tiny\n"
      "page A high\n"
      "page B low\n"
      "task T1@0:\n"
      "  a = kmap_local_page A -> fix:1 idx=1\n"
      "  kunmap_local a+40\n"
      "  set_page_address B\n"
      "  check pteval(T1,4)==0\n"
      "task T2@1:\n"
      "  fork T1\n"
      "  cpu_down 0\n"
      "  a = kmap_local_page A\n"
      "  kmap_to_page a -> page:A\n"
      "softirq S3@1 x2:\n"
      "  get_user\n"
      "nmi N4@1:\n"
      "fault F5@0:\n"
      "schedule:\n"
      "  after 3 -> migrate T1 1\n"
      "final pinned(1)==0, pte(0,4)==-1\n");
}

TEST(CheckLocalMaps, TheSampleIsSound) {
  std::string error;
  EXPECT_TRUE(CheckTrace(LocalMaps(), &error)) << error;
}

TEST(CheckLocalMaps, Operands) {
  CheckDamage(
      LocalMaps(),
      {
          {"offset beyond two pages", [](Trace& t) { t.ops[1].offset = 64; }, Where::op, 1,
           "T1.2 kunmap_local: expected an offset from 0 to 63, found 64"},
          {"offset of a page",
           [](Trace& t) {
             t.ops[1].ref = -1;
             t.ops[1].page = 0;
           },
           Where::op, 1, "T1.2 kunmap_local: a field that it does not use is set"},
          {"page and variable", [](Trace& t) { t.ops[1].page = 0; }, Where::op, 1,
           "T1.2 kunmap_local: expected a page or a variable, found both"},
          {"offset beyond one page", [](Trace& t) { t.ops[7].offset = 32; }, Where::op, 7,
           "T2.4 kmap_to_page: expected an offset from 0 to 31, found 32"},
          {"high page", [](Trace& t) { t.ops[2].page = 0; }, Where::op, 2,
           "T1.3 set_page_address: expected a low page, found 'A'"},
          {"any page",
           [](Trace& t) {
             t.ops[2].page = -1;
             t.ops[2].any = 2;
           },
           Where::op, 2, "T1.3 set_page_address: expected a low page, found any(...)"},
          {"cpu", [](Trace& t) { t.ops[5].value = 2; }, Where::op, 5,
           "T2.2 cpu_down: expected a CPU from 0 to 1, found 2"},
          {"own child", [](Trace& t) { t.ops[4].actor = 1; }, Where::op, 4,
           "T2.1 fork: expected another task, found 'T2'"},
          {"handler as child", [](Trace& t) { t.ops[4].actor = 2; }, Where::op, 4,
           "T2.1 fork: expected another task, found 'S3'"},
          {"nobody as child", [](Trace& t) { t.ops[4].actor = 5; }, Where::op, 4,
           "T2.1 fork: expected another task, found number 5"},
          {"child twice", [](Trace& t) { t.ops[5] = t.ops[4]; }, Where::op, 5,
           "T2.2 fork: expected a task that nobody has forked, found 'T1' again"},
          {"fork in a handler",
           [](Trace& t) {
             t.ops[8].code = OpCode::fork;
             t.ops[4].code = OpCode::yield;
             t.ops[4].actor = 0;
           },
           Where::op, 8, "S3.1 fork: expected it in a task, found it in a handler"},
          {"cpu_down in a handler", [](Trace& t) { t.ops[8].code = OpCode::cpu_down; }, Where::op,
           8, "S3.1 cpu_down: expected it in a task, found it in a handler"},
          {"fork that loops",
           [](Trace& t) {
             t.ops[7] = {};
             t.ops[7].code = OpCode::loop;
             t.expects.pop_back();
           },
           Where::op, 4, "T2.1 fork: expected a program without 'loop', found one that repeats it"},
          {"runs of a fault", [](Trace& t) { t.actors[4].runs = 0; }, Where::actor, 4,
           "expected a handler to run at least once, found x0"},
      });
}

TEST(CheckLocalMaps, ConditionsAndOutcomes) {
  CheckDamage(
      LocalMaps(),
      {
          {"slot of a result", [](Trace& t) { t.expects[0].value = 5; }, Where::op, 0,
           "T1.1 kmap_local_page: expected a number from 0 to 4 in 'fix:N', found 5"},
          {"index", [](Trace& t) { t.expects[1].value = -3; }, Where::op, 0,
           "T1.1 kmap_local_page: expected a number from -2 to 6 in 'idx=N', found -3"},
          {"result of another op", [](Trace& t) { t.expects[0] = {ExpectKind::garbage, false, 0}; },
           Where::op, 0,
           "T1.1 kmap_local_page: expected 'fix:N' or 'low' as the result of kmap_local_page, "
           "found 'garbage'"},
          {"page of a result", [](Trace& t) { t.expects[2].value = 2; }, Where::op, 7,
           "T2.4 kmap_to_page: expected a page, found number 2"},
          {"task", [](Trace& t) { t.conds[0].who = 2; }, Where::op, 3,
           "T1.4 check: expected a task in pteval(...), found 'S3'"},
          {"nobody", [](Trace& t) { t.conds[0].who = 5; }, Where::op, 3,
           "T1.4 check: expected a task in pteval(...), found number 5"},
          {"slot", [](Trace& t) { t.conds[0].offset = 5; }, Where::op, 3,
           "T1.4 check: expected a slot from 0 to 4, found 5"},
          {"page", [](Trace& t) { t.conds[0].page = 0; }, Where::op, 3,
           "T1.4 check: expected no page behind pteval, found 0"},
          {"cpu", [](Trace& t) { t.verdicts[0].cond.who = 2; }, Where::verdict, 0,
           "expected a CPU from 0 to 1, found 2"},
          {"offset", [](Trace& t) { t.verdicts[0].cond.offset = 1; }, Where::verdict, 0,
           "expected no offset behind pinned, found 1"},
          {"slot of a CPU", [](Trace& t) { t.verdicts[1].cond.offset = 5; }, Where::verdict, 1,
           "expected a slot from 0 to 4, found 5"},
          {"spare actor",
           [](Trace& t) { t.verdicts[1].cond = {Quantity::kCursor, Compare::kEq, 1, -1, 0, 0}; },
           Where::verdict, 1, "expected no actor or CPU behind cursor, found 1"},
      });
}

TEST(CheckLocalMaps, VariablesOfOthers) {
  const Trace sound = Parse(
      "#hm 1\nprofile x86_tiny\npage A high\nlane misuse\n"
      "task T1@0:\n  a = kmap A\n  post a\n  load H2.a\n"
      "irq H2@0:\n  a = kmap_local_page A\n  kunmap_local T1.a+40\n  iret\n");
  CheckDamage(sound, {
                         {"its own", [](Trace& t) { t.ops[2].actor = 1; }, Where::op, 2,
                          "T1.3 load: expected a variable of another actor, found one of 'T1'"},
                         {"nobody's", [](Trace& t) { t.ops[2].actor = 3; }, Where::op, 2,
                          "T1.3 load: expected a variable of another actor, found one of number 2"},
                         {"none", [](Trace& t) { t.ops[2].ref = 1; }, Where::op, 2,
                          "T1.3 load: expected a variable of H2, found number 1 of 1"},
                         {"posted", [](Trace& t) { t.ops[1].actor = 2; }, Where::op, 1,
                          "T1.2 post: expected a variable of its own, found one of 'H2'"},
                         {"of a page", [](Trace& t) { t.ops[0].actor = 2; }, Where::op, 0,
                          "T1.1 kmap: a field that it does not use is set"},
                         {"iret in a task", [](Trace& t) { t.actors[1].kind = ActorKind::task; },
                          Where::op, 5, "T2.3 iret: expected it in a handler, found it in a task"},
                     });
}

TEST(CheckLocalMaps, Migrations) {
  CheckDamage(LocalMaps(),
              {
                  {"handler", [](Trace& t) { t.schedule.decisions[0].target.actor = 4; },
                   Where::decision, 0, "expected a task to migrate, found 'F5'"},
                  {"nobody", [](Trace& t) { t.schedule.decisions[0].target.actor = 5; },
                   Where::decision, 0, "expected an actor from 0 to 4, found 5"},
                  {"cpu", [](Trace& t) { t.schedule.decisions[0].target.cpu = 2; }, Where::decision,
                   0, "expected a CPU from 0 to 1, found 2"},
                  {"where", [](Trace& t) { t.schedule.decisions[0].target.where = 1; },
                   Where::decision, 0, "a field that target 'migrate' does not use is set"},
              });
}

}  // namespace
}  // namespace highmem
