#include "highmem/campaign/engine.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "highmem/campaign/files.h"
#include "highmem/campaign/status.h"

namespace highmem {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLogTail = 16384;
constexpr const char* kAflOut = "/afl";              // in the run's directory
constexpr const char* kAflDefault = "/afl/default";  // as afl-fuzz names it
constexpr const char* kAflTimeout = "10000";         // ms: more than any input takes, however slow

std::string Log(const std::string& dir) { return ReadAll(dir + "/log", kLogTail); }

// The number behind the last `word`.
uint64_t LastNumber(const std::string& text, const std::string& word) {
  const size_t at = text.rfind(word);
  if (at == std::string::npos) return 0;
  const size_t digit = text.find_first_not_of(" :", at + word.size());
  return digit == std::string::npos ? 0 : std::strtoull(text.c_str() + digit, nullptr, 10);
}

std::string LastLine(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

// The line with its last `word`, from there on, without colours; "" if there is none.
std::string LineFrom(const std::string& text, const std::string& word) {
  const size_t at = text.rfind(word);
  if (at == std::string::npos) return "";
  std::string line;
  for (size_t i = at; i < text.size() && text[i] != '\n'; i++) {
    if (text[i] != '\033') {
      line += text[i];
    } else if ((i = text.find('m', i)) == std::string::npos) {
      break;
    }
  }
  return line;
}

// In $PATH; "" if it is not there.
std::string FindProgram(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream dirs(path == nullptr ? "" : path);
  for (std::string dir; std::getline(dirs, dir, ':');) {
    const std::string file = dir + "/" + name;
    if (!dir.empty() && access(file.c_str(), X_OK) == 0) return file;
  }
  return "";
}

bool HasInputs(const std::string& dir) {
  std::error_code code;
  for (fs::directory_iterator it(dir, code), end; !code && it != end; it.increment(code))
    if (it->path().filename().string().starts_with("id:")) return true;
  return false;
}

// Files by size, the smallest first.
std::vector<fs::path> BySize(const std::string& dir) {
  std::vector<std::pair<uintmax_t, fs::path>> sized;
  std::error_code code;
  for (const auto& file : fs::directory_iterator(dir, code))
    sized.emplace_back(file.file_size(code), file.path());
  std::sort(sized.begin(), sized.end());
  std::vector<fs::path> files;
  for (auto& [size, file] : sized) files.push_back(std::move(file));
  return files;
}

class LibFuzzer : public Engine {
 public:
  const char* name() const override { return "libfuzzer"; }
  bool CheckBinary(const std::string&, std::string*) const override { return true; }
  bool Prepare(const Run& run, Command* command, std::string*) const override {
    command->argv = {run.binary,
                     "-seed=" + std::to_string(run.seed),
                     "-max_total_time=" + std::to_string(run.seconds),
                     "-reload=1",
                     "-print_funcs=0",
                     "-handle_term=0",
                     "-artifact_prefix=" + run.dir + "/",
                     run.corpus};
    command->variables = {{kCampaignVariable, run.dir}};
    return true;
  }
  Command Weigh(const std::string& binary, const std::string& dir) const override {
    return {{binary, "-merge=1", dir + "/out", dir + "/in"}, {}};
  }
  // It copies them, under names of its own.
  std::set<std::string> Needed(const std::string& dir) const override {
    std::set<std::string> needed;
    for (const fs::path& file : BySize(dir + "/out")) needed.insert(HashOfFile(file.string()));
    return needed;
  }
  uint64_t Features(const std::string& dir) const override { return LastNumber(Log(dir), " ft:"); }
  bool Crashed(const std::string&, int exit_code) const override { return exit_code != 0; }
  std::string Complaint(const std::string& dir) const override { return LastLine(Log(dir)); }
};

// A run of its own each time: what it goes on with is the corpus, which other processes, engines
// and machines add to, and not its queue.
class AflPlusPlus : public Engine {
 public:
  explicit AflPlusPlus(std::string fuzzer) : fuzzer_(std::move(fuzzer)) {}

  const char* name() const override { return "afl++"; }
  // As afl-fuzz itself does: its runtime has this name. Not in one piece, or this program, which
  // may be the target, has it as well.
  bool CheckBinary(const std::string& binary, std::string* error) const override {
    if (ReadAll(binary).find(std::string("__AFL_") + "SHM_ID") != std::string::npos) return true;
    *error = binary + ": is not built for AFL++; ci/afl --build does that";
    return false;
  }
  bool Prepare(const Run& run, Command* command, std::string* error) const override {
    // Copies: it gives up where an input goes while it begins. Nor does it begin with none: a head
    // without a program.
    const std::string seeds = run.dir + "/seeds";
    std::error_code code;
    fs::copy(run.corpus, seeds, code);
    if (code) {
      *error = seeds + ": " + code.message();
      return false;
    }
    if (CountFiles(seeds) == 0 && !WriteAll(seeds + "/zeros", std::string(4, '\0'), error))
      return false;
    command->argv = {fuzzer_,
                     "-i",
                     seeds,
                     "-o",
                     run.dir + kAflOut,
                     "-V",
                     std::to_string(run.seconds),
                     "-s",
                     std::to_string(run.seed),
                     "-t",
                     kAflTimeout,
                     "-m",
                     "none",
                     "--",
                     run.binary};
    // Neither core patterns nor the CPU's governor are a program's to change.
    command->variables = {
        {kCampaignVariable, run.dir}, {"AFL_NO_UI", "1"},
        {"AFL_NO_AFFINITY", "1"},     {"AFL_SKIP_CPUFREQ", "1"},
        {"AFL_FAST_CAL", "1"},        {"AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES", "1"}};
    return true;
  }
  Command Weigh(const std::string& binary, const std::string& dir) const override {
    const std::string showmap = fs::path(fuzzer_).replace_filename("afl-showmap").string();
    return {{showmap, "-q", "-i", dir + "/in", "-o", dir + "/out", "-t", kAflTimeout, "-m", "none",
             "--", binary},
            {}};
  }
  // It writes a file for each, of lines EDGE:TIMES, where TIMES is a class of numbers.
  std::set<std::string> Needed(const std::string& dir) const override {
    std::set<std::string> needed, reached;
    for (const fs::path& input : BySize(dir + "/in")) {
      std::istringstream map(ReadAll(dir + "/out/" + input.filename().string()));
      for (std::string line; std::getline(map, line);)
        if (reached.insert(line).second) needed.insert(input.filename().string());
    }
    return needed;
  }
  uint64_t Features(const std::string& dir) const override {
    return LastNumber(ReadAll(dir + kAflDefault + "/fuzzer_stats"), "edges_found");
  }
  bool Crashed(const std::string& dir, int exit_code) const override {
    return exit_code != 0 || HasCrashes(dir);
  }
  std::string Complaint(const std::string& dir) const override {
    const std::string log = Log(dir), line = LineFrom(log, "PROGRAM ABORT");
    return line.empty() ? LastLine(log) : line;
  }

 private:
  const std::string fuzzer_;
};

}  // namespace

std::unique_ptr<Engine> Engine::Find(const std::string& name, std::string* error) {
  if (name == "libfuzzer") return std::make_unique<LibFuzzer>();
  if (name != "afl++") {
    *error = "engine " + name + ": expected libfuzzer or afl++";
    return nullptr;
  }
  const std::string fuzzer = FindProgram("afl-fuzz");
  if (!fuzzer.empty()) return std::make_unique<AflPlusPlus>(fuzzer);
  *error =
      "afl-fuzz: not found; it comes with Debian's package afl++: "
      "apt-get install --no-install-recommends afl++";
  return nullptr;
}

bool HasCrashes(const std::string& dir) {
  return HasInputs(dir + kAflDefault + "/crashes") || HasInputs(dir + kAflDefault + "/hangs");
}

bool CollectInputs(const std::string& dir, const std::string& corpus, std::string* error) {
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(dir + kAflDefault + "/queue", code)) {
    const std::string file = entry.path().filename().string();
    // What it began with is there already.
    if (!file.starts_with("id:") || file.find(",orig:") != std::string::npos) continue;
    fs::rename(entry.path(), corpus + "/" + HashOfFile(entry.path().string()), code);
    if (!code) continue;
    *error = corpus + ": " + code.message();
    return false;
  }
  return true;
}

}  // namespace highmem
