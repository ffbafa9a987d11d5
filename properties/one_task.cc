#include "properties/one_task.h"

#include "highmem/trace/lane.h"
#include "properties/verdict_of.h"

namespace highmem::properties {

OneTask::OneTask(const char* profile, int high, int low) {
  trace_.profile = *FindProfile(profile);
  trace_.pages.resize(static_cast<size_t>(high + low));
  for (int p = high; p < high + low; p++) trace_.pages[static_cast<size_t>(p)].high = false;
  trace_.actors.emplace_back();
  trace_.actors[0].cpu = static_cast<CpuId>(trace_.profile.cpus - 1);
}

void OneTask::Append(Op op, const std::vector<Expect>& expects) {
  op.expect_first = static_cast<uint32_t>(trace_.expects.size());
  op.expect_count = static_cast<uint8_t>(expects.size());
  trace_.expects.insert(trace_.expects.end(), expects.begin(), expects.end());
  trace_.ops.push_back(op);
  trace_.actors[0].op_count++;
}

int16_t OneTask::NewVar() {
  trace_.actors[0].vars.emplace_back();
  return static_cast<int16_t>(trace_.actors[0].vars.size() - 1);
}

std::string OneTask::Verdict() {
  static Executor executor;
  LaneReport lane;  // what is left mapped at the end is released
  FilterLane(&trace_, &lane);
  if (!lane.skipped.empty()) return "the model admits an op that the valid lane does not";
  std::string error;
  if (!CheckTrace(trace_, &error)) return error;
  const Outcome outcome = VerdictOf(executor, trace_, Strategy::usual, 0);
  return outcome.passed() ? "" : Falsified(executor, trace_, Strategy::usual, 0);
}

}  // namespace highmem::properties
