#include "ci/ablation_stats/stats.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <random>
#include <set>
#include <utility>

namespace highmem {
namespace {

constexpr std::string_view kHeader = "mutant\tconfiguration\tseed\texecutions\toutcome";
constexpr std::string_view kFull = "full";
constexpr int kResamplings = 4000;

using Runs = std::vector<AblationRun>;
using Pairs = std::vector<std::pair<const Runs*, const Runs*>>;  // full, without

// Adds up runs to the likeliest rate.
class Rate {
 public:
  void Add(const AblationRun& run) {
    found_ += run.found;
    executions_ += static_cast<double>(run.executions);
  }
  double Log() const { return std::log(found_ / executions_); }

 private:
  double found_ = 0.5, executions_ = 0;
};

double LogRate(const Runs& runs) {
  Rate rate;
  for (const AblationRun& run : runs) rate.Add(run);
  return rate.Log();
}

// std::uniform_int_distribution would differ from library to library.
double LogRateResampled(const Runs& runs, std::mt19937_64* random) {
  Rate rate;
  for (size_t i = 0; i < runs.size(); i++) rate.Add(runs[(*random)() % runs.size()]);
  return rate.Log();
}

Ratio RatioOf(const Pairs& pairs) {
  if (pairs.empty()) return {};
  const auto n = static_cast<double>(pairs.size());
  double log = 0;
  for (const auto& [full, without] : pairs) log += LogRate(*full) - LogRate(*without);
  std::mt19937_64 random(1);
  std::vector<double> logs;
  for (int i = 0; i < kResamplings; i++) {
    double sum = 0;
    for (const auto& [full, without] : pairs)
      sum += LogRateResampled(*full, &random) - LogRateResampled(*without, &random);
    logs.push_back(sum / n);
  }
  std::ranges::sort(logs);
  return {.value = std::exp(log / n),
          .low = std::exp(logs[kResamplings / 40]),
          .high = std::exp(logs[kResamplings - kResamplings / 40 - 1])};
}

// Splits at tabs; what is missing is empty, what is too much lies in the last.
std::array<std::string_view, 5> Fields(std::string_view line) {
  std::array<std::string_view, 5> fields;
  for (size_t i = 0; i < fields.size(); i++) {
    fields[i] = i + 1 < fields.size() ? line.substr(0, line.find('\t')) : line;
    line.remove_prefix(std::min(line.size(), fields[i].size() + 1));
  }
  return fields;
}

bool Number(std::string_view word, uint64_t* n) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), *n);
  return error == std::errc() && end == word.data() + word.size();
}

// What is wrong with it, or "".
std::string ParseLine(std::string_view line, std::set<std::string>* seen, AblationRuns* runs) {
  const auto [mutant, configuration, seed, executions, outcome] = Fields(line);
  AblationRun run{.found = outcome == "found"};
  uint64_t number = 0;
  if (mutant.empty() || configuration.empty()) return "expected a mutant and a configuration";
  if (!Number(seed, &number)) return fmt::format("expected a seed, found '{}'", seed);
  if (!Number(executions, &run.executions) || run.executions == 0)
    return fmt::format("expected a number of executions, found '{}'", executions);
  if (!run.found && outcome != "censored")
    return fmt::format("expected found or censored, found '{}'", outcome);
  if (!seen->insert(fmt::format("{}\t{}\t{}", mutant, configuration, number)).second)
    return fmt::format("expected one run a seed, found {} {} {} again", mutant, configuration,
                       seed);
  (*runs)[std::string(mutant)][std::string(configuration)].push_back(run);
  return "";
}

std::set<std::string> Configurations(const AblationRuns& runs) {
  std::set<std::string> names;
  for (const auto& [mutant, by_configuration] : runs)
    for (const auto& [name, of_it] : by_configuration) names.insert(name);
  names.erase(std::string(kFull));
  return names;
}

const Runs* Find(const std::map<std::string, Runs>& by_configuration, std::string_view name) {
  const auto found = by_configuration.find(std::string(name));
  return found == by_configuration.end() ? nullptr : &found->second;
}

std::string Cell(const Ratio& r) {
  return fmt::format("{:.2f} ({:.2f} to {:.2f})", r.value, r.low, r.high);
}

}  // namespace

bool ParseAblationRuns(std::string_view text, AblationRuns* runs, std::string* error) {
  std::set<std::string> seen;
  for (int number = 1; !text.empty(); number++) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (number == 1) {
      *error = line == kHeader ? "" : fmt::format("expected the line of names, found '{}'", line);
    } else {
      *error = ParseLine(line, &seen, runs);
    }
    if (!error->empty()) {
      *error = fmt::format("line {}: {}", number, *error);
      return false;
    }
  }
  for (const auto& [mutant, by_configuration] : *runs) {
    if (Find(by_configuration, kFull) != nullptr) continue;
    *error = fmt::format("expected runs of {} with everything (full), found none", mutant);
    return false;
  }
  if (runs->empty()) *error = "expected runs, found none";
  return !runs->empty();
}

Ratio AblationRatio(const Runs& full, const Runs& without) { return RatioOf({{&full, &without}}); }

Ratio AblationRatio(const AblationRuns& runs, const std::string& without) {
  Pairs pairs;
  for (const auto& [mutant, by_configuration] : runs) {
    const Runs* full = Find(by_configuration, kFull);
    const Runs* other = Find(by_configuration, without);
    if (full != nullptr && other != nullptr) pairs.emplace_back(full, other);
  }
  return RatioOf(pairs);
}

std::string MedianExecutions(Runs runs) {
  // A censored run would have found it later than all that did find it by then.
  std::ranges::sort(runs, {},
                    [](const AblationRun& r) { return std::pair(!r.found, r.executions); });
  const AblationRun& median = runs[(runs.size() - 1) / 2];
  if (median.found) return fmt::format("{}", median.executions);
  const auto cap = std::ranges::min(
      runs, {}, [](const AblationRun& r) { return std::pair(r.found, r.executions); });
  return fmt::format("> {}", cap.executions);
}

std::string AblationTable(const AblationRuns& runs) {
  const std::set<std::string> names = Configurations(runs);
  std::string table = "| mutant | full |", rule = "|---|---|";
  for (const std::string& name : names) {
    table += fmt::format(" without {} | ratio |", name);
    rule += "---|---|";
  }
  table += "\n" + rule + "\n";
  for (const auto& [mutant, by_configuration] : runs) {
    const Runs& full = *Find(by_configuration, kFull);
    table += fmt::format("| {} | {} |", mutant, MedianExecutions(full));
    for (const std::string& name : names) {
      const Runs* without = Find(by_configuration, name);
      table += without == nullptr ? " | |"
                                  : fmt::format(" {} | {} |", MedianExecutions(*without),
                                                Cell(AblationRatio(full, *without)));
    }
    table += "\n";
  }
  table += "| **all** | |";
  std::string sentences;
  for (const std::string& name : names) {
    const Ratio ratio = AblationRatio(runs, name);
    table += fmt::format(" | **{}** |", Cell(ratio));
    sentences += fmt::format("- {}: {}\n", name,
                             ratio.low > 1    ? "significantly better with than without."
                             : ratio.high < 1 ? "significantly worse with than without."
                                              : "not significantly better with than without.");
  }
  return table + "\n\n" + sentences;
}

}  // namespace highmem
