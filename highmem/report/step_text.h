// What a row of a report says of a step.
#ifndef HIGHMEM_REPORT_STEP_TEXT_H_
#define HIGHMEM_REPORT_STEP_TEXT_H_

#include <cstdint>
#include <span>
#include <string>

#include "highmem/report/names.h"
#include "highmem/report/stacks.h"
#include "highmem/report/watch.h"
#include "highmem/trace/executor.h"
#include "highmem/trace/text.h"

namespace highmem {

class StepText {
 public:
  // `spins`: tell who waits for a lock, too.
  StepText(const Trace& trace, const Watch& watch, bool spins)
      : t_(trace), watch_(watch), spins_(spins) {}

  // Of an event; empty for what no reader misses.
  std::string Of(const Executor& executor, const Event& e) const;
  // Of an op_end, what came of the op: " = pkmap:1"; " done" if nothing.
  std::string Result(const Event& op_end) const;
  // Of a step that changed something that shows in a column only; else empty.
  std::string OfChange(std::span<const Event> step) const;
  // Of any step: its primitive, on what, and what it found there.
  std::string OfPrimitive(const Standing& stood) const;
  // Emitted by code behind the step's primitive, elsewhere: tells nothing of that one.
  static bool IsMark(EventKind kind);

 private:
  std::string Found(const Standing& stood) const;
  std::string Ended(const Event& op_end) const;
  std::string OfColour(uint32_t colour) const;
  std::string Who(ContextId ctx) const { return ContextName(t_, ctx); }
  std::string TaskName(const Executor& executor, uint32_t task) const;
  std::string Page(uint32_t pfn) const { return PageLabel(t_, static_cast<Pfn>(pfn)); }
  std::string Slot(uint32_t vpn) const { return PrintSlot(t_.profile, vpn); }

  const Trace& t_;
  const Watch& watch_;
  const bool spins_;
};

}  // namespace highmem

#endif  // HIGHMEM_REPORT_STEP_TEXT_H_
