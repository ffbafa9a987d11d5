// A run as rows for a person: what each CPU did, and the state that each step changed.
#ifndef HIGHMEM_REPORT_TIMELINE_H_
#define HIGHMEM_REPORT_TIMELINE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "highmem/trace/event_sink.h"
#include "highmem/trace/executor.h"

namespace highmem {

struct TimelineRow {
  uint64_t step = 0;
  CpuId cpu = 0;
  ContextId ctx = 0;
  bool open = false;   // an op that has begun and not ended
  std::string what;    // in the CPU's lane
  std::string change;  // beside it
};

// Collects rows while a trace runs; passes nothing on.
class Timeline : public EventSink {
 public:
  explicit Timeline(const Trace& trace) : trace_(trace) {}

  void Begin(const Executor& executor) override;
  bool OnStep(const Executor& executor, std::span<const Event> events) override;

  const std::vector<TimelineRow>& rows() const { return rows_; }

 private:
  void OnEvent(const Executor& executor, const Event& event);
  void OnOpEnd(const Event& event);
  void Row(const Event& event, const std::string& what);
  void Change(const Event& event, const std::string& change);
  std::string Page(uint32_t pfn) const;
  std::string Virtual(uint32_t vpn) const;
  std::string Address(uint32_t address) const;
  std::string OpText(const Event& event) const;
  std::string Task(const Executor& executor, uint32_t task) const;

  const Trace& trace_;
  std::vector<TimelineRow> rows_;
};

}  // namespace highmem

#endif  // HIGHMEM_REPORT_TIMELINE_H_
