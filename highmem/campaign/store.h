// What a campaign knows, in DIR/campaign.db (SQLite). All changes of one call are one transaction:
// whoever is killed at any moment finds all of them or none.
//
//   meta     format, id, created, seconds: how long the campaign has fuzzed, all sessions together;
//            "trimmed TARGET": inputs that were left when its corpus was trimmed last
//   run      one fuzzer process each: target, seed, version of its binary, executions
//   sample   coverage over time
//   cell     cells hit: how often, by whom first, and the first trace
//   finding  failures by key (verdict/failure_key.h): first trace, minimized trace, report
//   seen     what of another campaign was merged already
#ifndef HIGHMEM_CAMPAIGN_STORE_H_
#define HIGHMEM_CAMPAIGN_STORE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "highmem/campaign/status.h"

struct sqlite3;

namespace highmem {

// A campaign's random names, of a run or of itself: 16 hexadecimal digits.
std::string RandomId();

class Store {
 public:
  struct Run {
    std::string id;
    std::string target;
    std::string engine;
    uint64_t seed = 0;
    std::string version;
  };
  struct Progress {                 // of a run, so far
    double seconds = 0;             // it has run
    const char* state = "running";  // running | ended | killed
    FuzzStatus status;
    std::vector<FirstHit> first_hits;
    std::map<std::string, std::string> traces;  // by failure key, the first trace as text
  };
  struct Finding {
    std::string key;
    std::string target;
    std::string raw;
  };
  struct FindingState {
    std::string key;
    std::string state;  // new | minimized | unstable: the minimizer's program did not see it fail
  };
  struct Sample {
    double at = 0;  // seconds of the campaign
    uint64_t features = 0;
    uint64_t corpus = 0;  // inputs
  };
  struct Totals {
    uint64_t executions = 0;
    uint64_t steps = 0;
    uint64_t cells = 0;
    uint64_t findings = 0;
    uint64_t to_minimize = 0;
    double seconds = 0;
  };

  // Opens the store of the directory, which must exist, or makes one. Null and a sentence in *error
  // if that cannot be: no such directory, another program's file, a damaged or a newer one.
  static std::unique_ptr<Store> Open(const std::string& dir, std::string* error);
  ~Store();

  // All of these: false and a sentence in *error (a full disk, a damaged file), and nothing has
  // changed.
  bool BeginRun(const Run& run, std::string* error);
  // Takes over what is new since the last time; may be told the same again and again.
  bool Absorb(const std::string& run, double at, const Progress& progress, std::string* error);
  bool AddSample(const Sample& sample, std::string* error);
  bool SetSeconds(double seconds, std::string* error);
  bool SetTrimmed(const std::string& target, uint64_t inputs, std::string* error);
  bool GetTrimmed(const std::string& target, uint64_t* inputs, std::string* error);  // 0: never
  bool SetFinding(const std::string& key, const char* state, const std::string& minimized,
                  const std::string& report, std::string* error);
  // Findings nobody has minimized yet, oldest first.
  bool NewFindings(std::vector<Finding>* findings, std::string* error);
  // The newest twelve.
  bool Findings(std::vector<FindingState>* findings, std::string* error);
  bool RunningRuns(std::vector<Run>* runs, std::string* error);
  bool GetTotals(Totals* totals, std::string* error);
  // Adds what another campaign has that was not merged before (merge.h has the rest).
  bool Merge(const std::string& other_dir, std::string* error);

 private:
  class Statement;
  class Transaction;

  Store(sqlite3* db, std::string path) : db_(db), path_(std::move(path)) {}
  bool Exec(const char* sql, std::string* error);
  bool Fail(std::string* error) const;
  bool CheckFormat(std::string* error);
  std::string Id();
  bool MergeAttached(std::string* error);
  bool AbsorbCells(const Run& run, double at, const FuzzStatus& before, const Progress& now,
                   std::string* error);
  bool AbsorbFindings(const Run& run, double at, const FuzzStatus& before, const Progress& now,
                      std::string* error);
  bool FindRun(const std::string& id, Run* run, FuzzStatus* status, std::string* error);

  sqlite3* const db_;
  const std::string path_;
};

}  // namespace highmem

#endif  // HIGHMEM_CAMPAIGN_STORE_H_
