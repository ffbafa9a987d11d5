#include "highmem/campaign/screen.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "highmem/report/plain_text.h"

namespace highmem {
namespace {

// 12345678 as "12.3M".
std::string Short(double number) {
  if (number < 10'000) return fmt::format("{:.0f}", number);
  if (number < 1e6) return fmt::format("{:.1f}k", number / 1e3);
  if (number < 1e9) return fmt::format("{:.1f}M", number / 1e6);
  return fmt::format("{:.2f}G", number / 1e9);
}

std::string Clock(double seconds) {
  const auto all = static_cast<long>(seconds);
  return fmt::format("{}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60);
}

std::string Joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out.empty() ? "nothing" : out;
}

// "[#####.....]"
std::string Bar(double share, size_t width) {
  const auto full = static_cast<size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(width));
  return "[" + std::string(full, '#') + std::string(width - full, '.') + "]";
}

}  // namespace

std::string CampaignLine(const CampaignView& view, int all_cells) {
  const Store::Totals& t = view.totals;
  return fmt::format("campaign: {} {} executions, {}/s, {} of {} cells, {} inputs, {} findings, {}",
                     Clock(t.seconds), Short(static_cast<double>(t.executions)), Short(view.rate),
                     t.cells, all_cells, view.corpus, t.findings, Printable(Joined(view.running)));
}

std::string CampaignStatusJson(const CampaignView& view, int all_cells) {
  const Store::Totals& t = view.totals;
  const nlohmann::json json = {{"seconds", t.seconds},       {"of", view.seconds},
                               {"executions", t.executions}, {"steps", t.steps},
                               {"rate", view.rate},          {"cells", t.cells},
                               {"all_cells", all_cells},     {"inputs", view.corpus},
                               {"findings", t.findings},     {"to_minimize", t.to_minimize},
                               {"running", view.running}};
  return json.dump(-1, ' ', /*ensure_ascii=*/true, nlohmann::json::error_handler_t::replace);
}

std::string CampaignScreen(const CampaignView& view, int all_cells, size_t columns, size_t rows) {
  const Store::Totals& t = view.totals;
  const double cells = all_cells == 0 ? 0 : static_cast<double>(t.cells) / all_cells;
  std::vector<std::string> lines = {
      "highmem campaign  " + view.dir,
      "",
      fmt::format("time        {} of {}  {}", Clock(t.seconds), Clock(view.seconds),
                  Bar(view.seconds == 0 ? 1 : t.seconds / view.seconds, 30)),
      fmt::format("executions  {}, {}/s, {} micro-steps", Short(static_cast<double>(t.executions)),
                  Short(view.rate), Short(static_cast<double>(t.steps))),
      fmt::format("cells       {} of {}  {}", t.cells, all_cells, Bar(cells, 30)),
      fmt::format("inputs      {}", view.corpus),
      "now         " + Joined(view.running),
      "",
      fmt::format("findings    {}{}", t.findings,
                  t.to_minimize == 0 ? "" : fmt::format(", {} to minimize", t.to_minimize))};
  for (const Store::FindingState& finding : view.findings)
    lines.push_back(fmt::format("  {:<44} {}", finding.key, finding.state));
  lines.push_back("");
  lines.push_back("Ctrl-C ends it; the same command goes on.  hm report DIR -o PAGE.html");
  std::string out;
  for (size_t i = 0; i < lines.size() && i < rows; i++)
    out += RightTrimmed(Padded(Printable(lines[i]), columns)) + "\n";
  return out;
}

}  // namespace highmem
