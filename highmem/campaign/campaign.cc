#include "highmem/campaign/campaign.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <list>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include "highmem/campaign/engine.h"
#include "highmem/campaign/files.h"
#include "highmem/campaign/process.h"
#include "highmem/campaign/status.h"
#include "highmem/campaign/trim.h"

namespace highmem {
namespace {

namespace fs = std::filesystem;

constexpr double kTick = 1;             // seconds between looks
constexpr double kSampleGrowth = 1.02;  // samples lie closer at the beginning
constexpr uint64_t kTrimFrom = 200;     // inputs
constexpr double kTrimGrowth = 1.5;     // since it was trimmed last
constexpr int kMostKills = 3;           // of a minimizer, before its finding is left alone
constexpr double kTooShort = 2;         // seconds; a fuzzer that fails sooner fails always

class Campaign {
 public:
  Campaign(const CampaignOptions& options, const std::function<void(const CampaignView&)>& show)
      : options_(options), show_(show) {}

  bool Run(std::string* error);

 private:
  struct Job {
    Process process;
    size_t target = 0;
    std::string run;  // id; empty where a corpus is trimmed
    std::string dir;
    Trim trim = {};
  };

  bool Open(std::string* error);
  bool Recover(std::string* error);
  bool Tick(std::string* error);
  bool Begin(size_t target, std::string* error);
  bool BeginRun(size_t target, std::string* error);
  bool BeginTrim(size_t target, std::string* error);
  bool EndTrim(const Job& job, std::string* error);
  bool AbsorbJob(const Job& job, const char* state, std::string* error);
  bool EndJob(Job* job, std::string* error);
  void NoteFeatures(const Job& job);
  bool NoteCrash(const Job& job, std::string* error);
  bool MinimizeNext(std::string* error);
  bool EndMinimization(std::string* error);
  bool Sample(std::string* error);
  bool Show(std::string* error);
  size_t NextTarget() const;
  bool IsTrimmed(size_t target) const;
  bool Stopped() const { return options_.stop != nullptr && *options_.stop; }
  bool Over() const { return seconds_ >= options_.seconds || Stopped(); }
  std::string Crashes(const Job& job) const { return options_.dir + "/crashes/" + job.run; }
  std::string Corpus(size_t target) const {
    return options_.dir + "/corpus/" + options_.targets[target].name;
  }

  const CampaignOptions& options_;
  const std::function<void(const CampaignView&)>& show_;
  DirectoryLock lock_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Engine> engine_;
  std::list<Job> jobs_;
  Process minimizer_;
  std::string minimizing_;  // key, or ""
  int minimizers_killed_ = 0;
  std::vector<double> turns_;      // seconds given to each target in this session
  std::vector<uint64_t> trimmed_;  // inputs each had when it was trimmed last
  std::vector<std::string> versions_;
  double seconds_ = 0;  // of the campaign
  double next_sample_ = 0;
  uint64_t features_ = 0;  // the most that one target has reached in this session
  std::vector<std::pair<double, uint64_t>> rates_;  // time, executions; the last ten
};

bool Campaign::Open(std::string* error) {
  engine_ = Engine::Find(options_.engine, error);
  if (engine_ == nullptr) return false;
  for (const CampaignTarget& target : options_.targets)
    if (!engine_->CheckBinary(target.binary, error)) return false;
  if (!MakeDirectory(options_.dir, error) || !lock_.Take(options_.dir, error)) return false;
  store_ = Store::Open(options_.dir, error);
  if (store_ == nullptr) return false;
  for (const char* part : {"/runs", "/minimize", "/crashes"})
    if (!MakeDirectory(options_.dir + part, error)) return false;
  for (size_t t = 0; t < options_.targets.size(); t++) {
    if (!MakeDirectory(Corpus(t), error)) return false;
    versions_.push_back(HashOfFile(options_.targets[t].binary));
    uint64_t& trimmed = trimmed_.emplace_back();
    if (!store_->GetTrimmed(options_.targets[t].name, &trimmed, error)) return false;
  }
  turns_.assign(options_.targets.size(), 0);
  return Recover(error);
}

// Takes over what processes left whose campaign was killed.
bool Campaign::Recover(std::string* error) {
  Store::Totals totals;
  std::vector<Store::Run> runs;
  if (!store_->GetTotals(&totals, error) || !store_->RunningRuns(&runs, error)) return false;
  seconds_ = next_sample_ = totals.seconds;
  for (const Store::Run& run : runs) {
    Job job;
    job.run = run.id;
    job.dir = options_.dir + "/runs/" + run.id;
    const std::string corpus = options_.dir + "/corpus/" + run.target;
    // In this order: once it is absorbed nobody looks at its directory again.
    if (!CollectInputs(job.dir, corpus, error)) return false;
    std::error_code code;
    if (HasCrashes(job.dir)) fs::copy(job.dir, Crashes(job), fs::copy_options::recursive, code);
    if (!AbsorbJob(job, "killed", error)) return false;
  }
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(options_.dir + "/runs", code))
    fs::remove_all(entry.path(), code);
  return true;
}

bool Campaign::IsTrimmed(size_t target) const {
  return std::any_of(jobs_.begin(), jobs_.end(),
                     [target](const Job& job) { return job.target == target && job.run.empty(); });
}

// The one that has had the least.
size_t Campaign::NextTarget() const {
  std::vector<double> given = turns_;
  for (const Job& job : jobs_) given[job.target] += options_.round;
  return static_cast<size_t>(std::min_element(given.begin(), given.end()) - given.begin());
}

bool Campaign::Begin(size_t target, std::string* error) {
  const auto inputs = static_cast<double>(CountFiles(Corpus(target)));
  const double most = std::max<double>(kTrimFrom, kTrimGrowth * trimmed_[target]);
  return inputs >= most && !IsTrimmed(target) ? BeginTrim(target, error) : BeginRun(target, error);
}

bool Campaign::BeginRun(size_t target, std::string* error) {
  Job& job = jobs_.emplace_back();
  job.target = target;
  job.run = RandomId();
  job.dir = options_.dir + "/runs/" + job.run;
  const uint64_t seed = 1 + std::strtoull(job.run.c_str() + 8, nullptr, 16) % 0x7fffffff;
  const double left = std::min(options_.round, std::max(1.0, options_.seconds - seconds_));
  const CampaignTarget& what = options_.targets[target];
  const Engine::Run run = {what.binary, Corpus(target), job.dir, seed, static_cast<int>(left)};
  Engine::Command command;
  return store_->BeginRun({job.run, what.name, engine_->name(), seed, versions_[target]}, error) &&
         MakeDirectory(job.dir + "/findings", error) && engine_->Prepare(run, &command, error) &&
         job.process.Start(command.argv, command.variables, job.dir + "/log", error);
}

bool Campaign::BeginTrim(size_t target, std::string* error) {
  Job& job = jobs_.emplace_back();
  job.target = target;
  job.dir = options_.dir + "/runs/trim-" + options_.targets[target].name;
  Engine::Command command = engine_->Weigh(options_.targets[target].binary, job.dir);
  command.variables[kCampaignVariable] = job.dir;
  command.variables[kCampaignInputsVariable] = "1";
  return job.trim.Begin(Corpus(target), job.dir, error) &&
         job.process.Start(command.argv, command.variables, job.dir + "/log", error);
}

// Where it failed the corpus stays as it is, until it has grown again or in the next session.
bool Campaign::EndTrim(const Job& job, std::string* error) {
  const bool done = job.process.exit_code() == 0;
  if (done && !job.trim.End(engine_->Needed(job.dir), error)) return false;
  trimmed_[job.target] = CountFiles(Corpus(job.target));
  return !done ||
         store_->SetTrimmed(options_.targets[job.target].name, trimmed_[job.target], error);
}

bool Campaign::AbsorbJob(const Job& job, const char* state, std::string* error) {
  Store::Progress progress;
  progress.seconds = job.process.seconds();
  progress.state = state;
  ParseStatus(ReadAll(job.dir + "/status"), &progress.status);
  progress.first_hits = ParseFirstHits(ReadAll(job.dir + "/cells"));
  for (const auto& [key, times] : progress.status.findings) {
    const std::string trace = ReadAll(job.dir + "/findings/" + FindingFileName(key));
    if (!trace.empty()) progress.traces[key] = trace;
  }
  return store_->Absorb(job.run, seconds_, progress, error);
}

bool Campaign::EndJob(Job* job, std::string* error) {
  turns_[job->target] += job->process.seconds();
  std::error_code code;
  if (job->run.empty()) {
    const bool ok = EndTrim(*job, error);
    // One that failed can be looked into, until the next.
    const std::string kept = options_.dir + "/crashes/" + fs::path(job->dir).filename().string();
    if (!job->process.killed() && job->process.exit_code() != 0) {
      fs::remove_all(kept, code);
      fs::rename(job->dir, kept, code);
    }
    fs::remove_all(job->dir, code);
    return ok;
  }
  const bool killed = job->process.killed();
  NoteFeatures(*job);
  if (!CollectInputs(job->dir, Corpus(job->target), error) ||
      !AbsorbJob(*job, killed ? "killed" : "ended", error))
    return false;
  if (killed && HasCrashes(job->dir)) fs::rename(job->dir, Crashes(*job), code);
  if (!killed && engine_->Crashed(job->dir, job->process.exit_code()) && !NoteCrash(*job, error))
    return false;
  fs::remove_all(job->dir, code);
  return true;
}

// Not a finding: those do not end a fuzzer. The harness itself has failed, or cannot work here.
bool Campaign::NoteCrash(const Job& job, std::string* error) {
  const std::string complaint = engine_->Complaint(job.dir);
  std::error_code code;
  const std::string kept = Crashes(job);
  fs::rename(job.dir, kept, code);
  if (job.process.seconds() >= kTooShort) return true;
  *error =
      options_.targets[job.target].binary + ": ended at once: " + complaint + " (" + kept + "/log)";
  return false;
}

void Campaign::NoteFeatures(const Job& job) {
  if (!job.run.empty()) features_ = std::max(features_, engine_->Features(job.dir));
}

bool Campaign::MinimizeNext(std::string* error) {
  std::vector<Store::Finding> fresh;
  if (!store_->NewFindings(&fresh, error)) return false;
  if (fresh.empty()) return true;
  minimizing_ = fresh.front().key;
  const std::string dir = options_.dir + "/minimize";
  std::error_code code;
  fs::remove(dir + "/small.hm", code);
  return WriteAll(dir + "/raw.hm", fresh.front().raw, error) &&
         minimizer_.Start({options_.hm, "minimize", dir + "/raw.hm", "-o", dir + "/small.hm", "-f",
                           "--time", std::to_string(static_cast<int>(options_.minimize))},
                          {}, dir + "/report", error);
}

bool Campaign::EndMinimization(std::string* error) {
  if (minimizer_.killed() && ++minimizers_killed_ < kMostKills) {
    minimizing_.clear();  // its turn comes again
    return true;
  }
  minimizers_killed_ = 0;
  const std::string dir = options_.dir + "/minimize";
  const std::string small = ReadAll(dir + "/small.hm"), report = ReadAll(dir + "/report");
  const char* state = small.empty() ? "unstable" : "minimized";
  return store_->SetFinding(std::exchange(minimizing_, ""), state, small, report, error);
}

bool Campaign::Sample(std::string* error) {
  if (seconds_ < next_sample_) return true;
  next_sample_ = std::max(seconds_ + kTick, seconds_ * kSampleGrowth);
  uint64_t corpus = 0;
  for (const Job& job : jobs_) NoteFeatures(job);
  for (size_t t = 0; t < options_.targets.size(); t++) corpus += CountFiles(Corpus(t));
  return store_->AddSample({seconds_, features_, corpus}, error);
}

bool Campaign::Show(std::string* error) {
  CampaignView view;
  view.dir = options_.dir;
  view.seconds = options_.seconds;
  view.features = features_;
  if (!store_->GetTotals(&view.totals, error) || !store_->Findings(&view.findings, error))
    return false;
  rates_.emplace_back(Now(), view.totals.executions);
  if (rates_.size() > 10) rates_.erase(rates_.begin());
  const double passed = rates_.back().first - rates_.front().first;
  if (passed > 0)
    view.rate = static_cast<double>(rates_.back().second - rates_.front().second) / passed;
  for (const Job& job : jobs_)
    view.running.push_back((job.run.empty() ? "trim " : "") + options_.targets[job.target].name);
  if (!minimizing_.empty()) view.running.push_back("minimize " + minimizing_);
  for (size_t t = 0; t < options_.targets.size(); t++) view.corpus += CountFiles(Corpus(t));
  show_(view);
  return true;
}

bool Campaign::Tick(std::string* error) {
  for (auto job = jobs_.begin(); job != jobs_.end();) {
    const bool running = job->process.Running();
    const bool ok = !running           ? EndJob(&*job, error)
                    : job->run.empty() ? true
                                       : AbsorbJob(*job, "running", error);
    if (!ok) return false;
    job = running ? std::next(job) : jobs_.erase(job);
  }
  if (!minimizing_.empty() && !minimizer_.Running() && !EndMinimization(error)) return false;
  if (minimizing_.empty() && !Stopped() && !MinimizeNext(error)) return false;
  while (!Over() && static_cast<int>(jobs_.size()) < options_.jobs)
    if (!Begin(NextTarget(), error)) return false;
  return store_->SetSeconds(seconds_, error) && Sample(error) && Show(error);
}

bool Campaign::Run(std::string* error) {
  if (!Open(error)) return false;
  double last = Now();
  bool ok = true;
  while (ok && !Over()) {
    ok = Tick(error);
    std::this_thread::sleep_for(std::chrono::duration<double>(kTick));
    const double now = Now();
    seconds_ += now - std::exchange(last, now);
  }
  for (Job& job : jobs_) job.process.Stop();
  std::string ignored;
  ok = Tick(ok ? error : &ignored) && ok;
  // What was found is minimized, unless somebody is in a hurry: then in the next session.
  while (ok && !minimizing_.empty() && !Stopped()) {
    std::this_thread::sleep_for(std::chrono::duration<double>(kTick));
    ok = Tick(error);
  }
  return ok;
}

}  // namespace

bool RunCampaign(const CampaignOptions& options,
                 const std::function<void(const CampaignView&)>& show, std::string* error) {
  return Campaign(options, show).Run(error);
}

}  // namespace highmem
