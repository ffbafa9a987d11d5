#include "highmem/report/export.h"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "highmem/report/regression.h"
#include "highmem/schedule/litmus.h"
#include "highmem/schedule/replay.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

const char kTrace[] =
    "#hm 1\nprofile x86_tiny1 cpus=1\npage A high\nlane misuse\n"
    "task T1@0:\n  a = kmap A -> pkmap:0\nirq H2@0 x1:\n  kunmap A\n"
    "schedule:\n  at T1.1 unlock -> H2\n";

class ExportTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ParseError error;
    ASSERT_TRUE(ParseTrace(kTrace, "test", &trace_, &error)) << error.Text();
    Executor executor;
    Judge judge;
    ReplayChooser replay;
    finding_ = RunOnce(executor, judge, trace_, replay).finding;
    ASSERT_TRUE(finding_);
    recording_ = RecordState(executor, trace_, finding_);
  }
  Trace trace_;
  Finding finding_;
  Recording recording_;
};

// The state at the end is what the changes add up to.
TEST_F(ExportTest, ChangesAddUp) {
  std::map<std::string, std::string> cells;
  for (const Recording::Cell& cell : recording_.cells)
    cells[cell.group + " " + cell.name] = cell.first;
  EXPECT_EQ(cells["pkmap count pkmap:0"], "0");
  EXPECT_EQ(cells["page table pkmap:0"], ".");
  for (const Recording::Change& change : recording_.changes) {
    const Recording::Cell& cell = recording_.cells[change.cell];
    std::string& value = cells[cell.group + " " + cell.name];
    EXPECT_NE(value, change.value) << cell.name;
    value = change.value;
  }
  EXPECT_EQ(cells["pkmap count pkmap:0"], "2");
  EXPECT_EQ(cells["page table pkmap:0"], "A");
  EXPECT_EQ(recording_.steps.size(), finding_.step);
}

TEST_F(ExportTest, JsonHoldsTheRun) {
  const auto json = nlohmann::json::parse(
      RunAsJson(trace_, finding_, recording_,
                {.file = "\xff", .fails = {1, 2}, .turns = 7, .remarks = {{"a", "b"}}}));
  EXPECT_EQ(json["format"], "highmem run 1");
  EXPECT_EQ(json["finding"]["id"], "L1");
  EXPECT_EQ(json["finding"]["step"], finding_.step);
  EXPECT_EQ(json["rows"].size(), recording_.lanes.rows.size());
  EXPECT_EQ(json["rows"].back()["here"], true);
  EXPECT_EQ(json["steps"].size(), finding_.step);
  EXPECT_EQ(json["changes"].size(), recording_.changes.size());
  EXPECT_EQ(json["fails"][1], 2);
  EXPECT_EQ(json["turns"], 7);
  EXPECT_EQ(json["remarks"][0]["text"], "b");
  EXPECT_EQ(json["trace"].get<std::string>(), PrintTrace(trace_));
}

// A span for each op that began; the one that never ended lasts to the failure.
TEST_F(ExportTest, TraceEventsHaveASpanAnOp) {
  const auto json = nlohmann::json::parse(RunAsTraceEvents(trace_, finding_, recording_));
  std::map<std::string, nlohmann::json> spans;
  for (const auto& event : json["traceEvents"])
    if (event["ph"] == "X") spans[event["name"]] = event;
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans["a = kmap A"]["pid"], 0);
  EXPECT_EQ(spans["kunmap A"]["tid"], 2);
  for (const auto& [name, span] : spans)
    EXPECT_EQ(span["ts"].get<uint64_t>() + span["dur"].get<uint64_t>(), finding_.step) << name;
}

TEST_F(ExportTest, RegressionHoldsOnceTheFailureIsGone) {
  EXPECT_EQ(RegressionName(trace_, finding_), "l1_kunmap_x86_tiny1");
  const std::string litmus = RegressionLitmus(trace_, finding_);
  EXPECT_EQ(litmus.rfind("#hm 1\n# Failed as: T1 can never go on: ", 0), 0u) << litmus;
  EXPECT_TRUE(litmus.ends_with("expect pass\n")) << litmus;
  Trace fixed;
  ParseError error;
  ASSERT_TRUE(ParseTrace(litmus, "test", &fixed, &error)) << error.Text();
  Executor executor;
  EXPECT_FALSE(RunLitmus(executor, fixed, {}).holds);
  // Without the handler in the middle nothing is wrong.
  fixed.schedule.decisions.clear();
  EXPECT_TRUE(RunLitmus(executor, fixed, {}).holds);
}

TEST_F(ExportTest, GoogleTestBody) {
  const std::string body = RegressionGoogleTest(trace_, finding_);
  EXPECT_NE(body.find("TEST(Regression, L1KunmapX86Tiny1) {"), std::string::npos) << body;
  EXPECT_NE(body.find("R\"hm(#hm 1\nprofile x86_tiny1 cpus=1\n"), std::string::npos) << body;
}

}  // namespace
}  // namespace highmem
