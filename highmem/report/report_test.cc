#include "highmem/report/report.h"

#include <gtest/gtest.h>

#include <regex>
#include <sstream>
#include <string>

#include "highmem/schedule/replay.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

Trace Parsed(const std::string& text) {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(ParseTrace("#hm 1\n" + text, "test", &trace, &error)) << error.Text();
  return trace;
}

std::string Report(const Trace& trace, const ReportOptions& options = {}) {
  Executor executor;
  Judge judge(options.judge);
  ReplayChooser replay;
  const Finding finding = RunOnce(executor, judge, trace, replay).finding;
  EXPECT_TRUE(finding);
  return TerminalReport(trace, finding, options);
}

// Stacks name source lines, which move with every edit of the kernel.
std::string TakeStack(std::string* report) {
  const size_t begin = report->find("\nstack ") + 1, end = report->find("\ntrace\n");
  std::string stack = report->substr(begin, end - begin);
  report->erase(begin, end - begin);
  stack = std::regex_replace(stack, std::regex("\\s+"), " ");
  return std::regex_replace(stack, std::regex(":[0-9]+"), "");
}

// So does the column that says where each step was made.
std::string WithoutPlaces(const std::string& report) {
  std::istringstream lines(report);
  std::string out;
  const std::regex place("  +([a-z_]+:[0-9]+|in)( <- HERE)?$");
  for (std::string line; std::getline(lines, line);)
    out += (std::regex_match(line.substr(0, 5), std::regex("[ 0-9]+|step ")) && line.size() > 5
                ? std::regex_replace(line, place, "$2")
                : line) +
           "\n";
  return out;
}

void ExpectColumns(const std::string& report) {
  std::istringstream lines(report);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), kReportColumns) << line;
    EXPECT_EQ(Printable(line), line);
    EXPECT_TRUE(line.empty() || line.back() != ' ') << line;
  }
}

const char kHandlerDeadlock[] =
    "profile x86_tiny1 cpus=1\npage A high\nlane misuse\n"
    "task T1@0:\n  a = kmap A\nirq H2@0 x1:\n  kunmap A\n"
    "schedule:\n  at T1.1 unlock -> H2\n";

TEST(Report, GoldenText) {
  std::string report = Report(Parsed(kHandlerDeadlock),
                              {.file = "corpus/deadlock 1.hm", .notes = {"shrunk from 9 ops"}});
  ExpectColumns(report);
  const std::string stack = TakeStack(&report);
  EXPECT_NE(stack.find("T1: hardirq at lock: spin_lock <- lock_kmap_any <- kunmap_high <-"),
            std::string::npos)
      << stack;
  EXPECT_NE(stack.find("it interrupted at unlock: spin_unlock <- kmap_high <-"), std::string::npos)
      << stack;
  EXPECT_NE(report.find("  kmap_high:"), std::string::npos) << report;
  EXPECT_EQ(WithoutPlaces(report),
            R"(FAIL L1  T1 can never go on: whatever it waits for waits for ever itself
rule    L1: nobody waits in a circle
        shrunk from 9 ops

step   CPU0                         pkmap:0
    4  switch to T1
    9  T1 a = kmap A
   10  T1 preempt_disable
   11  T1 lock kmap_lock
   12  T1 hash_find A: has no slot
   13  T1 cursor
   13  T1 sweep
   14  T1 cache_hook
   14  T1 swept 0
   15  T1 PTE of pkmap:0
   16  T1 count of pkmap:0          0>1
   17  T1 hash_set A
   18  T1 count of pkmap:0          1>2
   19* H2 enters
   20  H2 kunmap A
   21  H2 SPLAT kunmap_might_sleep
   22  H2 spins for kmap_lock       2 <- HERE

hidden  7 of 22 micro-steps; * a decision of the schedule
waits   CPU0 T1's hardirq spins for kmap_lock, which CPU0 T1 holds, interrupts off

trace
  #hm 1
  profile x86_tiny1 cpus=1
  page A high
  lane misuse
  task T1@0:
    a = kmap A
  irq H2@0 x1:
    kunmap A
  schedule:
    at T1.1 unlock -> H2

replay  bazel run //:hm -- replay 'corpus/deadlock 1.hm'
)");
}

// The rule that ARM keeps, broken: both CPUs, the lock and the IPI that nobody answers.
TEST(Report, WaitsNameLockAndIpi) {
  const std::string report = Report(
      Parsed("profile arm_ipi_tiny last_pkmap=1 cpus=2\npage A high\npage B high\nlane misuse\n"
             "ignore WARN:smp_call_irqs_off\n"
             "task T1@0:\n  a = kmap A\n  kunmap a\n  b = kmap B\n"
             "task T2@1:\n  c = kmap_high_get A\n"
             "schedule:\n  start T1\n  at T1.3 ipi_wait -> T2\n"));
  EXPECT_NE(report.find("waits   CPU0 T1 waits for CPU1 to answer its IPI, interrupts off\n"
                        "        CPU1 T2 spins for kmap_lock, which CPU0 T1 holds, interrupts off"),
            std::string::npos)
      << report;
}

// Two CPUs, each with a lane; the slot of the page that is disputed.
TEST(Report, LanesOfTwoCpus) {
  const std::string report = Report(
      Parsed("profile x86_tiny2 cpus=2\npage A high\npage LongNameOfAPage high\n"
             "task T1@0:\n  a = kmap A\n  load a+1\n"
             "task T2@1:\n  b = kmap LongNameOfAPage\n  kunmap b\n  check GF==7\n  kunmap A\n"
             "schedule:\n  start T2\n  at T2.2 op -> T1\n  after 25 -> T2\n  after 1 -> fill 1 "
             "pkmap:1\n"));
  EXPECT_NE(report.find("step   CPU0"), std::string::npos);
  EXPECT_NE(report.find("CPU1"), std::string::npos);
  EXPECT_NE(report.find("T2 check GF==7 is false"), std::string::npos) << report;
  EXPECT_NE(report.find("<- HERE"), std::string::npos);
  ExpectColumns(report);
}

// A slot of the kmap window: its PTE, its own CPU's TLB, and how deep current is.
TEST(Report, WindowSlotHasItsOwnColumns) {
  const std::string report =
      Report(Parsed("profile x86_tiny cpus=2\npage A high\nlane misuse\n"
                    "task T1@1:\n  a = kmap_local_page A\n  load a\n  kunmap_local A\n"));
  EXPECT_NE(report.find("FAIL B1  CPU1 T1 ended with page A still mapped at fix:1:0"),
            std::string::npos)
      << report;
  EXPECT_NE(report.find("T1 a = kmap_local_page A"), std::string::npos) << report;
  EXPECT_NE(report.find("= fix:1:0"), std::string::npos) << report;
  for (const char* head : {" PTE", " TLB1", " idx"})
    EXPECT_NE(report.find(head), std::string::npos) << report;
  EXPECT_NE(report.find("0>1"), std::string::npos) << report;
  ExpectColumns(report);
}

TEST(Report, LongRunsAreCutInTheMiddle) {
  std::string text = "profile x86_tiny cpus=1\npage A high\ntask T1@0:\n";
  for (int i = 0; i < 60; i++) text += "  a = kmap A\n  kunmap a\n";
  const std::string report = Report(Parsed(text + "  check CH==9\n"), {.table = {.max_rows = 20}});
  EXPECT_NE(report.find(" rows\n"), std::string::npos) << report;
  const std::string lanes =
      report.substr(report.find("step"), report.find("hidden") - report.find("step"));
  EXPECT_LE(std::count(lanes.begin(), lanes.end(), '\n'), 30) << lanes;
  ExpectColumns(report);
}

TEST(Report, SchedulesOfEveryKindAreRunAgain) {
  for (const char* schedule : {"schedule any\n", "schedule random 500 seed 3\n", "schedule all\n",
                               "schedule order T1 T2*2\n"}) {
    Trace trace = Parsed(std::string("profile x86_tiny1 cpus=1\npage A high\n"
                                     "task T1@0:\n  a = kmap A\n  kunmap a\n"
                                     "task T2@0:\n  yield\n  check count(A)==0\n") +
                         schedule);
    Finding finding;
    finding.id = FindingId::CHECK;
    finding.op = OpCode::check;
    finding.actor = 1;
    finding.op_index = 1;
    const std::string report = TerminalReport(trace, finding);
    EXPECT_NE(report.find("T2 check count(A)==0 is false"), std::string::npos) << report;
    EXPECT_NE(report.find("<- HERE"), std::string::npos) << report;
  }
}

TEST(Report, ColoursOnlyOnATerminal) {
  const Trace trace = Parsed(kHandlerDeadlock);
  EXPECT_EQ(Report(trace).find('\033'), std::string::npos);
  EXPECT_NE(Report(trace, {.table = {.tty = true}}).find("\033[31m"), std::string::npos);
}

TEST(Report, NothingFromATraceReachesTheTerminal) {
  EXPECT_EQ(Printable("a\033[31mb\n\x7f\xc3"), "a\\x1b[31mb\\x0a\\x7f\\xc3");
  EXPECT_EQ(ShellWord("corpus/a-1.hm"), "corpus/a-1.hm");
  EXPECT_EQ(ShellWord("it's $(rm)"), "'it'\\''s $(rm)'");
  EXPECT_EQ(ShellWord(""), "''");
  const std::string report = Report(Parsed(kHandlerDeadlock), {.file = "a\033]0;x\007"});
  EXPECT_EQ(report.find('\033'), std::string::npos);
}

}  // namespace
}  // namespace highmem
