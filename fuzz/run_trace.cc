#include "fuzz/run_trace.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "fuzz/ablate.h"
#include "fuzz/campaign_link.h"
#include "fuzz/run_stats.h"
#include "highmem/report/report.h"
#include "highmem/schedule/record.h"
#include "highmem/schedule/replay.h"
#include "highmem/schedule/twice.h"
#include "highmem/trace/file.h"
#include "highmem/trace/text.h"
#include "highmem/trace/words.h"
#include "highmem/verdict/callers_own.h"
#include "highmem/verdict/judge.h"
#include "highmem/verdict/outcome.h"

namespace highmem {
namespace {

std::string findings_prefix;  // directory with its slash, or ""

RunStats& Stats() {
  static RunStats stats;
  return stats;
}

// HIGHMEM_ONLY: the one rule to look for, or `contract` for what every implementation owes.
const JudgeOptions& OnlyRule() {
  static const JudgeOptions options = [] {
    JudgeOptions o;
    const char* word = std::getenv("HIGHMEM_ONLY");
    o.contract = word != nullptr && std::string_view(word) == "contract";
    if (word == nullptr || o.contract || FindWord<FindingId>(word, &o.only)) return o;
    std::fprintf(stderr,
                 "highmem: HIGHMEM_ONLY: expected `contract`, or an id that `hm invariants` lists, "
                 "found '%s'\n",
                 word);
    std::exit(1);
  }();
  return options;
}

// HIGHMEM_MIN_OPS: findings of shorter programs do not count; for those who want long ones, to see
// what shrinking makes of them.
uint32_t FewestOps() {
  static const uint32_t ops = [] {
    const char* word = std::getenv("HIGHMEM_MIN_OPS");
    uint32_t n = 0;
    if (word == nullptr) return n;
    const char* end = word + std::string_view(word).size();
    const auto [at, error] = std::from_chars(word, end, n);
    if (error == std::errc() && at == end) return n;
    std::fprintf(stderr, "highmem: HIGHMEM_MIN_OPS: expected a number, found '%s'\n", word);
    std::exit(1);
  }();
  return ops;
}

// The judge, with the counters listening in.
class CountingJudge : public EventSink {
 public:
  CountingJudge() : judge(OnlyRule()) {}
  void Begin(const Executor& executor) override {
    judge.Begin(executor);
    if (CampaignLink* link = CampaignLink::Get()) link->Begin(executor);
  }
  bool OnStep(const Executor& executor, std::span<const Event> events) override {
    Stats().OnEvents(executor, events);
    if (CampaignLink* link = CampaignLink::Get()) link->OnStep(events);
    return judge.OnStep(executor, events);
  }
  Judge judge;
};

[[noreturn]] void ReportFinding(const Trace& trace, const Finding& finding, uint64_t hash) {
  char name[64];
  std::snprintf(name, sizeof(name), "%s-%016llx.hm", Info(finding.id).name.data(),
                static_cast<unsigned long long>(hash));
  const std::string path = findings_prefix + name;
  std::string error;
  if (!WriteTraceFile(path, trace, {.overwrite = true}, &error))
    std::fprintf(stderr, "highmem: %s\n", error.c_str());
  std::fputs(TerminalReport(trace, finding, {.file = path}).c_str(), stderr);
  Stats().PrintSummary();
  std::abort();
}

// Every so many executions one is made twice more: the trace alone decides what a run does.
constexpr uint32_t kTwiceOdds = 1000;

void CheckTwice(Executor& executor, const Trace& trace, Chooser& chooser) {
  static uint32_t executions = 0;
  const CampaignLink* link = CampaignLink::Get();
  if (link != nullptr && link->notes_inputs()) return;
  if (++executions % kTwiceOdds != 0) return;
  const int64_t step = FirstStepThatDiffers(executor, trace, chooser);
  if (step == kSameTwice) return;
  std::fprintf(stderr,
               "highmem: the same trace ran differently the second time, from step %lld:\n%s",
               static_cast<long long>(step), PrintTrace(trace).c_str());
  std::abort();
}

// One execution, counted; what came of it.
Finding Run(Executor& executor, const Trace& trace, Chooser& chooser, uint32_t kept,
            uint32_t skipped) {
  Stats().BeginExecution(kept, skipped);
  CountingJudge sink;
  executor.Load(trace, &sink);
  executor.Run(chooser);
  sink.judge.Finish(executor);
  Finding finding = sink.judge.finding();
  if (trace.misuse && CallersOwn(finding.id)) finding = {};
  Stats().EndExecution(executor.steps(), static_cast<bool>(finding));
  return finding;
}

uint64_t Hash(std::span<const uint8_t> bytes, uint64_t seed = 0) {
  return XXH64(bytes.data(), bytes.size(), seed);
}

// Its decisions for its schedule, so that it replays by itself.
[[noreturn]] void ReportRecording(Executor& executor, const Trace& program, Chooser& chooser,
                                  const Finding& finding, std::span<const uint8_t> input) {
  const std::string text = PrintTrace(program);
  const Trace recorded = RecordRun(executor, program, nullptr, chooser);
  ReplayChooser replay;
  Judge judge(OnlyRule());
  const Finding again = RunOnce(executor, judge, recorded, replay).finding;
  if (again.id != finding.id)
    std::fputs("highmem: no list of decisions brings this run back\n", stderr);
  ReportFinding(recorded, again ? again : finding, Hash(input, XXH64(text.data(), text.size(), 0)));
}

}  // namespace

void RunTrace(const Trace& trace, const LaneReport& lane, std::span<const uint8_t> input) {
  static Executor executor;
  static ReplayChooser replay;  // keeps its memory
  const Finding finding =
      Run(executor, trace, replay, lane.kept, static_cast<uint32_t>(lane.skipped.size()));
  const bool counts = finding && lane.kept >= FewestOps();
  if (CampaignLink* link = CampaignLink::Get()) {
    link->EndExecution(trace, executor.steps(), input);
    if (counts) link->Found(trace, finding);
  } else if (counts) {
    ReportFinding(trace, finding, Hash(input));
  }
  CheckTwice(executor, trace, replay);
  Stats().PrintProgressIfDue();
}

void RunSchedule(const Trace& program, Chooser& chooser, std::span<const uint8_t> input) {
  static Executor executor;
  const Finding finding =
      Run(executor, program, chooser, static_cast<uint32_t>(program.ops.size()), 0);
  if (CampaignLink* link = CampaignLink::Get()) {
    const uint64_t steps = executor.steps();
    const bool told = finding || link->HasFirstHit();
    const Trace trace = told ? RecordRun(executor, program, nullptr, chooser) : program;
    link->EndExecution(trace, steps, input);
    if (finding) link->Found(trace, finding);
  } else if (finding) {
    ReportRecording(executor, program, chooser, finding, input);
  }
  CheckTwice(executor, program, chooser);
  Stats().PrintProgressIfDue();
}

void InitializeRuns(int argc, char** argv) {
  constexpr std::string_view kPrefix = "-artifact_prefix=";
  for (int i = 1; i < argc; i++) {
    const std::string_view arg = argv[i];
    if (arg.starts_with(kPrefix)) findings_prefix = arg.substr(kPrefix.size());
  }
  if (const char* dir = std::getenv("HIGHMEM_FINDINGS")) findings_prefix = std::string(dir) + "/";
  Ablated();
  OnlyRule();
  FewestOps();
  Stats();
  std::atexit([] {
    if (CampaignLink* link = CampaignLink::Get()) link->WriteStatus();
    Stats().PrintSummary();
  });
}

}  // namespace highmem
