// StateCells as all that listens to a run.
#ifndef HIGHMEM_COVERAGE_CELLS_LISTENER_FOR_TEST_H_
#define HIGHMEM_COVERAGE_CELLS_LISTENER_FOR_TEST_H_

#include <span>

#include "highmem/coverage/state_cells.h"
#include "highmem/trace/event_sink.h"

namespace highmem {

class CellsListener : public EventSink {
 public:
  explicit CellsListener(StateCells* cells) : cells_(*cells) {}
  void Begin(const Executor& executor) override { cells_.Begin(executor); }
  bool OnStep(const Executor& /*executor*/, std::span<const Event> events) override {
    cells_.OnStep(events);
    return true;
  }

 private:
  StateCells& cells_;
};

}  // namespace highmem

#endif  // HIGHMEM_COVERAGE_CELLS_LISTENER_FOR_TEST_H_
