#include "highmem/campaign/store.h"

#include <sqlite3.h>
#include <sys/random.h>

#include <cstdio>
#include <cstring>

#include "highmem/campaign/schema.h"

namespace highmem {
namespace {

constexpr int kBusyMilliseconds = 10'000;

uint64_t Grown(const std::map<std::string, uint64_t>& before, const std::string& name,
               uint64_t now) {
  const auto it = before.find(name);
  const uint64_t old = it == before.end() ? 0 : it->second;
  return now > old ? now - old : 0;
}

}  // namespace

std::string RandomId() {
  uint64_t random = 0;
  while (getrandom(&random, sizeof(random), 0) != sizeof(random)) {
  }
  char text[17];
  std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(random));
  return text;
}

// A prepared statement; parameters are bound in order.
class Store::Statement {
 public:
  Statement(Store* store, const char* sql) : store_(*store) {
    ok_ = sqlite3_prepare_v2(store_.db_, sql, -1, &statement_, nullptr) == SQLITE_OK;
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;

  Statement& Text(const std::string& value) {
    const int size = static_cast<int>(value.size());
    ok_ = ok_ && sqlite3_bind_text(statement_, ++bound_, value.data(), size, SQLITE_TRANSIENT) ==
                     SQLITE_OK;
    return *this;
  }
  Statement& Int(uint64_t value) {
    const auto number = static_cast<sqlite3_int64>(value);
    ok_ = ok_ && sqlite3_bind_int64(statement_, ++bound_, number) == SQLITE_OK;
    return *this;
  }
  Statement& Real(double value) {
    ok_ = ok_ && sqlite3_bind_double(statement_, ++bound_, value) == SQLITE_OK;
    return *this;
  }
  // True while there are rows; afterwards ok() says whether all went well.
  bool Next() {
    const int code = ok_ ? sqlite3_step(statement_) : SQLITE_ERROR;
    ok_ = ok_ && (code == SQLITE_ROW || code == SQLITE_DONE);
    return code == SQLITE_ROW;
  }
  bool Done(std::string* error) {
    while (Next()) {
    }
    return ok_ || store_.Fail(error);
  }
  bool ok() const { return ok_; }
  std::string TextAt(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return text == nullptr
               ? std::string()
               : std::string(text, static_cast<size_t>(sqlite3_column_bytes(statement_, column)));
  }
  uint64_t IntAt(int column) const {
    return static_cast<uint64_t>(sqlite3_column_int64(statement_, column));
  }
  double RealAt(int column) const { return sqlite3_column_double(statement_, column); }

 private:
  Store& store_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
  bool ok_ = false;
};

// Undone unless Commit was reached.
class Store::Transaction {
 public:
  explicit Transaction(Store* store) : store_(*store) {}
  ~Transaction() {
    if (open_) sqlite3_exec(store_.db_, "ROLLBACK", nullptr, nullptr, nullptr);
  }
  bool Begin(std::string* error) {
    open_ = store_.Exec("BEGIN IMMEDIATE", error);
    return open_;
  }
  bool Commit(std::string* error) {
    if (!store_.Exec("COMMIT", error)) return false;
    open_ = false;
    return true;
  }

 private:
  Store& store_;
  bool open_ = false;
};

Store::~Store() { sqlite3_close(db_); }

bool Store::Fail(std::string* error) const {
  *error = path_ + ": " + sqlite3_errmsg(db_);
  return false;
}

bool Store::Exec(const char* sql, std::string* error) {
  return sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK || Fail(error);
}

std::unique_ptr<Store> Store::Open(const std::string& dir, std::string* error) {
  const std::string path = dir + "/" + kCampaignStore;
  sqlite3* db = nullptr;
  const int code = sqlite3_open(path.c_str(), &db);
  std::unique_ptr<Store> store(new Store(db, path));
  if (code != SQLITE_OK) {
    store->Fail(error);
    return nullptr;
  }
  sqlite3_busy_timeout(db, kBusyMilliseconds);
  // The process may be killed, the machine rarely dies: that the system has it is enough.
  if (!store->Exec("PRAGMA synchronous=NORMAL", error) || !store->CheckFormat(error))
    return nullptr;
  return store;
}

bool Store::CheckFormat(std::string* error) {
  Transaction transaction(this);
  if (!transaction.Begin(error)) return false;
  Statement tables(this, "SELECT count(*) FROM sqlite_master");
  if (!tables.Next()) return Fail(error);
  if (tables.IntAt(0) == 0) {
    if (!Exec(kCampaignTables, error)) return false;
    const char* insert = "INSERT INTO meta VALUES(?, ?)";
    Statement format(this, insert), id(this, insert), seconds(this, insert),
        created(this, "INSERT INTO meta VALUES('created', strftime('%s', 'now'))");
    return format.Text("format").Text(kCampaignFormat).Done(error) &&
           id.Text("id").Text(RandomId()).Done(error) &&
           seconds.Text("seconds").Text("0").Done(error) && created.Done(error) &&
           transaction.Commit(error);
  }
  Statement format(this, "SELECT value FROM meta WHERE key = 'format'");
  if (format.Next() && format.TextAt(0) == kCampaignFormat) return true;
  *error = path_ + ": expected a store of format '" + kCampaignFormat + "', found another file";
  return false;
}

std::string Store::Id() {
  Statement select(this, "SELECT value FROM meta WHERE key = 'id'");
  return select.Next() ? select.TextAt(0) : "";
}

bool Store::BeginRun(const Run& run, std::string* error) {
  Statement insert(this,
                   "INSERT INTO run(id, target, engine, seed, version, begun, state) "
                   "VALUES(?, ?, ?, ?, ?, strftime('%s', 'now'), 'running')");
  return insert.Text(run.id)
      .Text(run.target)
      .Text(run.engine)
      .Int(run.seed)
      .Text(run.version)
      .Done(error);
}

bool Store::FindRun(const std::string& id, Run* run, FuzzStatus* status, std::string* error) {
  Statement select(this, "SELECT target, version, status FROM run WHERE id = ?");
  if (!select.Text(id).Next()) {
    *error = path_ + ": no run " + id;
    return select.ok() ? false : Fail(error);
  }
  run->id = id;
  run->target = select.TextAt(0);
  run->version = select.TextAt(1);
  ParseStatus(select.TextAt(2), status);
  return true;
}

bool Store::Absorb(const std::string& id, double at, const Progress& now, std::string* error) {
  Transaction transaction(this);
  Run run;
  FuzzStatus before;
  if (!transaction.Begin(error) || !FindRun(id, &run, &before, error) ||
      !AbsorbCells(run, at, before, now, error) || !AbsorbFindings(run, at, before, now, error))
    return false;
  Statement update(this,
                   "UPDATE run SET seconds = ?, executions = max(executions, ?), "
                   "steps = max(steps, ?), state = ?, status = ? WHERE id = ?");
  // A run that is over is not told again. What it hit behind its last status counts once.
  const bool over = std::strcmp(now.state, "running") != 0;
  for (const FirstHit& hit : now.first_hits) {
    Statement once(this, "UPDATE cell SET hits = 1 WHERE name = ? AND hits = 0");
    if (over && !once.Text(hit.cell).Done(error)) return false;
  }
  return update.Real(now.seconds)
             .Int(now.status.executions)
             .Int(now.status.steps)
             .Text(now.state)
             .Text(over ? "" : PrintStatus(now.status))
             .Text(id)
             .Done(error) &&
         transaction.Commit(error);
}

bool Store::AbsorbCells(const Run& run, double at, const FuzzStatus& before, const Progress& now,
                        std::string* error) {
  for (const FirstHit& hit : now.first_hits) {
    Statement insert(this, "INSERT OR IGNORE INTO cell VALUES(?, 0, ?, ?, ?)");
    if (!insert.Text(hit.cell).Text(run.target).Real(at).Text(hit.trace).Done(error)) return false;
  }
  for (const auto& [name, hits] : now.status.cells) {
    const uint64_t grown = Grown(before.cells, name, hits);
    if (grown == 0) continue;
    Statement update(this, "UPDATE cell SET hits = hits + ? WHERE name = ?");
    if (!update.Int(grown).Text(name).Done(error)) return false;
  }
  return true;
}

bool Store::AbsorbFindings(const Run& run, double at, const FuzzStatus& before, const Progress& now,
                           std::string* error) {
  for (const auto& [key, trace] : now.traces) {
    Statement insert(this,
                     "INSERT OR IGNORE INTO finding VALUES(?, ?, ?, ?, ?, 0, 'new', ?, '', '')");
    insert.Text(key).Text(key.substr(0, key.find('/'))).Text(run.target).Text(run.version);
    if (!insert.Real(at).Text(trace).Done(error)) return false;
  }
  for (const auto& [key, times] : now.status.findings) {
    const uint64_t grown = Grown(before.findings, key, times);
    if (grown == 0) continue;
    Statement update(this, "UPDATE finding SET times = times + ? WHERE key = ?");
    if (!update.Int(grown).Text(key).Done(error)) return false;
  }
  return true;
}

bool Store::AddSample(const Sample& sample, std::string* error) {
  Statement insert(this,
                   "INSERT INTO sample SELECT ?, (SELECT coalesce(sum(executions), 0) FROM run), "
                   "?, (SELECT count(*) FROM cell), ?, (SELECT count(*) FROM finding)");
  return insert.Real(sample.at).Int(sample.features).Int(sample.corpus).Done(error);
}

bool Store::SetSeconds(double seconds, std::string* error) {
  Statement update(this, "UPDATE meta SET value = ? WHERE key = 'seconds'");
  return update.Text(std::to_string(seconds)).Done(error);
}

bool Store::SetTrimmed(const std::string& target, uint64_t inputs, std::string* error) {
  Statement update(this, "INSERT OR REPLACE INTO meta VALUES('trimmed ' || ?, ?)");
  return update.Text(target).Text(std::to_string(inputs)).Done(error);
}

bool Store::GetTrimmed(const std::string& target, uint64_t* inputs, std::string* error) {
  Statement select(this, "SELECT value + 0 FROM meta WHERE key = 'trimmed ' || ?");
  *inputs = select.Text(target).Next() ? select.IntAt(0) : 0;
  return select.ok() || Fail(error);
}

bool Store::SetFinding(const std::string& key, const char* state, const std::string& minimized,
                       const std::string& report, std::string* error) {
  Statement update(this, "UPDATE finding SET state = ?, minimized = ?, report = ? WHERE key = ?");
  return update.Text(state).Text(minimized).Text(report).Text(key).Done(error);
}

bool Store::NewFindings(std::vector<Finding>* findings, std::string* error) {
  findings->clear();
  Statement select(this, "SELECT key, target, raw FROM finding WHERE state = 'new' ORDER BY at");
  while (select.Next()) findings->push_back({select.TextAt(0), select.TextAt(1), select.TextAt(2)});
  return select.ok() || Fail(error);
}

bool Store::Findings(std::vector<FindingState>* findings, std::string* error) {
  findings->clear();
  Statement select(this, "SELECT key, state FROM finding ORDER BY at DESC, key LIMIT 12");
  while (select.Next()) findings->push_back({select.TextAt(0), select.TextAt(1)});
  return select.ok() || Fail(error);
}

bool Store::RunningRuns(std::vector<Run>* runs, std::string* error) {
  runs->clear();
  Statement select(this,
                   "SELECT id, target, engine, seed, version FROM run "
                   "WHERE state = 'running' ORDER BY begun, id");
  while (select.Next())
    runs->push_back(
        {select.TextAt(0), select.TextAt(1), select.TextAt(2), select.IntAt(3), select.TextAt(4)});
  return select.ok() || Fail(error);
}

bool Store::GetTotals(Totals* totals, std::string* error) {
  Statement select(this,
                   "SELECT (SELECT coalesce(sum(executions), 0) FROM run), "
                   "(SELECT coalesce(sum(steps), 0) FROM run), (SELECT count(*) FROM cell), "
                   "(SELECT count(*) FROM finding), "
                   "(SELECT count(*) FROM finding WHERE state = 'new'), "
                   "(SELECT value + 0.0 FROM meta WHERE key = 'seconds')");
  if (!select.Next()) return Fail(error);
  *totals = {select.IntAt(0), select.IntAt(1), select.IntAt(2),
             select.IntAt(3), select.IntAt(4), select.RealAt(5)};
  return true;
}

bool Store::Merge(const std::string& other_dir, std::string* error) {
  {  // ATTACH would make a store where there is none, and lock this one against itself.
    const auto other = Open(other_dir, error);
    if (other == nullptr) return false;
    if (other->Id() == Id()) {
      *error = other_dir + ": is this very campaign";
      return false;
    }
  }
  Statement attach(this, "ATTACH ? AS other");
  if (!attach.Text(other_dir + "/" + kCampaignStore).Done(error)) return false;
  const bool merged = MergeAttached(error);
  std::string ignored;
  Exec("DETACH other", &ignored);
  return merged;
}

bool Store::MergeAttached(std::string* error) {
  // What `seen` says of the other campaign is what counted last time.
  constexpr const char* kMerge = R"(
INSERT INTO run(id, target, engine, seed, version, begun, seconds, executions, steps, state)
  SELECT id, target, engine, seed, version, begun, seconds, executions, steps, 'ended'
  FROM other.run WHERE true
  ON CONFLICT(id) DO UPDATE SET seconds = max(seconds, excluded.seconds),
    executions = max(executions, excluded.executions), steps = max(steps, excluded.steps);
INSERT OR IGNORE INTO cell SELECT name, 0, target, at, trace FROM other.cell;
INSERT OR IGNORE INTO finding SELECT key, rule, target, version, at, 0,
    CASE state WHEN 'minimizing' THEN 'new' ELSE state END, raw, minimized, report
  FROM other.finding;
CREATE TEMP TABLE fresh AS
  SELECT (SELECT value FROM other.meta WHERE key = 'id') AS source, 'cell' AS kind, name,
    hits AS number FROM other.cell
  UNION ALL SELECT (SELECT value FROM other.meta WHERE key = 'id'), 'finding', key, times
    FROM other.finding;
UPDATE cell SET hits = hits + (SELECT f.number - coalesce(s.number, 0) FROM fresh f
    LEFT JOIN seen s USING(source, kind, name) WHERE f.kind = 'cell' AND f.name = cell.name)
  WHERE name IN (SELECT name FROM fresh WHERE kind = 'cell');
UPDATE finding SET times = times + (SELECT f.number - coalesce(s.number, 0) FROM fresh f
    LEFT JOIN seen s USING(source, kind, name) WHERE f.kind = 'finding' AND f.name = finding.key)
  WHERE key IN (SELECT name FROM fresh WHERE kind = 'finding');
INSERT OR REPLACE INTO seen SELECT * FROM fresh;
DROP TABLE fresh;
)";
  Transaction transaction(this);
  if (!transaction.Begin(error)) return false;
  return Exec(kMerge, error) && transaction.Commit(error);
}

}  // namespace highmem
