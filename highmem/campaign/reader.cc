#include "highmem/campaign/reader.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <cerrno>
#include <cmath>
#include <cstring>

#include "highmem/campaign/schema.h"
#include "highmem/report/plain_text.h"

namespace highmem {
namespace {

constexpr int kBusyMilliseconds = 10'000;

// A connection that cannot write. After the first error all queries are empty.
class Store {
 public:
  explicit Store(const std::string& path) {
    if (sqlite3_open_v2(path.c_str(), &db_, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK)
      Fail(Message());
    else
      sqlite3_busy_timeout(db_, kBusyMilliseconds);
  }
  ~Store() {
    sqlite3_finalize(query_);
    sqlite3_close(db_);
  }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  const std::string& error() const { return error_; }
  void Fail(const std::string& error) {
    if (error_.empty()) error_ = error;
  }

  // Begins a query; rows follow by Next. `table` is for the error.
  void Query(const char* table, const char* sql) {
    sqlite3_finalize(query_);
    query_ = nullptr;
    table_ = table;
    row_ = 0;
    if (!error_.empty()) return;
    if (sqlite3_prepare_v2(db_, sql, -1, &query_, nullptr) != SQLITE_OK) Fail(Message());
  }
  bool Next() {
    if (!error_.empty()) return false;
    const int status = sqlite3_step(query_);
    if (status != SQLITE_ROW && status != SQLITE_DONE) Fail(Message());
    column_ = 0;
    row_++;
    return status == SQLITE_ROW;
  }

  // The columns of a row, from left to right.
  void Take(int64_t* out) {
    TakeSigned(out);
    if (*out < 0) FailAt(column_ - 1, "expected a number that is not negative");
  }
  void TakeSigned(int64_t* out) {
    Expect(SQLITE_INTEGER, SQLITE_INTEGER, "an integer");
    *out = sqlite3_column_int64(query_, column_++);
  }
  void Take(double* out) {
    Expect(SQLITE_FLOAT, SQLITE_INTEGER, "a number");
    *out = sqlite3_column_double(query_, column_++);
    if (!std::isfinite(*out) || *out < 0)
      FailAt(column_ - 1, "expected a time that is not negative");
  }
  void Take(std::string* out) {
    Expect(SQLITE_TEXT, SQLITE_TEXT, "a text");
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(query_, column_));
    if (text != nullptr) out->assign(text, sqlite3_column_bytes(query_, column_));
    column_++;
  }

 private:
  void Expect(int type, int other, const char* what) {
    const int found = sqlite3_column_type(query_, column_);
    if (found != type && found != other) FailAt(column_, std::string("expected ") + what);
  }
  void FailAt(int column, const std::string& what) {
    Fail("table " + std::string(table_) + ", row " + std::to_string(row_) + ": " + what + " as " +
         sqlite3_column_name(query_, column));
  }
  std::string Message() const {
    return "cannot read: " + std::string(db_ == nullptr ? "no memory" : sqlite3_errmsg(db_));
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* query_ = nullptr;
  const char* table_ = "";
  int row_ = 0;
  int column_ = 0;
  std::string error_;
};

void ReadMeta(Store& store, CampaignData* data) {
  store.Query("sqlite_master", "SELECT 1 FROM sqlite_master WHERE type='table' AND name='meta'");
  if (!store.Next())
    return store.Fail("expected the store of a campaign, found another database or none");
  std::string format;
  store.Query("meta", "SELECT value FROM meta WHERE key='format'");
  if (store.Next()) store.Take(&format);
  if (format != kCampaignFormat)
    store.Fail("expected format '" + std::string(kCampaignFormat) + "', found '" +
               Printable(format.substr(0, 40)) + "'");
  store.Query("meta", "SELECT CAST(value AS INTEGER) FROM meta WHERE key='created'");
  if (store.Next()) store.Take(&data->created);
}

void ReadRuns(Store& store, CampaignData* data) {
  store.Query("run",
              "SELECT id, target, engine, seed, version, begun, seconds, executions, steps, state "
              "FROM run ORDER BY begun DESC, id");
  while (store.Next()) {
    CampaignData::Run& run = data->runs.emplace_back();
    store.Take(&run.id);
    store.Take(&run.target);
    store.Take(&run.engine);
    store.TakeSigned(&run.seed);
    store.Take(&run.version);
    store.Take(&run.begun);
    store.Take(&run.seconds);
    store.Take(&run.executions);
    store.Take(&run.steps);
    store.Take(&run.state);
  }
}

void ReadSamples(Store& store, CampaignData* data) {
  store.Query("sample",
              "SELECT at, executions, features, cells, corpus, findings FROM sample "
              "ORDER BY at, executions");
  while (store.Next()) {
    CampaignData::Sample& sample = data->samples.emplace_back();
    store.Take(&sample.at);
    store.Take(&sample.executions);
    store.Take(&sample.features);
    store.Take(&sample.cells);
    store.Take(&sample.corpus);
    store.Take(&sample.findings);
  }
}

void ReadCells(Store& store, CampaignData* data) {
  store.Query("cell", "SELECT name, hits, target, at, trace FROM cell ORDER BY name");
  while (store.Next()) {
    CampaignData::Cell& cell = data->cells.emplace_back();
    store.Take(&cell.name);
    store.Take(&cell.hits);
    store.Take(&cell.target);
    store.Take(&cell.at);
    store.Take(&cell.trace);
  }
}

void ReadFindings(Store& store, CampaignData* data) {
  store.Query("finding",
              "SELECT key, rule, target, version, at, times, state, raw, minimized, report "
              "FROM finding ORDER BY at DESC, key");
  while (store.Next()) {
    CampaignData::Finding& finding = data->findings.emplace_back();
    store.Take(&finding.key);
    store.Take(&finding.rule);
    store.Take(&finding.target);
    store.Take(&finding.version);
    store.Take(&finding.at);
    store.Take(&finding.times);
    store.Take(&finding.state);
    store.Take(&finding.raw);
    store.Take(&finding.minimized);
    store.Take(&finding.report);
  }
}

}  // namespace

bool ReadCampaign(const std::string& dir, CampaignData* data, std::string* error) {
  *data = {};
  struct stat info;
  if (stat(dir.c_str(), &info) != 0) {
    *error = dir + ": cannot open: " + std::strerror(errno);
    return false;
  }
  if (!S_ISDIR(info.st_mode)) {
    *error = dir + ": expected the directory of a campaign, found a file";
    return false;
  }
  const std::string path = dir + "/" + kCampaignStore;
  if (stat(path.c_str(), &info) != 0) {
    *error = dir + ": expected the directory of a campaign, found no " + kCampaignStore + " in it";
    return false;
  }
  Store store(path);
  store.Query("", "BEGIN");  // all tables as they are at one moment
  store.Next();
  ReadMeta(store, data);
  ReadRuns(store, data);
  ReadSamples(store, data);
  ReadCells(store, data);
  ReadFindings(store, data);
  if (!store.error().empty()) {
    *error = path + ": " + Printable(store.error());
    *data = {};
    return false;
  }
  data->directory = dir;
  return true;
}

}  // namespace highmem
