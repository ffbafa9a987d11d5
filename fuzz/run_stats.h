// What a fuzz target counts about its executions, for the progress line and the summary.
#ifndef HIGHMEM_FUZZ_RUN_STATS_H_
#define HIGHMEM_FUZZ_RUN_STATS_H_

#include <chrono>
#include <cstdint>
#include <span>

#include "highmem/trace/executor.h"

namespace highmem {

// Totals of this process. "Inside a call" means: an interrupt entered while its CPU's task was
// between the begin and the end of an op.
class RunStats {
 public:
  void BeginExecution(uint32_t ops_kept, uint32_t ops_skipped);
  void OnEvents(const Executor& executor, std::span<const Event> events);
  void EndExecution(uint64_t steps, bool finding);

  // One line on stderr every few seconds, and a summary.
  void PrintProgressIfDue();
  void PrintSummary() const;

 private:
  struct Seen {
    bool sleep = false;
    bool sweep = false;
    bool irq_inside_call = false;
  };
  double Seconds() const;

  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double next_progress_ = 2;
  uint64_t executions_ = 0;
  uint64_t steps_ = 0;
  uint64_t ops_kept_ = 0;
  uint64_t ops_skipped_ = 0;
  uint64_t with_sleep_ = 0;
  uint64_t with_sweep_ = 0;
  uint64_t with_irq_inside_ = 0;
  uint64_t findings_ = 0;
  Seen seen_;
};

}  // namespace highmem

#endif  // HIGHMEM_FUZZ_RUN_STATS_H_
