// Where the shrinker tries things: runs traces, tells the failure it is after from others, which it
// keeps, and says when it is time to stop.
#ifndef HIGHMEM_SHRINK_LAB_H_
#define HIGHMEM_SHRINK_LAB_H_

#include <chrono>
#include <cstdint>
#include <vector>

#include "highmem/schedule/replay.h"
#include "highmem/shrink/search.h"
#include "highmem/shrink/shrink.h"
#include "highmem/shrink/size.h"
#include "highmem/trace/executor.h"
#include "highmem/verdict/judge.h"

namespace highmem {

class Lab {
 public:
  explicit Lab(const ShrinkOptions& options)
      : options_(options), judge_(options.judge), start_(std::chrono::steady_clock::now()) {}

  // Runs the trace by its decisions.
  Finding Run(const Trace& trace);
  // How many ops of the trace have begun in that run when it ends.
  uint32_t OpsBegun(const Trace& trace);
  // The first failing run of the trace's own schedule, whatever its kind: rewrites the schedule to
  // decisions. kNone if no run fails.
  Finding FirstFailure(Trace* trace);

  // What is looked for from now on: the same failure, in an op that can be read if this one can.
  void Want(const Finding& finding, const Trace& trace);

  // True if the trace fails as wanted; its decisions become `after N`, those that fire.
  bool Fails(Trace* trace);
  // True if some schedule of few decisions makes the program fail as wanted; it becomes the
  // trace's. *complete: there is none that fails so with at most `max_decisions`.
  bool FailsSomehow(Trace* trace, uint64_t max_states, int max_decisions, bool* complete);
  // The same with seeded random schedules; the program alone decides on the seeds.
  bool FailsAtRandom(Trace* trace, int schedules);

  // Budget used up or told to stop.
  bool Stopped() const;
  uint64_t runs() const { return runs_; }
  uint64_t states() const { return states_; }
  double seconds() const;
  Executor& executor() { return executor_; }
  // What another process has done for this one.
  void Count(uint64_t runs, uint64_t states) {
    runs_ += runs;
    states_ += states;
  }
  std::vector<OtherFailure>& others() { return others_; }
  uint64_t others_noted() const { return others_noted_; }  // how often these have changed

 private:
  void NoteOther(const Finding& finding, const Trace& trace);

  const ShrinkOptions& options_;
  Executor executor_;
  Judge judge_;
  ReplayChooser replay_;
  Finding wanted_;
  bool wants_op_ = false;
  uint64_t runs_ = 0;
  uint64_t states_ = 0;
  std::vector<OtherFailure> others_;
  uint64_t others_noted_ = 0;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace highmem

#endif  // HIGHMEM_SHRINK_LAB_H_
