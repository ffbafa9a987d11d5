// What the parser says about texts that are no traces: every form, word for word.
#include <gtest/gtest.h>

#include <string>

#include "highmem/trace/text_error_for_test.h"

namespace highmem {
namespace {
constexpr char kProfile[] = "#hm 1\nprofile x86_tiny\n";
constexpr char kTask[] =
    "#hm 1\nprofile x86_tiny\npage A high\npage B low\ntask T1@0:\n  a = kmap A\n";
constexpr char kTasks[] =
    "#hm 1\nprofile x86_tiny\npage A high\npage B low\ntask T1@0:\n  a = kmap A\n"
    "task T2@1:\n  kmap B\n";
constexpr char kDecisions[] =
    "#hm 1\nprofile x86_tiny\npage A high\npage B low\ntask T1@0:\n  a = kmap A\n"
    "task T2@1:\n  kmap B\nschedule:\n";
TEST(TextErrors, FirstLineAndProfile) {
  ExpectErrors(
      "",
      {
          {"", "1:1: expected '#hm 1', found an empty file"},
          {"\n", "1:1: expected '#hm 1', found ''"},
          {"#hm 2\n", "1:1: expected '#hm 1', found '#hm 2'"},
          {"# hm 1\n", "1:1: expected '#hm 1', found '# hm 1'"},
          {"#hm 1\x01", "1:1: expected '#hm 1', found '#hm 1\\x01'"},
          {"#hm 1\n", "2:1: expected a 'profile' line, found end of file"},
          {"#hm 1\npage A high\n", "2:1: expected 'profile', found 'page'"},
          {"#hm 1\nprofile\n", "2:8: expected a profile ($PROFILES), found end of line"},
          {"#hm 1\nprofile x86_tinny\n",
           "2:9: expected a profile, found 'x86_tinny'; did you mean 'x86_tiny'?"},
          {"#hm 1\nprofile m68k\n", "2:9: expected a profile ($PROFILES), found 'm68k'"},
          {"#hm 1\nprofile 3\n", "2:9: expected a profile ($PROFILES), found '3'"},
          {"#hm 1\nprofile x86_tiny cpu=1\n",
           "2:18: expected a profile field or end of line, found 'cpu'; did you mean 'cpus'?"},
          {"#hm 1\nprofile x86_tiny zzz=1\n",
           "2:18: expected a profile field or end of line ($FIELDS), found 'zzz'"},
          {"#hm 1\nprofile x86_tiny cpus 1\n", "2:23: expected '=', found '1'"},
          {"#hm 1\nprofile x86_tiny cpus=9\n", "2:23: expected a number from 1 to 4, found '9'"},
          {"#hm 1\nprofile x86_tiny last_pkmap=3\n",
           "2:29: expected a power of two from 1 to 4096, found '3'"},
          {"#hm 1\nprofile x86_tiny cpus=\n",
           "2:23: expected a number from 1 to 4, found end of line"},
          {"#hm 1\nprofile x86_tiny smp=0\n", "2:1: smp=0 needs cpus=1"},
          {"#hm 1\nprofile x86_tiny cache=3\n",
           "2:1: cache=3 (VIVT) needs cpus=1, and high_get=1 or local_flush_all=1"},
          {"#hm 1\nprofile x86_tiny cpus=-1\n", "2:23: expected a number from 1 to 4, found '-'"},
          {"#hm 1\nprofile x86_tiny cpus=99999999999999999999\n",
           "2:23: expected a number from 1 to 4, found '99999999999999999999'"},
          {"#hm 1\nprofile x86_tiny cpus=1x\n", "2:23: expected a number from 1 to 4, found '1x'"},
      });
}

TEST(TextErrors, Declarations) {
  ExpectErrors(
      kProfile,
      {
          {"profile x86_tiny\n", "3:1: expected $DECLARATIONS, found 'profile'"},
          {"pgae A high\n",
           "3:1: expected $DECLARATIONS, found 'pgae'; did you mean "
           "'page'?"},
          {"page\n", "3:5: expected a page name, found end of line"},
          {"page kmap high\n", "3:6: expected a page name, found 'kmap', a word of the format"},
          {"page A\n", "3:7: expected a kind of page (high, low), found end of line"},
          {"page A hgih\n",
           "3:8: expected a kind of page (high, low), found 'hgih'; did you mean 'high'?"},
          {"page A high colour\n", "3:19: expected a colour, here only 0, found end of line"},
          {"page A high colour 1\n", "3:20: expected a colour, here only 0, found '1'"},
          {"page A high 3\n", "3:13: expected 'colour', 'order' or end of line, found '3'"},
          {"page A high\npage A low\n", "4:6: expected a new name for a page, found 'A' again"},
          {"page 1A high\n", "3:6: expected a page name, found '1A'"},
          {"page n234567890123456789012345678901x high\n",
           "3:6: expected a page name of at most 31 letters, digits and '_', found "
           "'n234567890123456789012345678901x'"},
          {"page A low\npage B low\npage C low\ntask T1@0:\n",
           "5:1: expected at most 2 low pages, as the profile has, found one more"},
          {"lane good\n", "3:6: expected a lane (valid, misuse), found 'good'"},
          {"lane valid\nlane misuse\n", "4:1: expected one 'lane' line, found a second one"},
          {"ignore BUG\n", "3:11: expected ':', found end of line"},
          {"ignore WARN:kmap_hihg_count\n",
           "3:13: expected a site, found 'kmap_hihg_count'; did you mean 'kmap_high_count'?"},
          {"ignore WARN:foo\n", "3:13: expected a site ($SITES), found 'foo'"},
          {"ignore pass\n", "3:8: expected a diagnosis (BUG, WARN, SPLAT), found 'pass'"},
          {"task T1@5:\n", "3:9: expected a CPU from 0 to 1, found '5'"},
          {"task T1 0:\n", "3:9: expected '@', found '0'"},
          {"task T1@0\n", "3:10: expected ':', found end of line"},
          {"task T1@0 x2:\n", "3:11: expected ':', found 'x2'"},
          {"irq H1@0 x0:\n", "3:10: expected a number of runs from x1 to x65535, found 'x0'"},
          {"irq H1@0 x99999:\n",
           "3:10: expected a number of runs from x1 to x65535, found 'x99999'"},
          {"irq H1@0 y:\n", "3:10: expected ':', found 'y'"},
          {"task T1@0:\ntask T1@1:\n", "4:6: expected a new name for an actor, found 'T1' again"},
          {"task fill@0:\n", "3:6: expected an actor name, found 'fill', a word of the format"},
          {"page p high\ntask T1@0:\n p = kmap p\n",
           "5:2: expected a variable name, found 'p', which is a page"},
          {"page A high\ntask T1@0:\n  task = kmap A\n", "5:8: expected an actor name, found '='"},
          {"page A high\ntask T1@0:\n  x = 5\n", "5:7: expected an op ($OPS), found '5'"},
      });
}

TEST(TextErrors, Ops) {
  ExpectErrors(
      kTask,
      {
          {"  kmpa A\n", "7:3: expected an op, $LINES, found 'kmpa'; did you mean 'kmap'?"},
          {"  zzzzz A\n", "7:3: expected an op ($OPS), $LINES, found 'zzzzz'"},
          {"  kmap\n", "7:7: expected a page (A, B, any(...)), found end of line"},
          {"  kmap C\n", "7:8: expected a page (A, B, any(...)), found 'C'"},
          {"  kmap any\n", "7:11: expected '(', found end of line"},
          {"  kmap any(A\n", "7:13: expected ',' or ')', found end of line"},
          {"  kmap any(A,A)\n", "7:14: expected another page in any(...), found 'A' again"},
          {"  kmap any()\n", "7:12: expected a page (A, B), found ')'"},
          {"  kmap A B\n", "7:10: expected '->' or end of line, found 'B'"},
          {"  b = \n", "7:7: expected an op ($OPS), found end of line"},
          {"  b = kunmap a\n", "7:3: expected no variable, found 'b', though kunmap makes no map"},
          {"  A = kmap B\n", "7:3: expected a variable name, found 'A', which is a page"},
          {"  lock = kmap B\n",
           "7:3: expected a variable name, found 'lock', a word of the format"},
          {"  load b+0\n", "7:8: expected a variable made before (a), found 'b'"},
          {"  load a+32\n", "7:10: expected an offset from 0 to 31, found '32'"},
          {"  load a+x\n", "7:10: expected an offset from 0 to 31, found 'x'"},
          {"  store a+0\n", "7:12: expected a byte from 0 to 255, found end of line"},
          {"  store a+0 256\n", "7:13: expected a byte from 0 to 255, found '256'"},
          {"  kunmap\n",
           "7:9: expected a page or a variable made before (A, B, a), found end of line"},
          {"  kunmap c\n", "7:10: expected a page or a variable made before (A, B, a), found 'c'"},
          {"  take T1\n", "7:8: expected a task declared before this one, found 'T1'"},
          {"  fill 0\n", "7:8: expected a number of pages from 1 to 12, found '0'"},
          {"  fill 12\n",
           "7:3: expected at most 12 high pages, as the profile has, found 1 declared and 12 taken "
           "by fill and rotate"},
          {"  fill 4\n  fill 4\n fill 4\n",
           "9:2: expected at most 12 high pages, as the profile has, found 1 declared and 12 taken "
           "by fill and rotate"},
          {"  rotate 4\n", "7:10: expected a slot from 0 to 3, found '4'"},
          {"  post a+1\n", "7:9: expected '->' or end of line, found '+'"},
          {"  check\n", "7:8: expected a condition ($CONDITIONS), found end of line"},
          {"  check cnt(A)==1\n", "7:9: expected a condition ($CONDITIONS), found 'cnt'"},
          {"  check coutn(A)==1\n",
           "7:9: expected a condition, found 'coutn'; did you mean 'count'?"},
          {"  check count==1\n", "7:14: expected '(', found '=='"},
          {"  check count(C)==1\n", "7:15: expected a page (A, B), found 'C'"},
          {"  check byte(A)==1\n", "7:15: expected ',', found ')'"},
          {"  check byte(A,32)==1\n", "7:16: expected an offset from 0 to 31, found '32'"},
          {"  check cursor 1\n",
           "7:16: expected one of '==', '!=', '<', '<=', '>' or '>=', found '1'"},
          {"  check cursor==\n", "7:17: expected a number from 0 to 2147483647, found end of line"},
          {"  check cursor==9999999999\n",
           "7:17: expected a number from 0 to 2147483647, found '9999999999'"},
          {"  loop\n  lock\n",
           "7:3: T1.2 loop: expected it as the last op, found another op behind it"},
          {"  loop x\n", "7:8: expected '->' or end of line, found 'x'"},
          {"  page C high\n", "7:3: expected an op ($OPS), $LINES, found 'page'"},
          {"  @\n", "7:3: expected an op ($OPS), $LINES, found '@'"},
          {"  \x80\n", "7:3: expected an op ($OPS), $LINES, found '\\x80'"},
          {"  42\n", "7:3: expected an op ($OPS), $LINES, found '42'"},
          {"irq H2@0:\n  loop\n", "8:3: H2.1 loop: expected it in a task, found it in a handler"},
          {"irq H2@0:\n  take T1\n",
           "8:3: H2.1 take: expected it in a task, found it in a handler"},
          {"  post a\n  loop\n",
           "7:3: T1.2 post: expected a program without 'loop', found one that repeats it"},
      });
}

TEST(TextErrors, Outcomes) {
  ExpectErrors(
      kTask,
      {
          {"  kmap A ->\n", "7:12: expected an outcome ($OUTCOMES), found end of line"},
          {"  kmap A -> | low\n", "7:13: expected an outcome ($OUTCOMES), found '|'"},
          {"  kmap A -> low |\n", "7:18: expected an outcome ($OUTCOMES), found end of line"},
          {"  kmap A -> pkmap\n", "7:18: expected ':', found end of line"},
          {"  kmap A -> pkmap:4\n", "7:13: expected a number from 0 to 3 in 'pkmap:N', found 4"},
          {"  kmap A -> pkmap:-1\n", "7:13: expected a number from 0 to 3 in 'pkmap:N', found -1"},
          {"  kmap A -> ok\n",
           "7:13: expected 'pkmap:N' or 'low' as the result of kmap, found 'ok'"},
          {"  kmap A -> fix:0\n",
           "7:13: expected 'pkmap:N' or 'low' as the result of kmap, found 'fix:N'"},
          {"  kmap A -> 9\n",
           "7:13: expected 'pkmap:N' or 'low' as the result of kmap, found 'BYTE'"},
          {"  load a -> 256\n", "7:13: expected a number from 0 to 255 in 'BYTE', found 256"},
          {"  kmap A -> nul\n", "7:13: expected an outcome, found 'nul'; did you mean 'null'?"},
          {"  kmap A -> hang\n", "7:13: expected an outcome, found 'hang'; did you mean 'HANG'?"},
          {"  kmap A -> cout=2\n",
           "7:13: expected an outcome, found 'cout'; did you mean 'count'?"},
          {"  kmap A -> count 2\n", "7:19: expected '=', found '2'"},
          {"  lock -> count=2\n", "7:11: expected an op with a page before 'count', found 'lock'"},
          {"  kmap A -> wakes=9\n", "7:13: expected a number from 0 to 8 in 'wakes=N', found 9"},
          {"  kmap A -> BUG\n", "7:16: expected ':', found end of line"},
          {"  kmap A -> BUG:kmap_high_cuont\n",
           "7:17: expected a site, found 'kmap_high_cuont'; did you mean 'kmap_high_count'?"},
          {"  kmap A -> low low)\n", "7:20: expected an outcome ($OUTCOMES), found ')'"},
          {"  lock )\n", "7:8: expected '->' or end of line, found ')'"},
          {"  a = kmap A -> low low low)\n", "7:28: expected an outcome ($OUTCOMES), found ')'"},
      });
}

TEST(TextErrors, SchedulesAndVerdicts) {
  ExpectErrors(
      kTasks,
      {
          {"start T1\n", "9:1: expected 'schedule:' before the first decision, found 'start'"},
          {"schedule\n",
           "9:9: expected ':' or a schedule (any, random, all, order), found end of line"},
          {"schedule anny\n",
           "9:10: expected ':' or a schedule (any, random, all, order), found 'anny'; did you mean "
           "'any'?"},
          {"schedule all 3\n", "9:14: expected end of line, found '3'"},
          {"schedule random\n",
           "9:16: expected a number of runs from 1 to 4294967295, found end of line"},
          {"schedule random 0 seed 1\n",
           "9:17: expected a number of runs from 1 to 4294967295, found '0'"},
          {"schedule random 5\n", "9:18: expected 'seed', found end of line"},
          {"schedule random 5 sed 1\n", "9:19: expected 'seed', found 'sed'"},
          {"schedule: start T1\n",
           "9:11: expected end of line, and a decision on the next, found 'start'"},
          {"schedule any\nschedule all\n", "10:10: expected one schedule, found a second one"},
          {"schedule any\nstart T1\n",
           "10:1: expected 'expect', 'forbid', 'allow' or 'final', found 'start'"},
          {"schedule order T1 T3\n", "9:19: expected an actor (T1, T2), found 'T3'"},
          {"schedule order T1*0\n",
           "9:19: expected a number of ops from 1 to 4294967295, found '0'"},
          {"schedule order T1\nschedule any\n",
           "10:10: expected 'order', to go on with the order, found 'any'"},
          {"schedule order T1\ntask T3@0:\n",
           "10:1: expected 'schedule order', 'expect', 'forbid', 'allow' or 'final', found 'task'"},
          {"expect\n",
           "9:7: expected a verdict (pass, HANG, BUG, WARN, SPLAT, $IDS), found end of line"},
          {"expect passs\n", "9:8: expected a verdict, found 'passs'; did you mean 'pass'?"},
          {"expect QQQ\n",
           "9:8: expected a verdict (pass, HANG, BUG, WARN, SPLAT, $IDS), found 'QQQ'"},
          {"expect BUG\n", "9:11: expected ':', found end of line"},
          {"expect pass\nexpect I4\n",
           "9:1: expected 'expect pass' to stand alone, found another 'expect'"},
          {"expect pass I4\n", "9:13: expected end of line, found 'I4'"},
          {"forbid\n",
           "9:7: expected a condition or a finding id ($CONDITIONS, $IDS), found end of line"},
          {"forbid I48\n",
           "9:8: expected a condition or a finding id, found 'I48'; did you mean 'I4'?"},
          {"allow cuont(A)==1\n",
           "9:7: expected a condition or a finding id, found 'cuont'; did you mean 'count'?"},
          {"final\n", "9:6: expected a condition ($CONDITIONS), found end of line"},
          {"final I4\n", "9:7: expected a condition ($CONDITIONS), found 'I4'"},
          {"final cursor==1,\n", "9:17: expected a condition ($CONDITIONS), found end of line"},
          {"final cursor==1 cursor==2\n", "9:17: expected ',' or end of line, found 'cursor'"},
          {"expect pass\nschedule any\n",
           "10:1: expected 'expect', 'forbid', 'allow' or 'final', found 'schedule'"},
          {"expect pass\nkmap A\n",
           "10:1: expected 'expect', 'forbid', 'allow' or 'final', found 'kmap'"},
          {"schedule random 5 seed\n",
           "9:23: expected a seed from 0 to 18446744073709551615, found end of line"},
          {"task T3@0:\nschedule:\nat T3.1 lock -> T1\n",
           "11:7: expected an actor with ops, found 'T3', which has none"},
          {"ignore BUG:kmap_high_count\n", "9:1: expected an op ($OPS), $LINES, found 'ignore'"},
          {"lane misuse\n", "9:1: expected an op ($OPS), $LINES, found 'lane'"},
      });
}

TEST(TextErrors, Decisions) {
  ExpectErrors(
      kDecisions,
      {
          {"strat T1\n",
           "10:1: expected 'start', 'at', 'after', 'expect', 'forbid', 'allow' or 'final', found "
           "'strat'; did you mean 'start'?"},
          {"start\n", "10:6: expected an actor (T1, T2), found end of line"},
          {"start T9\n", "10:7: expected an actor (T1, T2), found 'T9'"},
          {"at T1\n", "10:6: expected '.', found end of line"},
          {"at T1.2 lock -> T2\n", "10:7: expected an op number, here only 1, found '2'"},
          {"at T1.1 lokc -> T2\n",
           "10:9: expected a primitive, found 'lokc'; did you mean 'lock'?"},
          {"at T1.1 frobnicate -> T2\n", "10:9: expected a primitive ($PRIMS), found 'frobnicate'"},
          {"at T1.1 pte_set+ -> T2\n",
           "10:16: expected '->' or '#K', found '+', though pte_set opens no window"},
          {"at T1.1 unlock #2 -> T2\n",
           "10:16: expected '->', or '#K' right behind the primitive, found end of line"},
          {"at T1.1 unlock#0 -> T2\n", "10:16: expected an occurrence from 1 to 65535, found '0'"},
          {"at T1.1 unlock -> \n", "10:19: expected a target ($TARGETS), found end of line"},
          {"at T1.1 unlock T2\n",
           "10:16: expected '->', or '#K' right behind the primitive, found 'T2'"},
          {"at T1.1 none -> T2\n", "10:9: expected a primitive ($PRIMS), found 'none'"},
          {"after -> T2\n", "10:7: expected a number of steps from 0 to 4294967295, found '->'"},
          {"after 5 -> fil 1 pkmap:0\n",
           "10:12: expected a target ($TARGETS), found 'fil'; did you mean "
           "'fill'?"},
          {"after 5 -> fill 2 pkmap:0\n", "10:17: expected a CPU from 0 to 1, found '2'"},
          {"after 5 -> fill 1 pkmap:4\n", "10:25: expected a slot from 0 to 3, found '4'"},
          {"after 5 -> fill 1 foo:4\n",
           "10:19: expected pkmap:N, fix:CPU:SLOT, vmap:N or an address, found 'foo'"},
          {"after 5 -> fill 1 fix:0:5\n", "10:25: expected a slot from 0 to 4, found '5'"},
          {"after 5 -> fill 1 0xff000080\n",
           "10:19: expected an address in the pkmap or fixmap window, found '0xff000080'"},
          {"after 5 -> writeback 1 3\n",
           "10:1: expected a profile with a cache that software can see"},
          {"after 5 -> ipi\n", "10:15: expected a CPU from 0 to 1, found end of line"},
          {"after 5 -> T2 T1\n", "10:15: expected end of line, found 'T1'"},
          {"after 4294967296 -> T2\n",
           "10:7: expected a number of steps from 0 to 4294967295, found '4294967296'"},
          {"kmap A\n",
           "10:1: expected 'start', 'at', 'after', 'expect', 'forbid', 'allow' or 'final', found "
           "'kmap'"},
          {"at T1.1 lock+ -> T2\n",
           "10:13: expected '->' or '#K', found '+', though lock opens no window"},
          {"after 5 -> fill 1 pkmap 3\n", "10:25: expected ':', found '3'"},
          {"after 5 -> fill 1 fix:0\n", "10:24: expected ':', found end of line"},
      });
}

TEST(TextErrors, NulBytesAreShown) {
  ExpectErrors(kTask, {{std::string("  load\0a\n", 9),
                        "7:7: expected a variable made before (a), found '\\x00'"}});
}

TEST(TextErrors, TooMuchOfOneThing) {
  std::string actors;
  for (int i = 1; i <= 17; i++) actors += "irq H" + std::to_string(i) + "@0:\n";
  ExpectErrors(kProfile, {{actors, "19:1: expected at most 16 actors, found one more"}});
  std::string tasks;
  for (int i = 1; i <= 9; i++) tasks += "task T" + std::to_string(i) + "@0:\n";
  ExpectErrors(kProfile, {{tasks, "11:1: expected at most 8 tasks, found one more"}});
  std::string outcomes = "  kmap A -> blocks";
  for (int i = 0; i < 255; i++) outcomes += " blocks";
  ExpectErrors(kTask,
               {{outcomes, "7:1798: expected end of line after 255 outcomes, found 'blocks'"}});
}

// A list of many words is cut, a guess is still made from all of them.
TEST(TextErrors, ManyPages) {
  std::string pages;
  for (int i = 0; i < 60; i++) pages += "page p" + std::to_string(100 + i) + " high\n";
  const std::string head = "#hm 1\nprofile x86\n" + pages + "task T1@0:\n";
  Trace trace;
  ParseError error;
  ASSERT_FALSE(ParseTrace(head + "  kmap nowhere\n", "f", &trace, &error));
  EXPECT_NE(error.sentence.find("p111, ... 61 in all), found 'nowhere'"), std::string::npos)
      << error.sentence;
  ASSERT_FALSE(ParseTrace(head + "  kmap q159\n", "f", &trace, &error));
  EXPECT_EQ(error.sentence, "expected a page, found 'q159'; did you mean 'p159'?");
  ASSERT_FALSE(ParseTrace(head + "  kmap any(p100,p132)\n", "f", &trace, &error));
  EXPECT_EQ(error.Text(), "f:64:17: expected one of the first 32 pages in any(...), found 'p132'");
}

}  // namespace
}  // namespace highmem
