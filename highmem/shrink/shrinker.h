// The machinery behind Shrink: the best trace so far, one way to try an edit on it, and the passes
// that say which edits to try.
#ifndef HIGHMEM_SHRINK_SHRINKER_H_
#define HIGHMEM_SHRINK_SHRINKER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "highmem/shrink/ahead.h"
#include "highmem/shrink/lab.h"
#include "highmem/shrink/shrink.h"
#include "highmem/shrink/size.h"

namespace highmem {

class Shrinker {
 public:
  Shrinker(const ShrinkOptions& options, const std::function<void(const ShrinkProgress&)>& progress)
      : options_(options), progress_(progress), lab_(options), ahead_(options.jobs) {}

  ShrinkResult Run(const Trace& failing);

 private:
  // So few that more than one at a time, and every place among them, can be tried.
  static constexpr uint32_t kFewOps = 16;

  // False if the edit cannot be made.
  using Edit = std::function<bool(Trace*)>;

  // Programs for which no schedule was found: how hard was looked, and whether there is none.
  struct Failure {
    uint64_t max_states = 0;
    int max_decisions = -1;
    bool certain = false;
  };

  // An edited trace, in the forms its schedule may take, and how hard to look for another.
  struct Candidate {
    const Trace& anchored;
    const Trace& numbered;
    Trace program;
    std::string text;  // of the program
    int max_decisions;
    uint64_t max_states;
    int random_schedules;
  };

  bool Normalize();
  void Rounds();
  bool Lap();
  void NameProfile();

  // Applies the edit to the best trace and keeps the result if it is smaller and fails as wanted.
  // A removal counts for ShrinkResult::removals_tried.
  bool Try(const Edit& edit, bool removal = false);
  bool TryProgram(const Trace& anchored, const Trace& numbered, bool* certain);
  // Whether it fails as wanted and is smaller than the best so far; if so, `found` is how.
  bool Look(const Candidate& candidate, Trace* found, bool* certain);
  // True if as hard a look at this program has found nothing.
  bool KnownToPass(const Candidate& candidate, bool* certain);
  // True if it is known not to, from another process, or is to be taken so in a copy (ahead.h).
  bool LookedAhead(const Candidate& candidate, bool* certain);
  [[noreturn]] void LookAndTell(const Candidate& candidate, uint64_t key);
  bool SizeAllows(const TraceSize& program, int* max_decisions) const;
  bool Accept(Trace trace);
  void SetBest(Trace trace);
  bool Stopped() const { return tries_ >= options_.max_tries || lab_.Stopped(); }

  // The passes (passes.cc); true if anything went away.
  bool Machine();
  bool Number(const ProfileField& field);
  bool Decisions();
  bool Actors();
  bool ActorAway(ActorId actor);
  bool ActorSimpler(ActorId actor);
  bool Ops(uint32_t chunk);
  bool Fills();
  bool PairsOfOps();
  bool OpsAndHalfTheSlots(const std::vector<uint8_t>& keep);
  bool OpsOnASecondCpu(const std::vector<uint8_t>& keep);
  bool Operands();
  bool OpOperands(size_t op);
  bool Extras();
  bool Moments();
  bool MomentOf(size_t decision);

  const ShrinkOptions& options_;
  const std::function<void(const ShrinkProgress&)>& progress_;
  Lab lab_;
  Ahead ahead_;
  double last_look_ = 0;  // seconds
  Trace best_;            // decisions by number
  Trace anchored_;        // the same, decisions by anchor where that says the same
  TraceSize size_;
  uint64_t tries_ = 0;
  bool quick_ = true;  // while much can go, a quick look for a schedule is enough
  bool thorough_ = false;
  uint32_t removals_ = 0;
  uint32_t proven_ = 0;
  std::unordered_map<std::string, Failure> failed_;  // by text
};

}  // namespace highmem

#endif  // HIGHMEM_SHRINK_SHRINKER_H_
