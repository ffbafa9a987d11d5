#include "highmem/explain/neighbours.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <tuple>
#include <utility>

#include "highmem/schedule/replay.h"
#include "highmem/shrink/anchor.h"
#include "highmem/shrink/edit.h"
#include "highmem/trace/lane.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

constexpr int kFarthest = 100;  // micro-steps that a decision is moved

std::string Quoted(const std::string& text) { return "`" + text + "`"; }

std::string MicroSteps(int n) {
  return std::to_string(n) + (n == 1 ? " micro-step" : " micro-steps");
}

class Neighbourhood {
 public:
  Neighbourhood(Executor& executor, Judge& judge, const Trace& trace, const Finding& finding)
      : executor_(executor), judge_(judge), trace_(trace), finding_(finding) {}

  std::vector<Neighbour> Look() {
    ReplayChooser replay;
    RunOnce(executor_, judge_, trace_, replay);
    fired_at_ = replay.fired_at();
    lane_ = Lane(trace_);
    for (size_t i = 0; i < trace_.schedule.decisions.size(); i++) {
      if (trace_.schedule.decisions[i].kind == DecisionKind::start) continue;
      if (AllFired(i)) OtherMoments(i, fired_at_[i]);
      WithoutDecision(i);
    }
    for (ActorId a = 0; a < trace_.actors.size(); a++)
      for (uint32_t i = 0; i < trace_.actors[a].op_count; i++) {
        OtherOperands(a, i);
        WithoutOp(a, i);
      }
    for (size_t f = 0; f < ProfileFields().size(); f++) OtherMachines(f);
    std::sort(found_.begin(), found_.end(), [](const Neighbour& a, const Neighbour& b) {
      const auto rank = [](const Neighbour& n) {
        const int near = n.kind == EditKind::moment ? std::abs(n.distance) : 0;
        return std::tuple(n.kind, near, n.part, n.distance, std::string_view(n.edit));
      };
      return rank(a) < rank(b);
    });
    return std::move(found_);
  }

 private:
  // Edits that lead out of the lane are none. `fires_at`: a decision must fire there, or it is not
  // that edit.
  void Run(const Trace& edited, EditKind kind, size_t part, int distance, std::string edit,
           uint64_t fires_at = 0) {
    std::string error;
    if (!CheckTrace(edited, &error)) return;
    const LaneReport report = Lane(edited);
    if (report.skipped.size() > lane_.skipped.size() || report.appended > lane_.appended) return;
    ReplayChooser replay;
    const Finding finding = RunOnce(executor_, judge_, edited, replay).finding;
    if (kind == EditKind::moment) {
      if (replay.fired_at()[part] != static_cast<int64_t>(fires_at)) return;
    } else if (replay.dropped() > 0 ||
               replay.fired() < static_cast<int>(edited.schedule.decisions.size())) {
      edit += ", where not every decision can fire";
    }
    found_.push_back({kind, static_cast<uint32_t>(part), distance, finding,
                      finding && SameFailure(finding, finding_), std::move(edit)});
  }

  // Up to this one.
  bool AllFired(size_t decision) const {
    for (size_t i = 0; i <= decision; i++)
      if (fired_at_[i] == ReplayChooser::kNotFired) return false;
    return true;
  }

  static LaneReport Lane(Trace trace) {
    LaneReport report;
    FilterLane(&trace, &report);
    return report;
  }

  // Those of the run up to this decision, as far as the finding's step; the nearest ones.
  void OtherMoments(size_t decision, int64_t fired) {
    Trace prefix = trace_;
    prefix.schedule.decisions.resize(decision);
    const uint64_t since = decision == 0 ? 0 : static_cast<uint64_t>(fired_at_[decision - 1]);
    for (const Moment& moment : MomentsBehind(executor_, prefix)) {
      const int distance = static_cast<int>(static_cast<int64_t>(moment.steps) - fired);
      if (distance == 0 || std::abs(distance) > kFarthest || moment.steps > finding_.step) continue;
      Trace edited = trace_;
      Decision& moved = edited.schedule.decisions[decision];
      const Target target = moved.target;
      moved = {};
      if (moment.has_anchor)
        moved = moment.anchor;
      else
        moved.steps = static_cast<uint32_t>(moment.steps - since);
      moved.target = target;
      Run(edited, EditKind::moment, decision, distance,
          Quoted(PrintDecision(edited, moved)) + ", " + MicroSteps(std::abs(distance)) +
              (distance < 0 ? " earlier" : " later"),
          moment.steps);
    }
  }

  void WithoutDecision(size_t decision) {
    Trace edited = trace_;
    if (!DropDecisions(&edited, decision, decision + 1)) return;
    Run(edited, EditKind::no_decision, decision, 0,
        "without " + Quoted(PrintDecision(trace_, trace_.schedule.decisions[decision])));
  }

  void WithoutOp(ActorId actor, uint32_t index) {
    const uint32_t flat = trace_.actors[actor].first_op + index;
    std::vector<uint8_t> keep(trace_.ops.size(), 1);
    keep[flat] = 0;
    Trace edited = trace_;
    if (!KeepOps(&edited, keep)) return;
    Run(edited, EditKind::no_op, flat, 0,
        "without " + ActorName(trace_, actor) + "'s " + Quoted(PrintCall(trace_, actor, index)));
  }

  void OtherOperands(ActorId actor, uint32_t index) {
    const uint32_t flat = trace_.actors[actor].first_op + index;
    const Op op = trace_.ops[flat];
    const OpInfo& info = Info(op.code);
    const auto with = [&](auto Op::* field, auto value) {
      if (op.*field == value) return;
      Trace edited = trace_;
      edited.ops[flat].*field = value;
      Run(edited, EditKind::operand, flat, 0,
          Quoted(PrintCall(edited, actor, index)) + " instead of " + ActorName(trace_, actor) +
              "'s " + Quoted(PrintCall(trace_, actor, index)));
    };
    if (op.page >= 0)
      for (size_t page = 0; page < trace_.pages.size(); page++)
        with(&Op::page, static_cast<int16_t>(page));
    if (info.takes('v'))
      for (const int offset : {0, trace_.profile.page_size / 2, trace_.profile.page_size - 1})
        with(&Op::offset, static_cast<uint16_t>(offset));
    if (op.code == OpCode::store)
      for (const int value : {1, 90}) with(&Op::value, value);
  }

  // The two values next to the present one.
  void OtherMachines(size_t field_index) {
    const ProfileField& field = ProfileFields()[field_index];
    const int now = trace_.profile.*field.member;
    for (const int value :
         {field.power_of_two ? now / 2 : now - 1, field.power_of_two ? now * 2 : now + 1}) {
      if (value < field.min || value > field.max) continue;
      Trace edited = trace_;
      edited.profile.*field.member = value;
      Run(edited, EditKind::machine, field_index, value,
          std::string(field.name) + "=" + std::to_string(value) + " instead of " +
              std::to_string(now));
    }
  }

  Executor& executor_;
  Judge& judge_;
  const Trace& trace_;
  const Finding& finding_;
  std::vector<int64_t> fired_at_;  // by decision, in the trace's own run
  LaneReport lane_;                // what the lane says of the trace itself
  std::vector<Neighbour> found_;
};

}  // namespace

std::vector<Neighbour> Neighbours(Executor& executor, Judge& judge, const Trace& trace,
                                  const Finding& finding) {
  return Neighbourhood(executor, judge, trace, finding).Look();
}

}  // namespace highmem
