#include "highmem/explain/explain.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "highmem/explain/neighbours.h"
#include "highmem/report/lanes.h"
#include "highmem/schedule/record.h"
#include "highmem/shrink/anchor.h"
#include "highmem/trace/text.h"

namespace highmem {
namespace {

constexpr size_t kMostPassing = 3;

std::string Percent(int n) { return std::to_string(n) + "%"; }

std::string Joined(const std::vector<std::string>& parts, const char* between) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : between) + part;
  return out;
}

// "step 41, `T1 flush done`"; the row's text where the step has one.
std::string StepText(const Lanes& lanes, uint64_t step) {
  std::string out = "step " + std::to_string(step);
  for (const Row& row : lanes.rows)
    if (row.step == step) return out + ", `" + row.text + "`";
  return out;
}

// How it stood behind `step` micro-steps: "38% of 256 random continuations fail like this".
std::string Share(const Odds& odds, uint64_t step) {
  std::string text = Percent(odds.percent(step)) + " of " + std::to_string(odds.continuations) +
                     " random continuations fail like this";
  if (odds.otherwise[step] != 0) text += ", " + std::to_string(odds.otherwise[step]) + " otherwise";
  return text;
}

std::string Turns(const Odds& odds, const Lanes& lanes, const Finding& finding) {
  const uint64_t step = odds.point_of_no_return();
  if (step == 0) return "nowhere: from the very start " + Share(odds, 0);
  const std::string before = ": before it " + Share(odds, step - 1);
  if (step == finding.step) return "at the last step" + before;
  return StepText(lanes, step) + before + ", behind it all";
}

// The nearest, and then of each other part the nearest.
std::string Passes(const std::vector<Neighbour>& neighbours) {
  std::vector<std::string> edits;
  std::vector<std::pair<EditKind, uint32_t>> seen;
  for (const Neighbour& n : neighbours) {
    if (n.finding || edits.size() == kMostPassing) continue;
    const std::pair part(n.kind, n.part);
    if (std::find(seen.begin(), seen.end(), part) != seen.end()) continue;
    seen.push_back(part);
    edits.push_back(n.edit);
  }
  return edits.empty() ? "no trace one edit away" : Joined(edits, "; ");
}

// "`at T1.2 unlock -> H1` at 5 of 14 moments, from 3 micro-steps earlier to 1 later"
std::string FreeMoments(const Trace& trace, const std::vector<Neighbour>& neighbours,
                        uint32_t decision) {
  int moments = 1, failing = 1, earliest = 0, latest = 0;
  for (const Neighbour& n : neighbours) {
    if (n.kind != EditKind::moment || n.part != decision) continue;
    moments++;
    if (!n.same) continue;
    failing++;
    earliest = std::min(earliest, n.distance);
    latest = std::max(latest, n.distance);
  }
  if (failing == 1) return "";
  return "`" + PrintDecision(trace, trace.schedule.decisions[decision]) + "` at " +
         std::to_string(failing) + " of " + std::to_string(moments) + " moments, " +
         std::to_string(-earliest) + " earlier to " + std::to_string(latest) + " later";
}

// Parts of which every neighbour fails the same way.
std::vector<uint32_t> Free(const std::vector<Neighbour>& neighbours, EditKind kind) {
  std::vector<uint32_t> free, bound;
  for (const Neighbour& n : neighbours)
    if (n.kind == kind) (n.same ? free : bound).push_back(n.part);
  std::sort(free.begin(), free.end());
  free.erase(std::unique(free.begin(), free.end()), free.end());
  std::erase_if(free, [&](uint32_t part) {
    return std::find(bound.begin(), bound.end(), part) != bound.end();
  });
  return free;
}

std::string OpText(const Trace& trace, uint32_t flat) {
  ActorId actor = 0;
  while (flat >= trace.actors[actor].first_op + trace.actors[actor].op_count) actor++;
  return ActorName(trace, actor) + "'s `" +
         PrintCall(trace, actor, flat - trace.actors[actor].first_op) + "`";
}

std::string FreeText(const Trace& trace, const std::vector<Neighbour>& neighbours) {
  std::vector<std::string> parts;
  for (size_t d = 0; d < trace.schedule.decisions.size(); d++) {
    std::string text = FreeMoments(trace, neighbours, static_cast<uint32_t>(d));
    if (!text.empty()) parts.push_back(std::move(text));
  }
  for (const Neighbour& n : neighbours)
    if (n.kind == EditKind::no_decision && n.same) parts.push_back(n.edit);
  for (const Neighbour& n : neighbours)
    if (n.kind == EditKind::no_op && n.same) parts.push_back(n.edit);
  std::vector<std::string> ops;
  for (const uint32_t op : Free(neighbours, EditKind::operand)) ops.push_back(OpText(trace, op));
  if (!ops.empty()) parts.push_back("page, offset and byte of " + Joined(ops, ", "));
  const size_t numbers = Free(neighbours, EditKind::machine).size();
  parts.push_back(std::to_string(numbers) + " numbers of the machine, one more or less");
  return Joined(parts, "; ");
}

std::string Needs(const Trace& trace, const std::vector<Neighbour>& neighbours) {
  std::vector<std::string> fields;
  for (const Neighbour& n : neighbours) {
    if (n.kind != EditKind::machine || n.finding) continue;
    const ProfileField& field = ProfileFields()[n.part];
    fields.push_back(std::string(field.name) + "=" + std::to_string(trace.profile.*field.member) +
                     " (" + std::to_string(n.distance) + ": passes)");
  }
  return fields.empty() ? "nothing of the machine" : Joined(fields, ", ");
}

}  // namespace

Explanation ExplainFailure(const Trace& given, const JudgeOptions& judge_options,
                           const OddsOptions& options) {
  Executor executor;
  Judge judge(judge_options);
  Trace trace = given;
  const Finding finding = RecordFirstFailure(executor, judge, &trace);
  if (!finding) return {};
  // Anchors survive edits.
  trace.schedule.decisions = AnchoredDecisions(executor, trace);
  Odds odds = FailureOdds(executor, judge, trace, finding, options);
  const std::vector<Neighbour> neighbours = Neighbours(executor, judge, trace, finding);
  const Lanes lanes = MakeLanes(executor, trace, finding, odds.point_of_no_return());
  std::vector<std::pair<std::string, std::string>> remarks = {
      {"turns", Turns(odds, lanes, finding)},
      {"passes", Passes(neighbours)},
      {"free", FreeText(trace, neighbours)},
      {"needs", Needs(trace, neighbours)}};
  return {finding, std::move(trace), std::move(odds), std::move(remarks)};
}

std::vector<int> FailsColumn(const Explanation& explanation) {
  const Odds& odds = explanation.odds;
  std::vector<int> fails;
  for (uint64_t step = 0; odds.point_of_no_return() != 0 && step < odds.failing.size(); step++)
    fails.push_back(odds.percent(step));
  return fails;
}

std::string ExplanationReport(const Explanation& explanation, const ReportOptions& options) {
  ReportOptions report = options;
  report.table.fails = FailsColumn(explanation);
  report.table.turns = explanation.odds.point_of_no_return();
  report.remarks = explanation.remarks;
  return TerminalReport(explanation.trace, explanation.finding, report);
}

}  // namespace highmem
