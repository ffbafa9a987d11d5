#include "highmem/schedule/explore.h"

#include <algorithm>
#include <bit>

#include "highmem/machine/arena.h"
#include "highmem/schedule/moves.h"
#include "highmem/schedule/state_set.h"

namespace highmem {
namespace {

class Explorer {
 public:
  Explorer(Executor& executor, Judge& judge, const Trace& trace, const ExploreOptions& options)
      : executor_(executor), judge_(judge), trace_(trace), options_(options) {}

  ExploreResult Walk();

 private:
  // A state on the way from the start to the current one, with the moves not tried yet.
  struct Level {
    Arena::Snapshot snapshot;
    Executor::Position position;
    uint64_t hash = 0;
    std::vector<Choice> moves;
    size_t next = 0;
    Choice taken;          // the move that led to the level above
    bool reduced = false;  // `moves` holds the moves of one CPU only
  };

  void Push(uint64_t hash);
  bool ClosesReducedCycle(uint64_t hash) const;
  void ListMoves(Level* level, bool all);
  void AddMove(const Move& move, std::vector<Choice>* moves) const;
  void AddHardware(std::vector<Choice>* moves);
  void ToLevel(const Level& level);
  void EndOfRun();
  void Note(const Finding& finding);

  Executor& executor_;
  Judge& judge_;
  const Trace& trace_;
  const ExploreOptions options_;
  ExploreResult result_;
  StateSet visited_;
  std::vector<Level> levels_;
  std::vector<Move> hardware_;  // of the state being listed
  size_t depth_ = 0;            // levels in use; the others keep their memory
  bool here_ = false;           // the world is in the state of the top level
};

void Explorer::AddMove(const Move& move, std::vector<Choice>* moves) const {
  const uint32_t ways = executor_.ChoicesOf(move);
  for (uint32_t v = 0; v < ways; v++) moves->push_back({move, v});
}

void Explorer::AddHardware(std::vector<Choice>* moves) {
  hardware_.clear();
  ListHardwareMoves(executor_, &hardware_);
  for (const Move& move : hardware_) moves->push_back({move, 0});
}

void Explorer::ListMoves(Level* level, bool all) {
  level->moves.clear();
  level->next = 0;
  level->reduced = false;
  const MoveMask enabled = executor_.Enabled();
  for (int c = 0; c < machine.profile.cpus && options_.reduce && !all; c++) {
    const auto cpu = static_cast<CpuId>(c);
    if ((enabled & RunBit(c)) == 0 || !executor_.Invisible(cpu, enabled)) continue;
    AddMove({MoveKind::run, cpu, 0}, &level->moves);
    level->reduced = true;
    return;
  }
  for (MoveMask m = enabled; m != 0; m &= m - 1)
    AddMove(MoveOfBit(executor_, std::countr_zero(m)), &level->moves);
  AddHardware(&level->moves);
}

void Explorer::Push(uint64_t hash) {
  if (depth_ == levels_.size()) levels_.emplace_back();
  Level& level = levels_[depth_++];
  level.hash = hash;
  arena.Save(&level.snapshot);
  level.position = executor_.position();
  ListMoves(&level, /*all=*/false);
  here_ = true;
  result_.max_depth = std::max<uint64_t>(result_.max_depth, depth_);
}

// True if reduced moves alone lead from that state, on the way here, to the top level.
bool Explorer::ClosesReducedCycle(uint64_t hash) const {
  for (size_t i = depth_; i-- > 0 && levels_[i].reduced;)
    if (levels_[i].hash == hash) return true;
  return false;
}

void Explorer::ToLevel(const Level& level) {
  arena.Restore(level.snapshot);
  executor_.set_position(level.position);
}

void Explorer::Note(const Finding& finding) {
  if (!result_.finding) {
    result_.finding = finding;
    for (size_t i = 0; i < depth_; i++) result_.path.push_back(levels_[i].taken);
  }
  for (const Finding& known : result_.findings)
    if (known.id == finding.id) return;
  result_.findings.push_back(finding);
}

void Explorer::EndOfRun() {
  result_.ends++;
  judge_.Finish(executor_);
  if (judge_.finding()) Note(judge_.finding());
  judge_.ForgetFinding();
  for (size_t i = 0; i < trace_.verdicts.size(); i++) {
    const VerdictDecl& v = trace_.verdicts[i];
    const bool cond = v.kind == VerdictKind::final_cond || v.kind == VerdictKind::forbid_cond ||
                      v.kind == VerdictKind::allow_cond;
    if (!cond) continue;
    (executor_.Holds(v.cond) ? result_.cond_seen : result_.cond_missed)[i] = 1;
  }
}

ExploreResult Explorer::Walk() {
  result_.cond_seen.assign(trace_.verdicts.size(), 0);
  result_.cond_missed.assign(trace_.verdicts.size(), 0);
  executor_.Load(trace_, &judge_);
  visited_.Insert(arena.Hash());
  Push(arena.Hash());
  bool bounded = false;
  while (depth_ > 0 && !bounded && (options_.keep_going || !result_.finding)) {
    Level& level = levels_[depth_ - 1];
    if (level.next == level.moves.size()) {
      depth_--;
      continue;
    }
    if (!here_) ToLevel(level);
    here_ = false;
    const Choice choice = level.moves[level.next++];
    level.taken = choice;
    executor_.Apply(choice.move, choice.value);
    result_.transitions++;
    const uint64_t hash = arena.Hash();
    const bool fresh = visited_.Insert(hash);
    // A reduction is void if the move was visible after all, or if it closes a cycle of reduced
    // moves in which everybody else would wait for ever.
    if (level.reduced && (executor_.TouchedShared() || (!fresh && ClosesReducedCycle(hash)))) {
      const Executor::Position here = executor_.position();
      Arena::Snapshot successor;
      arena.Save(&successor);
      ToLevel(level);
      ListMoves(&level, /*all=*/true);
      arena.Restore(successor);
      executor_.set_position(here);
    }
    if (!fresh) continue;
    executor_.MarkIfStuck();
    if (executor_.status() != RunStatus::running)
      EndOfRun();
    else
      Push(hash);
    bounded = visited_.size() >= options_.max_states;
  }
  result_.states = visited_.size();
  result_.complete = depth_ == 0 && !bounded && (options_.keep_going || !result_.finding);
  return std::move(result_);
}

}  // namespace

ExploreResult Explore(Executor& executor, Judge& judge, const Trace& trace,
                      const ExploreOptions& options) {
  executor.TrustGuards(true);
  ExploreResult result = Explorer(executor, judge, trace, options).Walk();
  if (!options.reduce || !executor.GuardBroken()) return result;
  executor.TrustGuards(false);
  return Explorer(executor, judge, trace, options).Walk();
}

}  // namespace highmem
