#include "highmem/explain/explain.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "highmem/trace/text.h"

namespace highmem {
namespace {

std::string Explained(const std::string& text) {
  Trace trace;
  ParseError error;
  EXPECT_TRUE(ParseTrace("#hm 1\n" + text, "test", &trace, &error)) << error.Text();
  const Explanation explanation = ExplainFailure(trace, {.expectations = true});
  return explanation.finding ? ExplanationReport(explanation) : "";
}

// The lines of a label.
std::string Remark(const std::string& report, const std::string& label) {
  const size_t begin = report.find("\n" + label + " ") + 1;
  size_t end = report.find('\n', begin);
  while (report.compare(end + 1, 1, " ") == 0) end = report.find('\n', end + 1);
  return report.substr(begin, end - begin);
}

const char kDeadlock[] =
    "profile x86_tiny1 cpus=1 spec_fills=0 tlb_evicts=0\npage A high\nlane misuse\n"
    "task T1@0:\n  a = kmap A\nirq H2@0 x1:\n  kunmap A\n";

TEST(Explain, SaysWhenAndWhatWouldHaveSavedIt) {
  const std::string report =
      Explained(std::string(kDeadlock) + "schedule:\n  at T1.1 unlock -> H2\n");
  EXPECT_EQ(report.rfind("FAIL L1 ", 0), 0u);
  EXPECT_NE(report.find("  fails\n"), std::string::npos) << report;
  EXPECT_NE(report.find("19* H2 enters                                                     100%"),
            std::string::npos)
      << report;
  EXPECT_EQ(Remark(report, "turns").rfind("turns   step 19, `H2 enters`: ", 0), 0u) << report;
  EXPECT_EQ(Remark(report, "passes").rfind("passes  `at T1.1 ", 0), 0u) << report;
  EXPECT_NE(Remark(report, "passes").find("without `at T1.1 unlock -> H2`"), std::string::npos)
      << report;
  EXPECT_EQ(Remark(report, "free").rfind("free    `at T1.1 unlock -> H2` at ", 0), 0u) << report;
  EXPECT_NE(Remark(report, "needs").find("high_get=0 (1: passes)"), std::string::npos) << report;
  std::istringstream lines(report);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), kReportColumns) << line;
}

// Any kind of schedule: the first run that fails is explained.
TEST(Explain, SchedulesOfOtherKinds) {
  const std::string report = Explained(std::string(kDeadlock) + "schedule random 1000 seed 1\n");
  EXPECT_EQ(report.rfind("FAIL L1 ", 0), 0u) << report;
  EXPECT_NE(report.find("schedule:\n"), std::string::npos) << report;
}

TEST(Explain, NothingForAPass) {
  EXPECT_EQ(Explained("profile x86_tiny\npage A high\ntask T1@0:\n  a = kmap A\n  kunmap a\n"), "");
}

// Where every continuation fails there is no column, and no turn.
TEST(Explain, WhatAlwaysFails) {
  const std::string report = Explained(
      "profile x86_tiny1 cpus=1\npage A high\ntask T1@0:\n  a = kmap A\n  check count(A)==7\n"
      "  kunmap a\n");
  EXPECT_EQ(report.find("  fails\n"), std::string::npos) << report;
  EXPECT_EQ(Remark(report, "turns"),
            "turns   nowhere: from the very start 100% of 256 random continuations fail like this");
}

}  // namespace
}  // namespace highmem
