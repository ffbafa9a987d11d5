// Turns a run into a trace: whatever made the choices, the recorded decisions make them again.
//
// A replay of the recording gives the same event stream, byte for byte. Where the trace has
// any(...) with more than one page, or `loop`, no list of decisions can say which page was chosen
// in which round: there the recorded trace has the page in place of any(...), and the rounds in
// place of the loop. Its stream is the same but for the micro-steps `choose` and `loop` that are
// gone and for the numbers of ops. One limit remains: a handler that ran more than once keeps, for
// every run, the pages chosen last.
#ifndef HIGHMEM_SCHEDULE_RECORD_H_
#define HIGHMEM_SCHEDULE_RECORD_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "highmem/schedule/default_order.h"
#include "highmem/schedule/explore.h"
#include "highmem/trace/chooser.h"
#include "highmem/trace/executor.h"
#include "highmem/trace/trace.h"

namespace highmem {

// Answers what `inner` answers, and keeps it.
class RecordChooser : public Chooser {
 public:
  explicit RecordChooser(Chooser& inner) : inner_(inner) {}
  void Begin(const Executor& executor) override;
  Move NextMove(const Executor& executor, MoveMask enabled) override;
  uint32_t NextValue(const Executor& executor, const Move& move, uint32_t n) override;

  // One for each answer of `inner` that differs from the default order's: `after N -> TARGET`.
  const std::vector<Decision>& decisions() const { return decisions_; }
  // Every move of the run.
  const std::vector<Choice>& path() const { return path_; }

 private:
  void Note(const Executor& executor, const Choice& choice);

  Chooser& inner_;
  DefaultOrder order_;
  MoveMask enabled_ = 0;
  uint64_t last_step_ = 0;
  std::vector<Decision> decisions_;
  std::vector<Choice> path_;
};

// True if decisions can say all there is to say about a run of the trace: no any(...) of several
// pages, no loop.
bool IsStraight(const Trace& trace);

// Runs the trace, events to `sink` (may be null), and returns it with what `inner` decided for its
// schedule. The sink sees one run; the executor may be used again after it.
Trace RecordRun(Executor& executor, const Trace& trace, EventSink* sink, Chooser& inner);

// The trace with the moves of `path`, as the explorer gives them, for its schedule. Stops short
// where the path makes a move that is not enabled. Uses the executor.
Trace AsTrace(Executor& executor, const Trace& trace, const std::vector<Choice>& path);

struct FailureLimits {
  uint32_t runs_of_any = 1000;      // schedule any: one default run and this many random ones
  uint64_t max_states = 2'000'000;  // schedule all
  std::function<bool()> stop = {};  // asked between runs; true ends the search
};

// The first run of the trace's schedule, of whatever kind, that fails: it becomes the trace's
// schedule, as decisions. kNone, and an unchanged trace, if none fails.
Finding RecordFirstFailure(Executor& executor, Judge& judge, Trace* trace,
                           const FailureLimits& limits = {});

}  // namespace highmem

#endif  // HIGHMEM_SCHEDULE_RECORD_H_
