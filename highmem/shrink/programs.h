// What the edits of ops and those of actors share: a trace's programs, taken apart. (edit.h)
#ifndef HIGHMEM_SHRINK_PROGRAMS_H_
#define HIGHMEM_SHRINK_PROGRAMS_H_

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "highmem/trace/trace.h"

namespace highmem {

inline constexpr int kGone = -1;  // the new number of what there is no more

// The ops of all actors, taken apart so that they can be moved, dropped and put together again.
class Programs {
 public:
  explicit Programs(Trace* trace) : t_(*trace), ops_(trace->actors.size()) {
    for (size_t a = 0; a < ops_.size(); a++) {
      const auto first = t_.ops.begin() + t_.actors[a].first_op;
      ops_[a].assign(first, first + t_.actors[a].op_count);
    }
  }

  std::vector<Op>& of(size_t actor) { return ops_[actor]; }

  // Some op of the actor makes this variable.
  bool Makes(size_t actor, int16_t var) const {
    return std::any_of(ops_[actor].begin(), ops_[actor].end(),
                       [var](const Op& op) { return op.var == var; });
  }

  // Back into the trace; expectations and conditions go along.
  void Write() {
    std::vector<Expect> expects;
    std::vector<Cond> conds;
    t_.ops.clear();
    for (size_t a = 0; a < ops_.size(); a++) {
      t_.actors[a].first_op = static_cast<uint32_t>(t_.ops.size());
      t_.actors[a].op_count = static_cast<uint32_t>(ops_[a].size());
      for (Op op : ops_[a]) {
        const auto first = t_.expects.begin() + op.expect_first;
        if (op.expect_count != 0) op.expect_first = static_cast<uint32_t>(expects.size());
        expects.insert(expects.end(), first, first + op.expect_count);
        if (Info(op.code).takes('c')) {
          conds.push_back(t_.conds[static_cast<size_t>(op.value)]);
          op.value = static_cast<int32_t>(conds.size() - 1);
        }
        t_.ops.push_back(op);
      }
    }
    t_.expects = std::move(expects);
    t_.conds = std::move(conds);
  }

 private:
  Trace& t_;
  std::vector<std::vector<Op>> ops_;
};

// Anchors in the ops of an actor get the ops' new numbers; kGone drops them.
inline void RenumberAnchors(Trace* t, ActorId actor, const std::vector<int>& to) {
  std::erase_if(t->schedule.decisions, [&](const Decision& d) {
    return d.kind == DecisionKind::at && d.actor == actor && to[d.op] == kGone;
  });
  for (Decision& d : t->schedule.decisions)
    if (d.kind == DecisionKind::at && d.actor == actor) d.op = static_cast<uint16_t>(to[d.op]);
}

}  // namespace highmem

#endif  // HIGHMEM_SHRINK_PROGRAMS_H_
