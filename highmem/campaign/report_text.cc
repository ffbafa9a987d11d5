#include <algorithm>
#include <ctime>
#include <string_view>

#include "highmem/campaign/cell_table.h"
#include "highmem/campaign/report.h"
#include "highmem/campaign/summary.h"
#include "highmem/report/plain_text.h"

namespace highmem {
namespace {

constexpr size_t kColumns = 80;
constexpr size_t kLabel = 12;
constexpr double kHour = 3600;

// "1 234 567"
std::string Grouped(double number) {
  std::string digits = std::to_string(static_cast<int64_t>(number + 0.5));
  for (size_t at = digits.size(); at > 3;) digits.insert(at -= 3, " ");
  return digits;
}
std::string Grouped(int64_t number) { return Grouped(static_cast<double>(number)); }

// Two units of time: "12 d 04 h", "3 h 07 min", "42 s".
std::string Duration(double seconds) {
  struct Unit {
    int64_t seconds;
    const char* name;
  };
  constexpr Unit kUnits[] = {{86400, " d"}, {3600, " h"}, {60, " min"}, {1, " s"}};
  const auto whole = static_cast<int64_t>(seconds);
  for (size_t i = 0; i + 1 < std::size(kUnits); i++) {
    if (whole < kUnits[i].seconds) continue;
    const int64_t rest = whole % kUnits[i].seconds / kUnits[i + 1].seconds;
    return std::to_string(whole / kUnits[i].seconds) + kUnits[i].name + (rest < 10 ? " 0" : " ") +
           std::to_string(rest) + kUnits[i + 1].name;
  }
  return std::to_string(whole) + " s";
}

std::string Date(int64_t seconds) {
  const auto time = static_cast<time_t>(seconds);
  struct tm parts;
  char text[32];
  if (gmtime_r(&time, &parts) == nullptr ||
      std::strftime(text, sizeof(text), "%Y-%m-%d %H:%M UTC", &parts) == 0)
    return "an unknown time";
  return text;
}

std::string Right(const std::string& text, size_t width) {
  return (text.size() < width ? std::string(width - text.size(), ' ') : "") + text;
}

double Rate(int64_t executions, double seconds) {
  return seconds > 0 ? static_cast<double>(executions) / seconds : 0;
}

std::string Line(const std::string& label, const std::string& text) {
  return Wrapped(label, text, kLabel, kColumns);
}

std::string Head(const CampaignData& data) {
  const CampaignData::Sample now = Latest(data);
  std::string rate = Grouped(Rate(now.executions, now.at));
  if (data.samples.size() > 1) rate += ", in the last hour " + Grouped(RecentRate(data, kHour));
  int64_t running = 0;
  for (const CampaignData::Run& run : data.runs) running += run.state == "running";
  std::string runs = std::to_string(data.runs.size());
  if (running != 0) runs += ", " + std::to_string(running) + " of them running";
  return Line("campaign", Printable(data.directory)) + Line("begun", Date(data.created)) +
         Line("fuzzed", Duration(now.at)) + Line("executions", Grouped(now.executions)) +
         Line("exec/s", rate) + Line("features", Grouped(now.features)) +
         Line("corpus", Grouped(now.corpus)) + Line("runs", runs);
}

std::string Targets(const CampaignData& data) {
  std::string out = "\n" + Padded("target", 23) + Right("runs", 6) + Right("executions", 17) +
                    Right("exec/s", 10) + Right("new cells", 12) + Right("findings", 11) + "\n";
  for (const TargetSummary& target : TargetSummaries(data)) {
    out += Padded(Printable(target.target), 23) + Right(std::to_string(target.runs), 6) +
           Right(Grouped(target.executions), 17) +
           Right(Grouped(Rate(target.executions, target.seconds)), 10) +
           Right(std::to_string(target.cells), 12) + Right(std::to_string(target.findings), 11) +
           "\n";
  }
  return out;
}

bool IsNotSeen(const CellTable::Place& cell) { return cell.hit == nullptr && cell.why.empty(); }

// "in use: kmap, kunmap; free (all 12)", of those without a reason.
std::string NotSeen(const CellTable& table) {
  if (std::all_of(table.cells.begin(), table.cells.end(), IsNotSeen)) return "all";
  std::string out;
  for (size_t row = 0; row < table.rows.size(); row++) {
    size_t all = 0, missing = 0;
    std::string names;
    for (const CellTable::Place& cell : table.cells) {
      if (cell.row != row) continue;
      all++;
      if (!IsNotSeen(cell)) continue;
      names += (missing++ == 0 ? "" : ", ") + Printable(table.columns[cell.column]);
    }
    if (missing == 0) continue;
    const std::string name = Printable(table.rows[row]);
    if (!out.empty()) out += "; ";
    if (missing == all && all > 1)
      out += name + " (all " + std::to_string(all) + ")";
    else
      out += name.empty() ? names : name + ": " + names;
  }
  return out;
}

// Each reason once.
std::string WhyNeverHit(const std::vector<CellTable>& tables) {
  std::vector<NeverHit> reasons;
  for (const NeverHit& row : NeverHitRows(tables)) {
    if (row.why.empty()) continue;
    const auto same = std::find_if(reasons.begin(), reasons.end(),
                                   [&](const NeverHit& n) { return n.why == row.why; });
    if (same != reasons.end())
      same->cells += "; " + row.cells;
    else
      reasons.push_back(row);
  }
  std::string out = reasons.empty() ? "" : "\n" + Line("why never", "because:");
  for (const NeverHit& reason : reasons) {
    out += Wrapped("  -", Printable(reason.why), 4, kColumns);
    out += Wrapped("     ", Printable(reason.cells), 6, kColumns);
  }
  return out;
}

std::string Cells(const std::vector<CellTable>& tables) {
  size_t hits = 0, all = 0;
  for (const CellTable& table : tables) {
    hits += table.hits;
    all += table.cells.size();
  }
  std::string out = "\n" + Line("cells hit", std::to_string(hits) + " of " + std::to_string(all) +
                                                 (hits < all ? "; never hit:" : ""));
  for (const CellTable& table : tables) {
    const std::string count = std::to_string(table.hits) + "/" + std::to_string(table.cells.size());
    const std::string label = "  " + Padded(Printable(table.group), 10) + " " + Right(count, 7);
    const std::string missing = table.hits == table.cells.size() ? "" : NotSeen(table);
    out += Wrapped(label, missing.empty() ? "-" : missing, label.size() + 2, kColumns);
  }
  return out + WhyNeverHit(tables);
}

// Text that Markdown leaves as it is.
std::string InTable(const std::string& text) {
  std::string out;
  for (const char c : Printable(text)) {
    if (std::string_view("|\\`*<>[]").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

// "4 ops" of a minimized trace, else how far that is.
std::string Reproducer(const CampaignData::Finding& finding) {
  const auto ops = OpsOf(finding);
  if (finding.state != "minimized" || !ops) return Padded(Printable(finding.state), 10) + " ";
  return std::to_string(*ops) + (*ops == 1 ? " op" : " ops");
}

std::string Findings(const CampaignData& data) {
  std::string out =
      "\n" + Line("findings", data.findings.empty() ? "none"
                                                    : std::to_string(data.findings.size()) +
                                                          " different, the newest first:");
  if (data.findings.empty()) return out;
  out += "  rule  op                  times  first after reproducer target\n";
  for (const CampaignData::Finding& finding : data.findings) {
    out += RightTrimmed(
               "  " + Padded(Printable(finding.rule), 6) + Padded(Printable(OpOf(finding)), 18) +
               Right(std::to_string(finding.times), 7) + "  " + Padded(Duration(finding.at), 12) +
               Padded(Reproducer(finding), 11) + Padded(Printable(finding.target), 22)) +
           "\n";
  }
  return out;
}

}  // namespace

std::string CampaignText(const CampaignData& data, const std::vector<std::string>& all_cells,
                         const CellReasons& reasons) {
  return Head(data) + Targets(data) + Cells(CellTables(data, all_cells, reasons)) + Findings(data);
}

std::string CampaignNeverHit(const CampaignData& data, const std::vector<std::string>& all_cells,
                             const CellReasons& reasons) {
  const CampaignData::Sample now = Latest(data);
  const std::vector<CellTable> tables = CellTables(data, all_cells, reasons);
  size_t hits = 0, all = 0;
  for (const CellTable& table : tables) {
    hits += table.hits;
    all += table.cells.size();
  }
  std::string out = std::to_string(hits) + " of " + std::to_string(all) + " cells were hit in " +
                    Duration(now.at) + " of fuzzing, " + Grouped(now.executions) +
                    " executions. Never hit:\n\n| cells | why |\n|---|---|\n";
  for (const NeverHit& row : NeverHitRows(tables))
    out += "| " + InTable(row.cells) + " | " + InTable(row.why.empty() ? "not yet seen" : row.why) +
           " |\n";
  return out;
}

}  // namespace highmem
