#include "ci/conformance/conformance.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <vector>

#include "highmem/machine/profile.h"
#include "highmem/trace/words.h"
#include "highmem/verdict/invariants.h"

namespace highmem {
namespace {

namespace fs = std::filesystem;

using Names = std::set<std::string>;

// What the corpus says of itself.
struct Corpus {
  std::map<std::string, Names> by_rule;     // "X9" or "C.4": litmus files
  std::map<std::string, Names> by_profile;  // litmus files
  std::map<std::string, Names> targets;     // by profile: fuzz targets
};

void ReadTrace(const fs::path& file, Corpus* corpus) {
  static const std::regex rule("\\b([IPX][0-9]{1,2}|[A-K]\\.[0-9]{1,2})\\b");
  std::ifstream in(file);
  const std::string name = file.stem().string();
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("profile ")) {
      const std::string profile = line.substr(8, line.find(' ', 8) - 8);
      corpus->by_profile[profile].insert(name);
      return;
    }
    for (std::sregex_iterator it(line.begin(), line.end(), rule), end; it != end; ++it)
      corpus->by_rule[it->str(1)].insert(name);
  }
}

void ReadTarget(const fs::path& file, Corpus* corpus) {
  static const std::regex target("kTarget = \\{\"(\\w+)\"");
  std::ifstream in(file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::smatch match;
  if (std::regex_search(text, match, target))
    corpus->targets[match.str(1)].insert(file.stem().string());
}

Corpus ReadCorpus(const std::string& root) {
  Corpus corpus;
  for (const char* directory : {"/corpus/litmus", "/corpus/worlds", "/corpus/kernel"})
    for (const auto& entry : fs::directory_iterator(root + directory))
      if (entry.path().extension() == ".hm") ReadTrace(entry.path(), &corpus);
  for (const auto& entry : fs::directory_iterator(root + "/fuzz"))
    if (entry.path().extension() == ".cc") ReadTarget(entry.path(), &corpus);
  return corpus;
}

// Why a rule has no row, where that is meant.
std::string_view Excuse(const std::string& rule) {
  static const std::map<std::string, std::string_view> excuses = {
      {"X29", "unreachable: such a CPU has no highmem"},
  };
  const auto found = excuses.find(rule);
  return found == excuses.end() ? "" : found->second;
}

// At most so many names; the rest as a number.
std::string List(const Names& names) {
  constexpr size_t kMost = 4;
  std::string text;
  size_t n = 0;
  for (const std::string& name : names) {
    if (n++ == kMost) break;
    text += fmt::format("{}`{}`", text.empty() ? "" : ", ", name);
  }
  if (names.size() > kMost) text += fmt::format(" and {} more", names.size() - kMost);
  return text;
}

std::string Fires(const std::string& rule) {
  FindingId id = FindingId::kNone;
  if (!FindWord(rule, &id)) return "";
  const IdSource& source = IdSources()[static_cast<size_t>(id)];
  return source.mutant.empty() ? "" : fmt::format("`{}` on `{}`", source.mutant, source.trace);
}

struct Tally {
  int rows = 0;
  int tested = 0;
};

std::string Rules(const Corpus& corpus, char letter, int last, Tally* tally) {
  std::string text = "\n| rule | traces | fires: mutant, trace |\n|---|---|---|\n";
  for (int n = 1; n <= last; n++) {
    const std::string rule = letter + std::to_string(n);
    const auto found = corpus.by_rule.find(rule);
    const std::string litmus = found == corpus.by_rule.end() ? "" : List(found->second);
    const std::string fires = Fires(rule);
    const bool tested = !litmus.empty() || !fires.empty();
    tally->rows++;
    tally->tested += tested;
    const std::string_view excuse = Excuse(rule);
    std::string cell = litmus;
    if (tested && !excuse.empty()) cell += " **although**: " + std::string(excuse);
    if (!tested) cell = excuse.empty() ? "**nothing**" : "none: " + std::string(excuse);
    text += fmt::format("| {} | {} | {} |\n", rule, cell, fires);
  }
  return text;
}

std::string Sections(const Corpus& corpus) {
  std::string text = "\n| section | traces |\n|---|---|\n";
  for (const auto& [rule, names] : corpus.by_rule)
    if (rule.find('.') != std::string::npos)
      text += fmt::format("| {} | {} |\n", rule, List(names));
  return text;
}

std::string Profiles(const Corpus& corpus) {
  const auto of = [](const std::map<std::string, Names>& map, const std::string& key) {
    const auto found = map.find(key);
    return found == map.end() ? std::string("**none**") : List(found->second);
  };
  std::string text = "\n| profile | traces | fuzz targets |\n|---|---|---|\n";
  for (const Profile& p : NamedProfiles())
    text += fmt::format("| {} | {} | {} |\n", p.name, of(corpus.by_profile, p.name),
                        of(corpus.targets, p.name));
  return text;
}

}  // namespace

std::string ConformancePage(const std::string& root) {
  const Corpus corpus = ReadCorpus(root);
  Tally i, x, p;
  const std::string invariants = Rules(corpus, 'I', 47, &i);
  const std::string errors = Rules(corpus, 'X', 34, &x);
  const std::string golden = Rules(corpus, 'P', 20, &p);
  return fmt::format(
             "# Conformance\n\nWhich rule of [SPEC.md](SPEC.md) is exercised by what. Generated "
             "by\n"
             "`bazel run //ci/conformance`; a test compares. Litmus files name their rules in "
             "their "
             "first\ncomment; each of their expectations can fail "
             "(`//corpus:litmus_negation_test`). Ids fire on\nmutants "
             "(`//highmem/mutants:fires_test`). Tested: {} of {} invariants, {} of {} error rules, "
             "{} "
             "of\n{} golden traces.\n",
             i.tested, i.rows, x.tested, x.rows, p.tested, p.rows) +
         "\n## Invariants\n" + invariants + "\n## Error rules\n" + errors + "\n## Golden traces\n" +
         golden + "\n## Profiles\n" + Profiles(corpus) + "\n## Sections\n" + Sections(corpus);
}

}  // namespace highmem
