#include "highmem/shrink/search.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "highmem/machine/arena.h"
#include "highmem/schedule/default_order.h"
#include "highmem/schedule/explore.h"
#include "highmem/schedule/moves.h"
#include "highmem/schedule/state_set.h"

namespace highmem {
namespace {

class Search {
 public:
  using Other = std::function<void(const Finding&, std::vector<Decision>)>;

  Search(Executor& executor, Judge& judge, const Trace& trace, const Finding& wanted,
         const SearchLimits& limits, const Other& other)
      : executor_(executor),
        judge_(judge),
        trace_(trace),
        wanted_(wanted),
        limits_(limits),
        other_(other) {}

  SearchResult Run() {
    executor_.Load(trace_, &judge_);
    Branch root;
    Save(&root);
    nodes_.push_back({-1, {}, 0, 0});
    FollowFrom(root, 0);
    for (size_t a = 0; a < trace_.actors.size(); a++) Start(root, static_cast<ActorId>(a));
    for (int d = 0; d < limits_.max_decisions && !Over(); d++) {
      const std::vector<Branch> layer = std::exchange(next_, {});
      last_layer_ = d + 1 == limits_.max_decisions;
      for (const Branch& branch : layer) {
        if (Over()) break;
        Deviate(branch);
      }
    }
    result_.complete = !Over();
    result_.states = visited_.size();
    return std::move(result_);
  }

 private:
  // A decision on the way from the start.
  struct Node {
    int parent;
    Decision decision;
    uint64_t step;  // micro-steps made when it fired
    int inside;     // decisions inside ops so far
  };
  // A state where something else than the default may happen.
  struct Branch {
    Arena::Snapshot snapshot;
    Executor::Position position;
    DefaultOrder order;
    int node = 0;
    bool inside = false;  // an op, and the default goes on in it
  };

  bool Over() const { return result_.found || bounded_; }

  void Save(Branch* branch) const {
    arena.Save(&branch->snapshot);
    branch->position = executor_.position();
  }
  void ToBranch(const Branch& branch) {
    arena.Restore(branch.snapshot);
    executor_.set_position(branch.position);
  }

  // The run in which this task goes first.
  void Start(const Branch& root, ActorId actor) {
    const Target target{TargetKind::actor, actor, 0, 0};
    ToBranch(root);
    if (trace_.actors[actor].kind != ActorKind::task || Over()) return;
    if (!DefaultOrder::Legal(executor_, target, executor_.Enabled())) return;
    Branch started = root;
    Move move;
    if (started.order.Obey(executor_, target, executor_.Enabled(), &move)) return;
    Decision decision;
    decision.kind = DecisionKind::start;
    decision.actor = actor;
    nodes_.push_back({0, decision, 0, 0});
    FollowFrom(started, static_cast<int>(nodes_.size()) - 1);
  }

  void FollowFrom(const Branch& branch, int node) {
    ToBranch(branch);
    Follow(branch.order, node);
  }

  // The default order from here on, to the end of the run or to a state seen before.
  void Follow(DefaultOrder order, int node) {
    int last = -1;  // context that moved last
    for (;;) {
      executor_.MarkIfStuck();
      if (executor_.status() != RunStatus::running) return EndOfRun(node);
      const uint64_t seen = arena.Hash() ^ (order.key() * 0x9e3779b97f4a7c15);
      if (!visited_.Insert(seen)) return;
      if (visited_.size() >= limits_.max_states) {
        bounded_ = true;
        return;
      }
      const MoveMask enabled = executor_.Enabled();
      DefaultOrder next_order = order;
      const Move move = next_order.Next(executor_, enabled);
      next_order.Took(executor_, move);
      const uint32_t ways = executor_.ChoicesOf(move);
      const uint32_t value = ways > 1 ? next_order.NextValue(executor_, move, ways) : 0;
      const Context& top = executor_.RunContext(move.cpu);
      here_.inside = ways == 1 && top.id == last && top.pending.kind != PrimKind::op;
      last = top.id;
      const bool branches =
          !last_layer_ &&
          nodes_[static_cast<size_t>(node)].inside + here_.inside <= limits_.max_inside;
      const bool invisible = move.kind == MoveKind::run && executor_.Invisible(move.cpu, enabled);
      if (branches) {
        Save(&here_);
        here_.order = order;
        here_.node = node;
      }
      executor_.Apply(move, value);
      if (branches && (!invisible || executor_.TouchedShared())) next_.push_back(here_);
      order = next_order;
    }
  }

  void EndOfRun(int node) {
    judge_.Finish(executor_);
    const Finding finding = judge_.finding();
    judge_.ForgetFinding();
    if (!finding) return;
    if (!SameFailure(finding, wanted_)) {
      if (other_) other_(finding, DecisionsOf(node));
      return;
    }
    result_.found = true;
    result_.decisions = DecisionsOf(node);
  }

  std::vector<Decision> DecisionsOf(int node) const {
    std::vector<Decision> decisions;
    for (; nodes_[static_cast<size_t>(node)].parent >= 0;
         node = nodes_[static_cast<size_t>(node)].parent)
      decisions.push_back(nodes_[static_cast<size_t>(node)].decision);
    std::reverse(decisions.begin(), decisions.end());
    return decisions;
  }

  // Everything but the default.
  void Deviate(const Branch& branch) {
    ToBranch(branch);
    const MoveMask enabled = executor_.Enabled();
    DefaultOrder usual = branch.order;
    Choice usual_choice{usual.Next(executor_, enabled), 0};
    usual.Took(executor_, usual_choice.move);
    const uint32_t usual_ways = executor_.ChoicesOf(usual_choice.move);
    if (usual_ways > 1)
      usual_choice.value = usual.NextValue(executor_, usual_choice.move, usual_ways);
    choices_.clear();
    for (MoveMask m = enabled; m != 0; m &= m - 1) AddMove(std::countr_zero(m));
    AddHardware();
    for (const Choice& choice : choices_) {
      const bool is_usual = choice.move == usual_choice.move && choice.value == usual_choice.value;
      if (is_usual || Over()) continue;
      ToBranch(branch);
      Take(branch, choice, enabled);
    }
  }

  void Take(const Branch& branch, const Choice& choice, MoveMask enabled) {
    DefaultOrder order = branch.order;
    Decision decision;
    decision.target = order.Towards(executor_, choice.move, choice.value, enabled);
    if (!order.LeadsTo(executor_, decision.target, choice.move, choice.value, enabled)) return;
    decision.steps = static_cast<uint32_t>(branch.position.steps -
                                           nodes_[static_cast<size_t>(branch.node)].step);
    Move move;
    if (!order.Obey(executor_, decision.target, enabled, &move))
      order.Took(executor_, order.Next(executor_, enabled));
    nodes_.push_back({branch.node, decision, branch.position.steps,
                      nodes_[static_cast<size_t>(branch.node)].inside + branch.inside});
    executor_.Apply(choice.move, choice.value);
    Follow(order, static_cast<int>(nodes_.size()) - 1);
  }

  void AddMove(int bit) {
    const Move move = MoveOfBit(executor_, bit);
    const uint32_t ways = executor_.ChoicesOf(move);
    for (uint32_t v = 0; v < ways; v++) choices_.push_back({move, v});
  }

  void AddHardware() {
    hardware_.clear();
    ListHardwareMoves(executor_, &hardware_);
    for (const Move& move : hardware_) choices_.push_back({move, 0});
  }

  Executor& executor_;
  Judge& judge_;
  const Trace& trace_;
  const Finding& wanted_;
  const SearchLimits limits_;
  const Other& other_;
  SearchResult result_;
  StateSet visited_;
  std::vector<Node> nodes_;
  std::vector<Branch> next_;  // of the layer being walked: where the next one branches off
  Branch here_;
  std::vector<Choice> choices_;
  std::vector<Move> hardware_;
  bool last_layer_ = limits_.max_decisions == 0;
  bool bounded_ = false;
};

}  // namespace

SearchResult FindSchedule(Executor& executor, Judge& judge, const Trace& trace,
                          const Finding& wanted, const SearchLimits& limits,
                          const std::function<void(const Finding&, std::vector<Decision>)>& other) {
  return Search(executor, judge, trace, wanted, limits, other).Run();
}

}  // namespace highmem
