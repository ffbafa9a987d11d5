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
#include "highmem/schedule/replay.h"
#include "highmem/schedule/twice.h"
#include "highmem/trace/file.h"
#include "highmem/trace/text.h"
#include "highmem/trace/words.h"
#include "highmem/verdict/judge.h"

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

[[noreturn]] void ReportFinding(const Trace& trace, const Finding& finding,
                                std::span<const uint8_t> input) {
  char name[64];
  std::snprintf(name, sizeof(name), "%s-%016llx.hm", Info(finding.id).name.data(),
                static_cast<unsigned long long>(XXH64(input.data(), input.size(), 0)));
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

void CheckTwice(Executor& executor, const Trace& trace) {
  static uint32_t executions = 0;
  if (++executions % kTwiceOdds != 0) return;
  ReplayChooser replay;
  const int64_t step = FirstStepThatDiffers(executor, trace, replay);
  if (step == kSameTwice) return;
  std::fprintf(stderr,
               "highmem: the same trace ran differently the second time, from step %lld:\n%s",
               static_cast<long long>(step), PrintTrace(trace).c_str());
  std::abort();
}

}  // namespace

void RunTrace(const Trace& trace, const LaneReport& lane, std::span<const uint8_t> input) {
  static Executor executor;
  Stats().BeginExecution(lane.kept, static_cast<uint32_t>(lane.skipped.size()));
  CountingJudge sink;
  ReplayChooser replay;
  executor.Load(trace, &sink);
  executor.Run(replay);
  sink.judge.Finish(executor);
  const Finding& finding = sink.judge.finding();
  Stats().EndExecution(executor.steps(), static_cast<bool>(finding));
  const bool counts = finding && lane.kept >= FewestOps();
  if (CampaignLink* link = CampaignLink::Get()) {
    link->EndExecution(trace, executor.steps());
    if (counts) link->Found(trace, finding);
  } else if (counts) {
    ReportFinding(trace, finding, input);
  }
  CheckTwice(executor, trace);
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
  Stats();
  std::atexit([] {
    if (CampaignLink* link = CampaignLink::Get()) link->WriteStatus();
    Stats().PrintSummary();
  });
}

}  // namespace highmem
