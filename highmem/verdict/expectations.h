// What the trace itself says its ops do: `-> pkmap:1 count=2`, `check` ops and `final` conditions.
// One false line is a CHECK. (DESIGN section 6, RULINGS 11; trace/op.h)
//
// All expectations of an op must be true when it ends, those tied by `|` at least one of them. A
// BUG ends its op too, with no result; whoever is in an op when the run hangs is not asked, since
// an op expected to `hang` is right never to end.
#ifndef HIGHMEM_VERDICT_EXPECTATIONS_H_
#define HIGHMEM_VERDICT_EXPECTATIONS_H_

#include <cstdint>
#include <span>

#include "highmem/check/report.h"
#include "highmem/trace/executor.h"

namespace highmem {

class Expectations {
 public:
  static constexpr History kHistory = History::finite;

  // Carves from the arena.
  void Begin(const Executor& executor, Reporter* reporter);

  // The events of one micro-step; the machine is in the state at its end.
  void OnStep(std::span<const Event> events);

  // The run is over: final conditions.
  void Finish();

 private:
  // What the op an actor is in has done so far.
  struct Tally {
    static constexpr int kMaxFlushes = 32;
    uint8_t sweeps;
    uint8_t flushes;
    uint8_t hooks;
    uint8_t wakes;
    uint8_t slept;
    uint8_t outs;
    uint8_t ins;
    uint8_t flushed;             // single pages of the kmap window, in the local TLB
    uint8_t flush[kMaxFlushes];  // their slots, in order, as far as there is room
    uint8_t bug_plus_1;          // site
    uint8_t warn_plus_1;
    uint8_t splat_plus_1;
    Pfn page;  // that the op is about
  };
  // How it ended.
  struct End {
    bool has_result;
    ResultKind kind;
    uint32_t value;
    TaskId task;  // it ran on
  };

  bool ExpectsAnything(ContextId actor, uint32_t op) const;
  void OnEvent(const Event& event);
  // The op that the context is in has an expectation of this kind.
  bool Counts(ContextId ctx, ExpectKind kind) const;
  void JudgeOp(const Event& event, uint32_t op_index, const End& end);
  bool Met(const Expect& expect, const Tally& tally, const End& end, int64_t* actual) const;
  bool ResultIs(const Expect& expect, const End& end, int64_t* actual) const;
  static bool FlushIs(const Expect& expect, const Tally& tally, int nth, int64_t* actual);
  void OnLocalFlush(const Event& event, Tally* tally) const;

  const Executor* executor_ = nullptr;
  Reporter* reporter_ = nullptr;
  Tally* tallies_ = nullptr;       // [actor]
  uint16_t* op_plus_1_ = nullptr;  // [actor] op it is in, 0 between ops
  int actor_count_ = 0;
};

}  // namespace highmem

#endif  // HIGHMEM_VERDICT_EXPECTATIONS_H_
