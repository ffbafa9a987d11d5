// Listens to a run and marks the cells (coverage/cells.h) that it comes through.
#ifndef HIGHMEM_COVERAGE_STATE_CELLS_H_
#define HIGHMEM_COVERAGE_STATE_CELLS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "highmem/coverage/cells.h"
#include "highmem/trace/executor.h"

namespace highmem {

class StateCells {
 public:
  // `counters`: CellCount() bytes that outlive this, 0 at the beginning of a run; a cell's becomes
  // 1 when it is hit.
  explicit StateCells(std::span<uint8_t> counters) : counters_(counters) {}

  void Begin(const Executor& executor);
  void OnStep(std::span<const Event> events);

  // Those hit since Begin, each once, in the order in which they were.
  const std::vector<uint16_t>& hit() const { return hit_; }

 private:
  struct Call {
    OpFamily family = OpFamily::other;
    bool under_way = false;
    CpuId cpu = 0;
  };

  void Hit(int cell);
  void OnEvent(const Event& e);
  void OnBegin(const Event& e);
  void OnEntered(const Event& e);
  void OnSwitch(const Event& e);
  void OnCount(const Event& e);

  std::span<uint8_t> counters_;
  std::vector<uint16_t> hit_;
  std::vector<Call> calls_;  // by actor
  int parked_ = 0;
  int sweeping_ = 0;
};

}  // namespace highmem

#endif  // HIGHMEM_COVERAGE_STATE_CELLS_H_
