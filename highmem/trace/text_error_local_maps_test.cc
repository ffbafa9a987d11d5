// What the parser says about texts with local maps, fork, migration and their kin.
#include <gtest/gtest.h>

#include "highmem/trace/text_error_for_test.h"

namespace highmem {
namespace {

constexpr char kTask[] =
    "#hm 1\nprofile x86_tiny\npage A high\npage B low\ntask T1@0:\n  a = kmap_local_page A\n";
constexpr char kTasks[] =
    "#hm 1\nprofile x86_tiny\npage A high\npage B low\ntask T1@0:\n  a = kmap_local_page A\n"
    "irq H2@1 x1:\ntask T3@1:\n";

TEST(TextErrorsOfLocalMaps, Ops) {
  ExpectErrors(
      kTask,
      {
          {"  kunmap_local\n",
           "7:15: expected a page or a variable made before (A, B, a), found end of line"},
          {"  kunmap_local c\n",
           "7:16: expected a page or a variable made before (A, B, a), found 'c'"},
          {"  kunmap_local a+64\n", "7:18: expected an offset from 0 to 63, found '64'"},
          {"  kunmap_local A+1\n", "7:17: expected '->' or end of line, found '+'"},
          {"  kmap_to_page A\n",
           "7:16: expected a variable made before (a), found 'A'; did you mean 'a'?"},
          {"  kmap_to_page a+32\n", "7:18: expected an offset from 0 to 31, found '32'"},
          {"  b = kunmap_local a\n",
           "7:3: expected no variable, found 'b', though kunmap_local makes no map"},
          {"  kmap_locla_page A\n",
           "7:3: expected an op, $LINES, found 'kmap_locla_page'; did you mean "
           "'kmap_local_page'?"},
          {"  get_user a\n", "7:12: expected '->' or end of line, found 'a'"},
          {"  cpu_down\n", "7:11: expected a CPU from 0 to 1, found end of line"},
          {"  cpu_down 2\n", "7:12: expected a CPU from 0 to 1, found '2'"},
          {"  set_page_address A\n", "7:3: T1.2 set_page_address: expected a low page, found 'A'"},
          {"  set_page_address any(A,B)\n",
           "7:3: T1.2 set_page_address: expected a low page, found any(...)"},
          {"irq H2@0:\n  cpu_down 1\n",
           "8:3: H2.1 cpu_down: expected it in a task, found it in a handler"},
          {"fault F2@0:\n  loop\n", "8:3: F2.1 loop: expected it in a task, found it in a handler"},
          {"nmi N2@0 x0:\n", "7:10: expected a number of runs from x1 to x65535, found 'x0'"},
          {"softirq S2@2:\n", "7:12: expected a CPU from 0 to 1, found '2'"},
          {"fautl F2@0:\n", "7:1: expected an op, $LINES, found 'fautl'; did you mean 'fault'?"},
          {"task nmi@0:\n", "7:6: expected an actor name, found 'nmi', a word of the format"},
      });
}

// Tasks may be named before they are declared, so these are found at the end.
TEST(TextErrorsOfLocalMaps, TasksNamedByOps) {
  ExpectErrors(
      kTask, {
                 {"  fork\n", "7:7: expected a task, found end of line"},
                 {"  fork 3\n", "7:8: expected a task, found '3'"},
                 {"  fork T9\ntask T2@0:\n", "7:8: expected a task (T1, T2), found 'T9'"},
                 {"  fork T22\ntask T2@0:\n",
                  "7:8: expected a task (T1, T2), found 'T22'; did you mean 'T2'?"},
                 {"  fork H2\nirq H2@0:\n", "7:8: expected a task (T1), found 'H2'"},
                 {"  fork T1\n", "7:3: T1.2 fork: expected another task, found 'T1'"},
                 {"  fork T2\n  fork T2\ntask T2@0:\n",
                  "8:3: T1.3 fork: expected a task that nobody has forked, found 'T2' again"},
                 {"  fork T2\ntask T2@0:\ntask T3@0:\n  fork T2\n",
                  "10:3: T3.1 fork: expected a task that nobody has forked, found 'T2' again"},
                 {"  fork T2\n  loop\ntask T2@0:\n",
                  "7:3: T1.2 fork: expected a program without 'loop', found one that repeats it"},
                 {"  check idx(H2)==0\nirq H2@0:\n", "7:13: expected a task (T1), found 'H2'"},
                 {"  check idx(T3)==0\ntask T2@0:\n", "7:13: expected a task (T1, T2), found 'T3'"},
             });
}

// So may variables of other actors.
TEST(TextErrorsOfLocalMaps, VariablesOfOthers) {
  ExpectErrors(
      kTask,
      {
          {"  load T1.a\n",
           "7:3: T1.2 load: expected a variable of another actor, found one of 'T1'"},
          {"  load H2.a\n", "7:8: expected an actor, found 'H2'"},
          {"  load H2.b\nirq H2@0:\n  a = kmap A\n", "7:8: expected a variable of H2, found 'b'"},
          {"  load H2.\n", "7:11: expected a variable, found end of line"},
          {"  post H2.a\n", "7:8: expected a variable made before (a), found 'H2'"},
          {"  kunmap H2.a\n",
           "7:10: expected a page or a variable made before (A, B, a), found 'H2'"},
          {"  load H2.a+32\n", "7:13: expected an offset from 0 to 31, found '32'"},
          {"  iret\n", "7:3: T1.2 iret: expected it in a handler, found it in a task"},
      });
}

TEST(TextErrorsOfLocalMaps, Conditions) {
  ExpectErrors(
      kTasks,
      {
          {"final idx\n", "9:10: expected '(', found end of line"},
          {"final idx()\n", "9:11: expected a task (T1, T3), found ')'"},
          {"final mig(H2)==0\n", "9:11: expected a task (T1, T3), found 'H2'"},
          {"final pf(A)==0\n", "9:10: expected a task (T1, T3), found 'A'"},
          {"final preempt(T1==0\n", "9:17: expected ')', found '=='"},
          {"final pinned(2)==0\n", "9:14: expected a CPU from 0 to 1, found '2'"},
          {"final pinned(T1)==0\n", "9:14: expected a CPU from 0 to 1, found 'T1'"},
          {"final pinned(1,0)==0\n", "9:15: expected ')', found ','"},
          {"final pte(0)==0\n", "9:12: expected ',', found ')'"},
          {"final pte(0,5)==0\n", "9:13: expected a slot from 0 to 4, found '5'"},
          {"final pteval(0,0)==0\n", "9:14: expected a task (T1, T3), found '0'"},
          {"final pteval(T1)==0\n", "9:16: expected ',', found ')'"},
          {"final pteval(T1,5)==0\n", "9:17: expected a slot from 0 to 4, found '5'"},
          {"final pte(0,4)==A\n", "9:17: expected a number from 0 to 2147483647, found 'A'"},
      });
}

TEST(TextErrorsOfLocalMaps, Outcomes) {
  ExpectErrors(
      kTask,
      {
          {"  b = kmap_local_page A -> fix:5\n",
           "7:28: expected a number from 0 to 4 in 'fix:N', found 5"},
          {"  b = kmap_local_page A -> pkmap:1\n",
           "7:28: expected 'fix:N' or 'low' as the result of kmap_local_page, found 'pkmap:N'"},
          {"  b = kmap_atomic_pfn B -> low\n",
           "7:28: expected 'fix:N' as the result of kmap_atomic_pfn, found 'low'"},
          {"  kmap_to_page a -> low\n",
           "7:21: expected 'page:PAGE' or 'garbage' as the result of kmap_to_page, found 'low'"},
          {"  kmap_to_page a -> page A\n", "7:26: expected ':', found 'A'"},
          {"  kmap_to_page a -> page:C\n", "7:26: expected a page (A, B), found 'C'"},
          {"  kmap_to_page a -> garbge\n",
           "7:21: expected an outcome, found 'garbge'; did you mean 'garbage'?"},
          {"  get_user -> 3\n",
           "7:15: expected 'ok' or 'FAULT' as the result of get_user, found 'BYTE'"},
          {"  kunmap_local a -> page:A\n",
           "7:21: expected 'ok' as the result of kunmap_local, found 'page:PAGE'"},
          {"  yield -> idx=-3\n", "7:12: expected a number from -2 to 6 in 'idx=N', found -3"},
          {"  yield -> mig=-1\n",
           "7:12: expected a number from 0 to 2147483647 in 'mig=N', found -1"},
          {"  yield -> invlpg=0\n", "7:18: expected ':', found '='"},
          {"  yield -> invlpg:5\n", "7:12: expected a number from 0 to 4 in 'invlpg:N', found 5"},
          {"  yield -> TL:1\n", "7:14: expected '=', found ':'"},
          {"  yield -> SO=\n", "7:15: expected a number from 0 to 2147483647, found end of line"},
          {"  get_user -> count=1\n",
           "7:15: expected an op with a page before 'count', found 'get_user'"},
      });
}

TEST(TextErrorsOfLocalMaps, Decisions) {
  ExpectErrors(
      std::string(kTasks) + "schedule:\n",
      {
          {"after 5 -> migrate\n", "10:19: expected a task (T1, T3), found end of line"},
          {"after 5 -> migrate H2 1\n", "10:20: expected a task (T1, T3), found 'H2'"},
          {"after 5 -> migrate T1\n", "10:22: expected a CPU from 0 to 1, found end of line"},
          {"after 5 -> migrate T1 2\n", "10:23: expected a CPU from 0 to 1, found '2'"},
          {"after 5 -> migrate T1 1 pkmap:0\n", "10:25: expected end of line, found 'pkmap'"},
          {"after 5 -> migrat T1 1\n",
           "10:12: expected a target (H2, T1, T3, fill, evict, writeback, ipi, migrate), found "
           "'migrat'; did "
           "you mean 'migrate'?"},
          {"at T1.1 pick+ -> T3\n",
           "10:13: expected '->' or '#K', found '+', though pick opens no window"},
      });
}

}  // namespace
}  // namespace highmem
