#include "highmem/campaign/screen.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace highmem {
namespace {

CampaignView View() {
  CampaignView view;
  view.dir = "/tmp/of\033[31m it";
  view.totals = {.executions = 12'345'678,
                 .steps = 4'200'000'000,
                 .cells = 400,
                 .findings = 2,
                 .to_minimize = 1,
                 .seconds = 3723};
  view.seconds = 7200;
  view.rate = 5432.1;
  view.corpus = 9876;
  view.running = {"mixed", "minimize I7/kmap/slot/x86_tiny"};
  for (int i = 0; i < 30; i++) view.findings.push_back({"I7/kmap/slot/x86_tiny", "new"});
  return view;
}

TEST(Screen, FitsATerminal) {
  for (const auto& [columns, rows] : {std::pair<size_t, size_t>(80, 24), {40, 10}, {20, 3}}) {
    const std::string screen = CampaignScreen(View(), 1000, columns, rows);
    std::istringstream lines(screen);
    size_t count = 0;
    for (std::string line; std::getline(lines, line); count++) EXPECT_LE(line.size(), columns);
    EXPECT_LE(count, rows);
    EXPECT_EQ(screen.find('\033'), std::string::npos);
  }
}

TEST(Screen, SaysHowItStands) {
  EXPECT_EQ(CampaignLine(View(), 1000),
            "campaign: 1:02:03 12.3M executions, 5432/s, 400 of 1000 cells, 9876 inputs, "
            "2 findings, mixed, minimize I7/kmap/slot/x86_tiny");
  const std::string screen = CampaignScreen(View(), 1000, 80, 24);
  EXPECT_NE(screen.find("time        1:02:03 of 2:00:00  [####"), std::string::npos) << screen;
  EXPECT_NE(screen.find("findings    2, 1 to minimize"), std::string::npos) << screen;
  const auto json = nlohmann::json::parse(CampaignStatusJson(View(), 1000));
  EXPECT_EQ(json["executions"], 12'345'678);
  EXPECT_EQ(json["running"][0], "mixed");
}

}  // namespace
}  // namespace highmem
