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
    const std::vector<int64_t> fired_at = replay.fired_at();
    LaneReport report;
    Trace in_lane = trace_;
    FilterLane(&in_lane, &report);
    skipped_ = report.skipped.size();
    for (size_t i = 0; i < trace_.schedule.decisions.size(); i++) {
      if (trace_.schedule.decisions[i].kind == DecisionKind::start) continue;
      if (fired_at[i] != ReplayChooser::kNotFired) OtherMoments(i, fired_at[i]);
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
  // Edits that lead out of the lane are none.
  void Run(const Trace& edited, EditKind kind, size_t part, int distance, std::string edit) {
    std::string error;
    if (!CheckTrace(edited, &error)) return;
    LaneReport report;
    Trace in_lane = edited;
    FilterLane(&in_lane, &report);
    if (report.skipped.size() > skipped_) return;
    ReplayChooser replay;
    const Finding finding = RunOnce(executor_, judge_, edited, replay).finding;
    found_.push_back({kind, static_cast<uint32_t>(part), distance, finding,
                      finding && SameFailure(finding, finding_), std::move(edit)});
  }

  // Those of the run up to this decision, as far as the finding's step.
  void OtherMoments(size_t decision, int64_t fired) {
    Trace prefix = trace_;
    prefix.schedule.decisions.resize(decision);
    const std::vector<Moment> moments = MomentsBehind(executor_, prefix);
    for (const Moment& moment : moments) {
      const int distance = static_cast<int>(static_cast<int64_t>(moment.steps) - fired);
      if (distance == 0 || moment.steps > finding_.step) continue;
      Trace edited = trace_;
      Decision& moved = edited.schedule.decisions[decision];
      const Target target = moved.target;
      moved = {};
      if (moment.has_anchor)
        moved = moment.anchor;
      else
        moved.steps = static_cast<uint32_t>(moment.steps - moments.front().steps);
      moved.target = target;
      Run(edited, EditKind::moment, decision, distance,
          Quoted(PrintDecision(edited, moved)) + ", " + MicroSteps(std::abs(distance)) +
              (distance < 0 ? " earlier" : " later"));
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
  size_t skipped_ = 0;  // ops of the trace itself that its lane refuses
  std::vector<Neighbour> found_;
};

}  // namespace

std::vector<Neighbour> Neighbours(Executor& executor, Judge& judge, const Trace& trace,
                                  const Finding& finding) {
  return Neighbourhood(executor, judge, trace, finding).Look();
}

}  // namespace highmem
