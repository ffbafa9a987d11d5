// What the store of a fuzzing campaign holds, for whoever shows it. Only reads: the campaign may go
// on meanwhile.
#ifndef HIGHMEM_CAMPAIGN_READER_H_
#define HIGHMEM_CAMPAIGN_READER_H_

#include <cstdint>
#include <string>
#include <vector>

namespace highmem {

// Times named `at` are seconds that the campaign has fuzzed, over all its sessions. Texts are as
// they were stored: any bytes.
struct CampaignData {
  struct Run {  // one process of a fuzzer
    std::string id, target, engine, version;
    int64_t seed = 0;
    int64_t begun = 0;  // seconds since 1970
    double seconds = 0;
    int64_t executions = 0, steps = 0;
    std::string state;  // running, ended, killed
  };
  struct Sample {  // sums over all targets
    double at = 0;
    int64_t executions = 0, features = 0, cells = 0, corpus = 0, findings = 0;
  };
  struct Cell {  // a cell that was hit
    std::string name;
    int64_t hits = 0;
    std::string target;  // that hit it first
    double at = 0;       // and when
    std::string trace;   // and by what, in one line
  };
  struct Finding {
    std::string key;  // RULE/OP/ROLE/PROFILE
    std::string rule, target, version;
    double at = 0;  // first seen
    int64_t times = 0;
    std::string state;           // new, minimizing, minimized, unstable
    std::string raw, minimized;  // traces as text, the second empty until there is one
    std::string report;          // as `hm minimize` prints it
  };

  std::string directory;
  int64_t created = 0;            // seconds since 1970
  std::vector<Run> runs;          // the latest first
  std::vector<Sample> samples;    // by time
  std::vector<Cell> cells;        // by name
  std::vector<Finding> findings;  // the newest first
};

// Reads DIR/campaign.db as it is at one moment. On false *data is empty and *error one line that
// begins with the path: no such directory, no store in it, a store of another format, a damaged
// one. Changes nothing in the store.
bool ReadCampaign(const std::string& dir, CampaignData* data, std::string* error);

}  // namespace highmem

#endif  // HIGHMEM_CAMPAIGN_READER_H_
