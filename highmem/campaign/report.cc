#include "highmem/campaign/report.h"

#include <nlohmann/json.hpp>
#include <string_view>

#include "highmem/campaign/cell_table.h"
#include "highmem/campaign/summary.h"
#include "highmem/trace/finding_id.h"
#include "highmem/trace/words.h"

namespace highmem {
namespace {

using Json = nlohmann::ordered_json;

// campaign_page.html as a literal.
constexpr std::string_view kPage =
#include "highmem/campaign/campaign_page.inc"
    ;

// Where the page has its data.
constexpr std::string_view kSlot = "@CAMPAIGN@";

// More points than pixels would show nothing more.
constexpr size_t kSamplesOfPage = 600;

Json Samples(const std::vector<CampaignData::Sample>& samples) {
  Json at = Json::array(), executions = Json::array(), features = Json::array(),
       cells = Json::array(), corpus = Json::array(), findings = Json::array();
  for (const CampaignData::Sample& sample : samples) {
    at.push_back(sample.at);
    executions.push_back(sample.executions);
    features.push_back(sample.features);
    cells.push_back(sample.cells);
    corpus.push_back(sample.corpus);
    findings.push_back(sample.findings);
  }
  return {{"at", std::move(at)},
          {"executions", std::move(executions)},
          {"features", std::move(features)},
          {"cells", std::move(cells)},
          {"corpus", std::move(corpus)},
          {"findings", std::move(findings)}};
}

Json Groups(const std::vector<CellTable>& tables) {
  Json groups = Json::array();
  for (const CellTable& table : tables) {
    Json cells = Json::array();
    for (const CellTable::Place& place : table.cells) {
      Json cell = {{"name", place.name},
                   {"row", place.row},
                   {"column", place.column},
                   {"hits", place.hit == nullptr ? 0 : place.hit->hits}};
      if (place.hit != nullptr) {
        cell["target"] = place.hit->target;
        cell["at"] = place.hit->at;
        cell["trace"] = place.hit->trace;
      } else if (!place.why.empty()) {
        cell["why"] = place.why;
      }
      cells.push_back(std::move(cell));
    }
    groups.push_back({{"name", table.group},
                      {"hit", table.hits},
                      {"rows", table.rows},
                      {"columns", table.columns},
                      {"cells", std::move(cells)}});
  }
  return groups;
}

Json Findings(const CampaignData& data) {
  Json findings = Json::array();
  for (const CampaignData::Finding& finding : data.findings) {
    Json json = {{"key", finding.key},         {"rule", finding.rule},
                 {"op", OpOf(finding)},        {"target", finding.target},
                 {"version", finding.version}, {"at", finding.at},
                 {"times", finding.times},     {"state", finding.state},
                 {"raw", finding.raw},         {"minimized", finding.minimized},
                 {"report", finding.report}};
    FindingId id;
    if (FindWord<FindingId>(finding.rule, &id)) json["meaning"] = Info(id).meaning;
    if (const auto ops = OpsOf(finding)) json["ops"] = *ops;
    findings.push_back(std::move(json));
  }
  return findings;
}

Json Runs(const CampaignData& data) {
  Json runs = Json::array();
  for (const CampaignData::Run& run : data.runs) {
    runs.push_back({{"id", run.id},
                    {"target", run.target},
                    {"engine", run.engine},
                    {"seed", std::to_string(run.seed)},  // no double could hold it
                    {"version", run.version},
                    {"begun", run.begun},
                    {"seconds", run.seconds},
                    {"executions", run.executions},
                    {"steps", run.steps},
                    {"state", run.state}});
  }
  return runs;
}

Json Campaign(const CampaignData& data, const std::vector<CellTable>& tables,
              const std::vector<CampaignData::Sample>& samples) {
  const CampaignData::Sample now = Latest(data);
  return {{"format", "highmem campaign report 1"},
          {"directory", data.directory},
          {"created", data.created},
          {"seconds", now.at},
          {"executions", now.executions},
          {"features", now.features},
          {"corpus", now.corpus},
          {"samples", Samples(samples)},
          {"groups", Groups(tables)},
          {"findings", Findings(data)},
          {"runs", Runs(data)}};
}

std::string Dump(const Json& json, int indent) {
  return json.dump(indent, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

}  // namespace

std::string CampaignJson(const CampaignData& data, const std::vector<std::string>& all_cells,
                         const CellReasons& reasons) {
  return Dump(Campaign(data, CellTables(data, all_cells, reasons), data.samples), 1) + "\n";
}

std::string CampaignPage(const CampaignData& data, const std::vector<std::string>& all_cells,
                         const CellReasons& reasons) {
  const Json json =
      Campaign(data, CellTables(data, all_cells, reasons), Thinned(data.samples, kSamplesOfPage));
  // Inside of a script element only "<" could end it.
  std::string text;
  for (const char c : Dump(json, -1)) text += c == '<' ? std::string("\\u003c") : std::string(1, c);
  std::string page(kPage.substr(1));  // behind the line end that begins the literal
  return page.replace(page.find(kSlot), kSlot.size(), text);
}

}  // namespace highmem
