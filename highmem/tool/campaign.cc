#include "highmem/campaign/campaign.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "highmem/campaign/files.h"
#include "highmem/campaign/merge.h"
#include "highmem/campaign/screen.h"
#include "highmem/coverage/cells.h"
#include "highmem/tool/commands.h"

namespace highmem {
namespace {

constexpr size_t kColumns = 80, kRows = 24;
constexpr double kLinePeriod = 10;  // seconds between plain lines

volatile bool interrupted = false;

struct Options {
  std::string dir;
  std::string merge;
  std::string engine = "libfuzzer";
  std::vector<std::string> targets = {"mixed"};
  double hours = 0;
  double seconds = 0;
  double round = 60;
  int jobs = 1;
  bool json = false;
};

int Complain(const std::string& error) {
  std::fprintf(stderr, "hm: %s\n", error.c_str());
  return 1;
}

// A path, or a target of //fuzz by its name, where Bazel, or ci/afl, puts it.
CampaignTarget TargetOf(const std::string& word, bool afl) {
  if (word.find('/') != std::string::npos) {
    const std::string name = word.substr(word.rfind('/') + 1);
    return {name, word};
  }
  const char* workspace = std::getenv("BUILD_WORKSPACE_DIRECTORY");
  const std::string root = workspace == nullptr ? "" : std::string(workspace) + "/";
  if (afl) return {word, root + ".highmem/afl/" + word + "/bin/" + word};
  return {word, root + "bazel-bin/fuzz/" + word + "_bin"};
}

// On a terminal a screen, else a line now and then, or all of them as JSON.
class Shower {
 public:
  explicit Shower(bool json) : json_(json), tty_(!json && isatty(STDOUT_FILENO) != 0) {}
  void Show(const CampaignView& view) {
    if (json_) {
      std::printf("%s\n", CampaignStatusJson(view, CellCount()).c_str());
    } else if (tty_) {
      std::printf("\033[H\033[2J%s", CampaignScreen(view, CellCount(), kColumns, kRows).c_str());
    } else if (view.totals.seconds >= next_) {
      next_ = view.totals.seconds + kLinePeriod;
      std::printf("%s\n", CampaignLine(view, CellCount()).c_str());
    }
    std::fflush(stdout);
    last_ = CampaignLine(view, CellCount());
  }
  void Finish() const {
    if (!json_ && !last_.empty()) std::printf("%s\n", last_.c_str());
  }

 private:
  const bool json_, tty_;
  double next_ = 0;
  std::string last_;
};

int Merge(const Options& options) {
  std::string error;
  DirectoryLock lock;
  if (!MakeDirectory(options.dir, &error) || !lock.Take(options.dir, &error))
    return Complain(error);
  const std::unique_ptr<Store> store = Store::Open(options.dir, &error);
  if (store == nullptr || !MergeCampaign(store.get(), options.dir, options.merge, &error))
    return Complain(error);
  return 0;
}

int Run(const Options& options) {
  if (!options.merge.empty()) return Merge(options);
  CampaignOptions campaign = {
      .dir = options.dir,
      .engine = options.engine,
      .seconds = options.seconds > 0 ? options.seconds : options.hours * 3600,
      .jobs = options.jobs,
      .round = options.round,
      .hm = "/proc/self/exe",
      .stop = &interrupted};
  const bool afl = options.engine != "libfuzzer";
  const std::string build = afl ? "ci/afl --build " : "bazel build //fuzz:";
  for (const std::string& word : options.targets) {
    campaign.targets.push_back(TargetOf(word, afl));
    const std::string& binary = campaign.targets.back().binary;
    if (access(binary.c_str(), X_OK) != 0)
      return Complain(binary + ": no such fuzz target; first: " + build + word +
                      (afl ? "" : "_bin"));
  }
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { interrupted = true; });
  Shower shower(options.json);
  std::string error;
  const bool ok =
      RunCampaign(campaign, [&shower](const CampaignView& view) { shower.Show(view); }, &error);
  shower.Finish();
  return ok ? 0 : Complain(error);
}

}  // namespace

void AddCampaign(CLI::App& app, int* exit_code) {
  auto options = std::make_shared<Options>();
  CLI::App* cmd = app.add_subcommand("campaign", "Fuzz for long, and keep what is found");
  cmd->add_option("DIR", options->dir, "of the campaign; where there is one, it goes on")
      ->required();
  auto* hours = cmd->add_option("--hours", options->hours,
                                "how long, all sessions of this campaign together (1)")
                    ->check(CLI::PositiveNumber);
  cmd->add_option("--seconds", options->seconds, "the same in seconds")
      ->check(CLI::PositiveNumber)
      ->excludes(hours);
  cmd->add_option("--jobs", options->jobs, "fuzzers at a time (one less than there are CPUs)")
      ->check(CLI::Range(1, 256));
  cmd->add_option("--targets", options->targets,
                  "names of //fuzz, or files, separated by commas (mixed)")
      ->delimiter(',');
  cmd->add_option("--engine", options->engine, "libfuzzer or afl++ (libfuzzer)")
      ->check(CLI::IsMember({"libfuzzer", "afl++"}));
  cmd->add_option("--round", options->round, "seconds of a fuzzer before the next one's turn (60)")
      ->check(CLI::Range(1.0, 86400.0));
  cmd->add_option("--merge", options->merge, "add what another campaign's directory has, and end");
  cmd->add_flag("--json", options->json, "a line of JSON a second");
  options->hours = 1;
  options->jobs = std::max(1, static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN)) - 1);
  cmd->callback([options, exit_code] { *exit_code = Run(*options); });
}

}  // namespace highmem
