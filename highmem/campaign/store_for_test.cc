#include "highmem/campaign/store_for_test.h"

#include <sqlite3.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "highmem/campaign/schema.h"

namespace highmem {
namespace {

constexpr char kTrace[] =
    "#hm 1\nprofile x86_tiny1 cpus=2\npage A high\npage B high\ntask T1@0:\n  a = kmap A\n"
    "  kunmap a\ntask T2@1:\n  b = kmap B\n  kunmap b\nschedule:\n  start T1\n"
    "  at T1.2 preempt_disable -> T2\n";
constexpr char kLine[] =
    "hm1:profile x86_tiny cpus=1;page A high;task T1@0:;a = kmap A;kunmap a;schedule:;start T1";
constexpr char kReport[] =
    "FAIL I16  CPU0 T1 in `kunmap a` has freed pkmap:0, but nobody wakes T2, which sleeps for a\n"
    "        slot\n"
    "rule    I16: a task never sleeps for a slot while one is free and nobody is about to wake it\n"
    "\n"
    "step   CPU0                         CPU1                         pkmap:0  in\n"
    "    9  T1 a = kmap A\n"
    "   18  T1 count of pkmap:0                                       0>2      kmap_high:125\n"
    "   27                               T2 b = kmap B\n"
    "   33                               T2 sleeps                             map_new_virtual:93\n"
    "   38  T1 count of pkmap:0                                       2>1      kunmap_high:154\n"
    "   41  T1 kunmap done                                                     <- HERE\n"
    "\n"
    "hidden  35 of 41 micro-steps\n";

struct Table {
  const char* group;
  std::vector<const char*> rows, columns;
};
// 60 + 84 + 24 + 40 + 48 + 44 cells.
const Table kTables[] = {
    {"slot",
     {"unused", "stale", "in use once", "in use", "last one", "guard"},
     {"kmap", "kunmap", "kmap_high_get", "kunmap_high", "sweep", "sweep_busy", "wake", "sleep",
      "flush_unused", "page_address"}},
    {"context",
     {"task", "preempt off", "irq off", "softirq", "hardirq", "nmi", "page fault"},
     {"kmap_local_page", "kunmap_local", "kmap_atomic", "kunmap_atomic", "page_address",
      "copy_highpage", "clear_highpage", "zero_user", "load", "store", "sched_out", "sched_in"}},
    {"depth", {"kmap_idx", "irq nesting", "preempt"}, {"0", "1", "2", "3", "4", "5", "6", "7"}},
    {"page",
     {"low", "high", "high mapped", "high twice", "freed"},
     {"kmap", "local", "atomic", "dma", "migrate", "balloon", "fork", "hotplug"}},
    {"cache",
     {"clean", "dirty here", "dirty there", "alias", "outer dirty", "outer stale"},
     {"read", "write", "flush", "invalidate", "to device", "from device", "unmap", "recolour"}},
    {"cross",
     {"same CPU", "other CPU", "interrupt", "migration"},
     {"map/map", "map/unmap", "unmap/unmap", "map/sweep", "sweep/sweep", "sleep/wake", "ipi/lock",
      "flush/map", "switch/map", "fork/map", "free/map"}},
};

// Evenly spread, the same every time, 0 to 1.
double Chance(uint64_t n) {
  uint64_t x = (n + 1) * 0x9e3779b97f4a7c15u;
  x ^= x >> 31;
  x *= 0xbf58476d1ce4e5b9u;
  x ^= x >> 29;
  return static_cast<double>(x >> 11) / 9007199254740992.0;
}

constexpr double kEnd = 6 * 86400;

void InventSamples(CampaignData* data) {
  double executions = 0;
  for (uint64_t i = 0; i < 3000; i++) {
    CampaignData::Sample sample;
    sample.at = i < 1000 ? 5.0 + 5.0 * static_cast<double>(i)
                         : 5000 + (kEnd - 5000) * static_cast<double>(i - 999) / 2000;
    const double last = data->samples.empty() ? 0 : data->samples.back().at;
    const double pace = 4600 + 900 * std::sin(sample.at / 40000) + 500 * Chance(i) -
                        (i > 1700 && i < 1760 ? 3500 : 0);
    executions += (sample.at - last) * pace;
    sample.executions = static_cast<int64_t>(executions);
    sample.features = static_cast<int64_t>(400 + 1900 * std::log1p(sample.at / 8));
    sample.cells = std::min<int64_t>(std::ssize(data->cells),
                                     static_cast<int64_t>(90 + 16.6 * std::log1p(sample.at / 4)));
    sample.corpus = static_cast<int64_t>(60 + 420 * std::log1p(sample.at / 20));
    sample.findings = std::count_if(data->findings.begin(), data->findings.end(),
                                    [&](const auto& f) { return f.at <= sample.at; });
    data->samples.push_back(sample);
  }
}

void InventFindings(CampaignData* data) {
  data->findings = {
      {"I9/kmap/slot/x86_tiny", "I9", "pkmap", "4fbb736", 441000, 1, "new", kTrace, "", ""},
      {"D1/copy_highpage/byte/arm_vivt", "D1", "dma_vivt", "4fbb736", 203000, 17, "unstable",
       kTrace, kTrace, kReport},
      {"L1/kmap/task/x86_tiny1", "L1", "mixed", "304230d", 30900, 240, "minimized", kTrace, kTrace,
       kReport},
      {"I7/kmap/page/x86_tiny", "I7", "atomic_slot_mips", "304230d", 5400, 1302, "minimized",
       kTrace, kTrace, kReport},
      {"I16/kunmap/slot/x86_tiny1", "I16", "pkmap", "304230d", 41, 58110, "minimized", kTrace,
       kTrace, kReport},
  };
}

void InventRuns(CampaignData* data) {
  const char* targets[] = {"pkmap", "local", "mixed", "dma_vivt", "atomic_slot_mips"};
  for (int i = 39; i >= 0; i--) {
    CampaignData::Run run;
    char id[16];
    std::snprintf(id, sizeof(id), "r%04d", i + 1);
    run.id = id;
    run.target = targets[i % 5];
    run.engine = i % 3 == 2 ? "stress" : "libfuzzer";
    run.seed = static_cast<int64_t>(Chance(i) * 9e18);
    run.version = i < 25 ? "304230d" : "4fbb736";
    run.begun = data->created + static_cast<int64_t>(kEnd) * (i / 5) / 8;
    run.seconds = kEnd / 8 - (i == 12 ? 50000 : 0);
    run.executions = static_cast<int64_t>(run.seconds * (700 + 600 * Chance(i + 100)));
    run.steps = run.executions * 61;
    run.state = i >= 35 ? "running" : i == 12 ? "killed" : "ended";
    data->runs.push_back(run);
  }
  std::sort(data->runs.begin(), data->runs.end(), [](const auto& a, const auto& b) {
    return a.begun != b.begun ? a.begun > b.begun : a.id < b.id;
  });
}

// "'text'"
std::string Quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}
std::string Quoted(int64_t number) { return std::to_string(number); }
std::string Quoted(double number) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.6f", number);
  return text;
}

template <typename... T>
std::string Insert(const char* table, const T&... values) {
  std::string list;
  ((list += (list.empty() ? "" : ",") + Quoted(values)), ...);
  return "INSERT INTO " + std::string(table) + " VALUES(" + list + ");";
}

}  // namespace

std::vector<std::string> InventedCells() {
  std::vector<std::string> names;
  for (const Table& table : kTables)
    for (const char* row : table.rows)
      for (const char* column : table.columns)
        names.push_back(std::string(table.group) + "/" + row + "/" + column);
  return names;
}

CampaignData InventedCampaign() {
  CampaignData data;
  data.created = 1'780'000'000;
  uint64_t n = 0;
  for (const std::string& name : InventedCells()) {
    n++;
    const bool rare = name.starts_with("context/nmi/") && name.find("map") != std::string::npos;
    if (rare || name.starts_with("depth/irq nesting/7") || Chance(n) < 0.03) continue;
    const auto hits = static_cast<int64_t>(std::exp(Chance(n + 1000) * 19)) + 1;
    data.cells.push_back(
        {name, hits, n % 3 == 0 ? "mixed" : "pkmap", std::exp(Chance(n + 2000) * 13), kLine});
  }
  std::sort(data.cells.begin(), data.cells.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  InventFindings(&data);
  InventSamples(&data);
  InventRuns(&data);
  return data;
}

std::string ExecuteForTest(const std::string& dir, const std::string& sql) {
  sqlite3* db = nullptr;
  char* message = nullptr;
  std::string error;
  if (sqlite3_open((dir + "/" + kCampaignStore).c_str(), &db) != SQLITE_OK ||
      sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &message) != SQLITE_OK)
    error = sqlite3_errmsg(db);
  sqlite3_free(message);
  sqlite3_close(db);
  return error;
}

std::string WriteStoreForTest(const std::string& dir, const CampaignData& data) {
  std::string sql = std::string("BEGIN;") + kCampaignTables +
                    Insert("meta", "format", kCampaignFormat) +
                    Insert("meta", "created", std::to_string(data.created));
  for (const auto& r : data.runs)
    sql += Insert("run", r.id, r.target, r.engine, r.seed, r.version, r.begun, r.seconds,
                  r.executions, r.steps, r.state, "");
  for (const auto& s : data.samples)
    sql += Insert("sample", s.at, s.executions, s.features, s.cells, s.corpus, s.findings);
  for (const auto& c : data.cells) sql += Insert("cell", c.name, c.hits, c.target, c.at, c.trace);
  for (const auto& f : data.findings)
    sql += Insert("finding", f.key, f.rule, f.target, f.version, f.at, f.times, f.state, f.raw,
                  f.minimized, f.report);
  return ExecuteForTest(dir, sql + "COMMIT;");
}

}  // namespace highmem
