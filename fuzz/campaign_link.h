// The fuzzer's side of a campaign: a finding does not end the process, and what it has done so far
// is told in files (highmem/campaign/status.h).
#ifndef HIGHMEM_FUZZ_CAMPAIGN_LINK_H_
#define HIGHMEM_FUZZ_CAMPAIGN_LINK_H_

#include <sys/types.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "highmem/campaign/status.h"
#include "highmem/coverage/state_cells.h"
#include "highmem/trace/trace.h"
#include "highmem/verdict/finding.h"

namespace highmem {

class CampaignLink {
 public:
  // Null unless $HIGHMEM_CAMPAIGN names a directory.
  static CampaignLink* Get();

  // Of an execution: which cells it comes through.
  void Begin(const Executor& executor) { cells_.Begin(executor); }
  void OnStep(std::span<const Event> events) { cells_.OnStep(events); }
  // It has come through a cell that none before it did.
  bool HasFirstHit() const {
    return std::any_of(cells_.hit().begin(), cells_.hit().end(),
                       [this](uint16_t cell) { return hits_[cell] == 0; });
  }
  // It was `trace`, made of `input`. Files are written when it is time.
  void EndExecution(const Trace& trace, uint64_t steps, std::span<const uint8_t> input);
  // It failed. The first of a kind is written down, all are counted.
  void Found(const Trace& trace, const Finding& finding);
  void WriteStatus();
  // What an input reaches is told of each: one execution is one run.
  bool notes_inputs() const { return notes_inputs_; }

 private:
  explicit CampaignLink(std::string dir);
  void NoteInput(std::span<const uint8_t> input);
  void NoteFirst(const Trace& trace, uint16_t cell);
  // With the numbers of the process before: AFL++ forks a target, and again when that child has
  // ended.
  void GoOn();
  // Unless ok, the error to stderr, and the process ends: a campaign must know that its disk is
  // full.
  static void Check(bool ok, const std::string& error);

  const std::string dir_;
  const bool notes_inputs_;
  FuzzStatus status_;
  std::vector<uint8_t> hit_now_;  // by cell, in this execution
  StateCells cells_;
  std::vector<uint64_t> hits_;  // by cell, in how many executions
  pid_t process_;
  std::chrono::steady_clock::time_point due_;
};

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_CAMPAIGN_LINK_H_
