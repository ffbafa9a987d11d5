#include "highmem/shrink/lab.h"

#include <set>
#include <string>
#include <utility>

#include "highmem/schedule/random.h"
#include "highmem/schedule/record.h"
#include "highmem/shrink/anchor.h"
#include "highmem/trace/text.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

constexpr uint64_t kStatesOfAll = 100;

Trace WithoutSchedule(const Trace& trace) {
  Trace program = trace;
  program.schedule = {};
  return program;
}

// FNV-1a: the same on every machine.
uint64_t SeedOf(const Trace& program) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : PrintTrace(program)) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  return hash;
}

// Fillers are released by ops that no trace shows.
bool IsOpOfTrace(const Finding& finding, const Trace& trace) {
  return finding.actor < trace.actors.size() &&
         finding.op_index < trace.actors[finding.actor].op_count &&
         trace.op(finding.actor, finding.op_index).code == finding.op;
}

// The judge, and which ops begin before it ends the run.
class BegunOps : public EventSink {
 public:
  BegunOps(Judge& judge, const Trace& trace) : judge_(judge), t_(trace) {}
  void Begin(const Executor& executor) override { judge_.Begin(executor); }
  bool OnStep(const Executor& executor, std::span<const Event> events) override {
    for (const Event& e : events)
      if (e.kind == EventKind::op_begin && e.ctx < t_.actors.size() &&
          e.obj < t_.actors[e.ctx].op_count)
        begun_.insert({e.ctx, e.obj});
    return judge_.OnStep(executor, events);
  }
  size_t count() const { return begun_.size(); }

 private:
  Judge& judge_;
  const Trace& t_;
  std::set<std::pair<uint32_t, uint32_t>> begun_;
};

}  // namespace

uint32_t Lab::OpsBegun(const Trace& trace) {
  BegunOps sink(judge_, trace);
  executor_.Load(trace, &sink);
  executor_.Run(replay_);
  return static_cast<uint32_t>(sink.count());
}

Finding Lab::Run(const Trace& trace) {
  runs_++;
  return RunOnce(executor_, judge_, trace, replay_).finding;
}

Finding Lab::FirstFailure(Trace* trace) {
  FailureLimits limits;
  limits.max_states = kStatesOfAll * options_.max_states;
  limits.stop = [this] { return Stopped(); };
  return RecordFirstFailure(executor_, judge_, trace, limits);
}

void Lab::Want(const Finding& finding, const Trace& trace) {
  wanted_ = finding;
  wants_op_ = IsOpOfTrace(finding, trace);
}

bool Lab::Fails(Trace* trace) {
  const Finding finding = Run(*trace);
  if (!finding) return false;
  if (!SameFailure(finding, wanted_)) {
    NoteOther(finding, *trace);
    return false;
  }
  if (wants_op_ && !IsOpOfTrace(finding, *trace)) return false;
  trace->schedule.decisions = ResolvedDecisions(*trace, replay_);
  return true;
}

bool Lab::FailsSomehow(Trace* trace, uint64_t max_states, int max_decisions, bool* complete) {
  const auto other = [&](const Finding& finding, std::vector<Decision> decisions) {
    Trace failing = WithoutSchedule(*trace);
    failing.schedule.decisions = std::move(decisions);
    NoteOther(finding, failing);
  };
  SearchResult found;
  for (const int inside : {0, 1, max_decisions}) {
    if (found.found || inside > max_decisions) continue;
    found = FindSchedule(executor_, judge_, *trace, wanted_, {max_states, max_decisions, inside},
                         other);
    states_ += found.states;
  }
  *complete = found.complete;
  if (!found.found) return false;
  Trace failing = WithoutSchedule(*trace);
  failing.schedule.decisions = found.decisions;
  if (!Fails(&failing)) return false;
  *trace = std::move(failing);
  return true;
}

bool Lab::FailsAtRandom(Trace* trace, int schedules) {
  const Trace program = WithoutSchedule(*trace);
  RandomChooser random(SeedOf(program));
  for (int i = 0; i < schedules && !Stopped(); i++) {
    runs_++;
    RecordChooser recorder(random);
    const Finding finding = RunOnce(executor_, judge_, program, recorder).finding;
    if (!finding) continue;
    Trace failing = program;
    failing.schedule.decisions = recorder.decisions();
    if (!Fails(&failing)) continue;
    *trace = std::move(failing);
    return true;
  }
  return false;
}

void Lab::NoteOther(const Finding& finding, const Trace& trace) {
  for (OtherFailure& other : others_) {
    if (other.finding.id != finding.id) continue;
    if (!(SizeOf(trace) < SizeOf(other.trace))) return;
    other = {finding, trace};
    others_noted_++;
    return;
  }
  others_.push_back({finding, trace});
  others_noted_++;
}

double Lab::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

bool Lab::Stopped() const {
  if (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed)) return true;
  return options_.seconds > 0 && seconds() >= options_.seconds;
}

}  // namespace highmem
