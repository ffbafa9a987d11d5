#include "highmem/campaign/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "highmem/campaign/cell_table.h"
#include "highmem/campaign/store_for_test.h"
#include "highmem/campaign/summary.h"

namespace highmem {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

CampaignData::Cell Hit(const std::string& name, int64_t hits = 1) {
  return {.name = name, .hits = hits, .target = "pkmap", .at = 0, .trace = ""};
}

TEST(CellTables, AreMadeOfNames) {
  CampaignData data;
  data.cells = {Hit("depth/idx/1", 7), Hit("old"), Hit("slot/free/kmap"), Hit("slot/free/none", 0)};
  const auto tables = CellTables(
      data, {"slot/free/kmap", "slot/in use/kmap", "slot/in use/map/map", "depth/idx/1"});
  ASSERT_EQ(tables.size(), 3u);
  EXPECT_EQ(tables[0].group, "slot");
  EXPECT_THAT(tables[0].rows, ElementsAre("free", "in use"));
  EXPECT_THAT(tables[0].columns, ElementsAre("kmap", "map/map", "none"));
  ASSERT_EQ(tables[0].cells.size(), 4u);
  EXPECT_EQ(tables[0].hits, 1u);
  EXPECT_EQ(tables[0].cells[2].row, 1u);
  EXPECT_EQ(tables[0].cells[2].column, 1u);
  EXPECT_EQ(tables[0].cells[2].hit, nullptr);
  ASSERT_NE(tables[1].cells[0].hit, nullptr);
  EXPECT_EQ(tables[1].cells[0].hit->hits, 7);
  EXPECT_EQ(tables[2].group, "old");
  EXPECT_THAT(tables[2].rows, ElementsAre(""));
}

TEST(NeverHitRows, OneForEachReasonOfARow) {
  CampaignData data;
  data.cells = {Hit("slot/free/kmap")};
  const auto rows = NeverHitRows(
      CellTables(data, {"slot/free/kmap", "slot/free/dma", "slot/free/vmap", "slot/free/load"},
                 {{"slot/free/dma", "no"}, {"slot/free/load", "no"}, {"slot/free/kmap", "wrong"}}));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].cells, "slot/free: dma, load");
  EXPECT_EQ(rows[0].why, "no");
  EXPECT_EQ(rows[1].cells, "slot/free: vmap");
  EXPECT_EQ(rows[1].why, "");
}

TEST(Summary, ThinnedKeepsBothEndsAndTheFirstMinutes) {
  const CampaignData data = InventedCampaign();
  const auto thin = Thinned(data.samples, 600);
  EXPECT_LE(thin.size(), 602u);
  EXPECT_GT(thin.size(), 400u);
  EXPECT_EQ(thin.front().at, data.samples.front().at);
  EXPECT_EQ(thin.back().at, data.samples.back().at);
  int early = 0;
  for (size_t i = 1; i < thin.size(); i++) {
    EXPECT_LT(thin[i - 1].at, thin[i].at);
    EXPECT_LT(thin[i].at - thin[i - 1].at, 3000);
    early += thin[i].at < 600;
  }
  EXPECT_GT(early, 30);
  EXPECT_EQ(Thinned(data.samples, 5000).size(), data.samples.size());
  EXPECT_TRUE(Thinned({}, 600).empty());
}

TEST(Summary, RecentRate) {
  CampaignData data;
  data.samples = {
      {.at = 0, .executions = 0}, {.at = 100, .executions = 1000}, {.at = 200, .executions = 3000}};
  EXPECT_EQ(RecentRate(data, 100), 20);
  EXPECT_EQ(RecentRate(data, 1), 20);
  EXPECT_EQ(RecentRate(data, 3600), 15);
  data.samples.resize(1);
  EXPECT_EQ(RecentRate(data, 100), 0);
}

TEST(CampaignText, SaysWhatMatters) {
  const std::string text = CampaignText(InventedCampaign(), InventedCells());
  EXPECT_THAT(text, HasSubstr("\nfuzzed      6 d 00 h\n"));
  EXPECT_THAT(text, HasSubstr(" of 300; never hit:\n"));
  EXPECT_THAT(text, HasSubstr("irq nesting: 1, 7\n"));
  EXPECT_THAT(text, HasSubstr("5 different, the newest first:\n"));
  EXPECT_THAT(text, HasSubstr("\n  I16   kunmap              58110  41 s        4 ops"));
  EXPECT_LT(text.find("  I9 "), text.find("  I16 "));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
}

TEST(CampaignText, EscapesAndFits) {
  CampaignData data = InventedCampaign();
  const std::string evil = "\033[31m" + std::string(100, 'x') + "\n\xff";
  data.directory = evil;
  for (auto& run : data.runs) run.target = evil;
  for (auto& finding : data.findings)
    finding.key = finding.rule = finding.target = finding.state = evil;
  const std::string text =
      CampaignText(data, {evil, "slot/a/" + evil, "slot/b/" + evil}, {{"slot/b/" + evil, evil}});
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(line.size(), 80u) << line;
    for (const char c : line) EXPECT_TRUE(c >= ' ' && c < 0x7f) << line;
  }
}

TEST(CampaignText, ANewCampaign) {
  const std::string text = CampaignText({}, {"slot/a/b", "slot/a/c"});
  EXPECT_THAT(text, HasSubstr("executions  0\n"));
  EXPECT_THAT(text, HasSubstr("cells hit   0 of 2; never hit:\n"));
  EXPECT_THAT(text, HasSubstr(" 0/2  all\n"));
  EXPECT_THAT(text, HasSubstr("findings    none\n"));
}

TEST(CampaignText, SaysWhyACellIsNeverHit) {
  const std::vector<std::string> cells = {"slot/a/b", "slot/a/c", "slot/d/b"};
  const CellReasons reasons = {{"slot/a/b", "for a reason"}, {"slot/d/b", "for a reason"}};
  const std::string text = CampaignText({}, cells, reasons);
  EXPECT_THAT(text, HasSubstr(" 0/3  a: c\n"));
  EXPECT_THAT(text, HasSubstr("  - for a reason\n      slot/a: b; slot/d: b\n"));
  const auto json = nlohmann::json::parse(CampaignJson({}, cells, reasons));
  EXPECT_EQ(json["groups"][0]["cells"][0]["why"], "for a reason");
  EXPECT_FALSE(json["groups"][0]["cells"][1].contains("why"));
}

TEST(CampaignNeverHit, IsATable) {
  CampaignData data;
  data.cells = {Hit("slot/a/b")};
  const std::string text = CampaignNeverHit(data, {"slot/a/b", "slot/a/c|d", "slot/a/e"},
                                            {{"slot/a/e", "for <b>a</b> reason"}});
  EXPECT_THAT(text, testing::StartsWith("1 of 3 cells were hit in 0 s of fuzzing, 0 executions."));
  EXPECT_THAT(text, testing::EndsWith("\n\n| cells | why |\n|---|---|\n"
                                      "| slot/a: c\\|d | not yet seen |\n"
                                      "| slot/a: e | for \\<b\\>a\\</b\\> reason |\n"));
}

TEST(CampaignJson, HoldsAll) {
  const CampaignData data = InventedCampaign();
  const auto json = nlohmann::json::parse(CampaignJson(data, InventedCells()));
  EXPECT_EQ(json["format"], "highmem campaign report 1");
  EXPECT_EQ(json["samples"]["at"].size(), data.samples.size());
  EXPECT_EQ(json["samples"]["cells"].back(), data.samples.back().cells);
  size_t hit = 0, all = 0;
  for (const auto& group : json["groups"]) {
    hit += group["hit"].get<size_t>();
    all += group["cells"].size();
  }
  EXPECT_EQ(hit, data.cells.size());
  EXPECT_EQ(all, 300u);
  EXPECT_EQ(json["findings"][4]["key"], "I16/kunmap/slot/x86_tiny1");
  EXPECT_EQ(json["findings"][4]["op"], "kunmap");
  EXPECT_EQ(json["findings"][4]["ops"], 4);
  EXPECT_THAT(json["findings"][4]["meaning"].get<std::string>(), HasSubstr("slot"));
  EXPECT_EQ(json["runs"].size(), 40u);
  EXPECT_EQ(json["runs"][0]["seed"], std::to_string(data.runs[0].seed));
}

}  // namespace
}  // namespace highmem
