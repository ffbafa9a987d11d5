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
  // Since Begin: how often a run got to where cells.h says none can.
  int contradictions() const { return contradictions_; }

 private:
  struct Call {
    OpFamily family = OpFamily::other;
    bool under_way = false;
    CpuId cpu = 0;
  };

  void Hit(int cell);
  void OnEvent(const Event& e);
  void OnBegin(const Event& e);
  void OnEntered(CpuId cpu, ContextKind kind);
  void OnSwitch(const Event& e);
  void OnCount(const Event& e);
  void OnMigrate(const Event& e);

  std::span<uint8_t> counters_;
  std::vector<uint16_t> hit_;
  std::vector<Call> calls_;  // by actor
  int parked_ = 0;
  int sweeping_ = 0;
  int contradictions_ = 0;
  const Executor* executor_ = nullptr;
};

}  // namespace highmem

#endif  // HIGHMEM_COVERAGE_STATE_CELLS_H_
