// The judge of a run: feeds the events to the model and to every checker and keeps the first
// finding.
#ifndef HIGHMEM_VERDICT_JUDGE_H_
#define HIGHMEM_VERDICT_JUDGE_H_

#include "highmem/check/checks.h"
#include "highmem/model/model.h"
#include "highmem/trace/event_sink.h"
#include "highmem/trace/executor.h"
#include "highmem/verdict/expectations.h"
#include "highmem/verdict/finding.h"

namespace highmem {

struct JudgeOptions {
  FindingId only = FindingId::kNone;  // if set, this checker alone is on (RULINGS 14)
  bool contract = false;              // only what every implementation owes (DESIGN section 3)
  bool expectations = false;  // also judge the `->` results and `final` conditions of the trace
};

// A BUG that the caller's mistake explains ends the run without a finding; the state it leaves
// behind is not judged. A diagnosis the model cannot explain is S1, unless the trace says `ignore`.
class Judge : public EventSink, private Reporter {
 public:
  explicit Judge(const JudgeOptions& options = {}) : options_(options) {}

  // Carves the oracles' memory (the arena's oracle segment) and resets it.
  void Begin(const Executor& executor) override;
  // False when the run must end: a finding.
  bool OnStep(const Executor& executor, std::span<const Event> events) override;
  // After Run: judges how it ended (stuck, step bound, imbalance, final conditions). Idempotent.
  void Finish(const Executor& executor);

  // After a finding the explorer goes back and on: a clean judge again. Oracle memory stays.
  void ForgetFinding() { finding_ = {}; }

  // The first finding; id kNone if there is none.
  const Finding& finding() const { return finding_; }

 private:
  void Report(const Event& event, const Breach& breach) override;
  void JudgeByModel(const Event& event);
  void NameOp(const Event& begin_or_end);
  bool EndsInDeservedBug(std::span<const Event> events) const;
  bool Ignored(const Event& diagnosis) const;

  JudgeOptions options_;
  const Executor* executor_ = nullptr;
  model::Model model_;
  Checks checks_;
  Expectations expectations_;
  Finding finding_;
};

}  // namespace highmem

#endif  // HIGHMEM_VERDICT_JUDGE_H_
