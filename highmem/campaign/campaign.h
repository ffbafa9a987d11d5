// Fuzzing for hours and weeks: independent processes of a fuzzer, whose findings do not end them,
// and what they found, kept in a directory that survives whatever is killed.
//
//   DIR/campaign.db      what is known (campaign/store.h)
//   DIR/corpus/TARGET    inputs, shared by all processes of a target, trimmed when it has grown
//   DIR/runs/ID          of a process that runs now (campaign/status.h), and its output
//   DIR/minimize         a finding that is being minimized
//   DIR/crashes          what made the harness crash, or a trim fail: output and input
//   DIR/lock             held by the one writer
#ifndef HIGHMEM_CAMPAIGN_CAMPAIGN_H_
#define HIGHMEM_CAMPAIGN_CAMPAIGN_H_

#include <functional>
#include <string>
#include <vector>

#include "highmem/campaign/store.h"

namespace highmem {

struct CampaignTarget {
  std::string name;    // of its corpus
  std::string binary;  // a fuzz target of //fuzz, or a mutant; for AFL++ one of ci/afl --build
};

struct CampaignOptions {
  std::string dir;
  std::vector<CampaignTarget> targets = {};
  std::string engine = "libfuzzer";  // or "afl++"
  double seconds = 3600;             // of the campaign, all sessions together
  int jobs = 1;                      // processes at a time; a minimization goes beside them
  double round = 60;                 // seconds a process runs before the next target's turn
  std::string hm;                    // the program whose `minimize` goes with the targets
  double minimize = 60;              // seconds a minimization may take
  const volatile bool* stop = nullptr;
};

// How things stand, for a screen.
struct CampaignView {
  std::string dir;
  Store::Totals totals;
  double seconds = 0;     // of the campaign, asked for
  double rate = 0;        // executions a second, lately
  uint64_t features = 0;  // campaign/engine.h
  uint64_t corpus = 0;
  std::vector<std::string> running;           // targets, and "minimize KEY"
  std::vector<Store::FindingState> findings;  // the newest, newest first
};

// Goes on where the directory stands, until its seconds are over or *stop. `show` is called about
// once a second. False and a sentence in *error if it cannot go on: another campaign has the
// directory, no such target, a target that ends at once, a full disk; what was known stays.
bool RunCampaign(const CampaignOptions& options,
                 const std::function<void(const CampaignView&)>& show, std::string* error);

}  // namespace highmem

#endif  // HIGHMEM_CAMPAIGN_CAMPAIGN_H_
