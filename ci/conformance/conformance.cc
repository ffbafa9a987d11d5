#include "ci/conformance/conformance.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

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
#include "properties/golden.h"

namespace highmem {
namespace {

namespace fs = std::filesystem;

using Names = std::set<std::string>;

// A rule of SPEC.md, in its order.
struct SpecRule {
  std::string id;     // "C.4-2"
  std::string words;  // how it begins
};

// What corpus, mutants and fuzz targets say of themselves.
struct Corpus {
  std::vector<SpecRule> spec;
  std::map<std::string, Names> by_rule;     // "X9" or "C.4-2": litmus files
  std::map<std::string, Names> mutants;     // "C.4-2": mutants
  std::map<std::string, Names> by_profile;  // litmus files
  std::map<std::string, Names> targets;     // by profile: fuzz targets
  std::map<std::string, Names> golden;      // by rule: profiles
  std::map<std::string, Names> golden_of;   // by profile: rules
};

std::string ReadFile(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The first words behind the number, without what is special in a table.
std::string FirstWords(std::string_view text) {
  constexpr size_t kMost = 56;
  for (const std::string_view end : {" [", "\n\n", "\n* ", "\n#", "Sources:"})
    text = text.substr(0, text.find(end));
  std::string words;
  for (const char c : text.substr(0, 2 * kMost)) {
    const bool space = c == '\n' || c == ' ' || c == '|';
    if (space && !words.empty() && words.back() != ' ') words += ' ';
    if (!space && c != '*' && c != '`') words += c;
  }
  while (words.ends_with(' ')) words.pop_back();
  if (words.size() <= kMost) return words;
  const size_t end = words.rfind(' ', kMost);
  return words.substr(0, end) + " ...";
}

void ReadSpec(const fs::path& file, Corpus* corpus) {
  static const std::regex rule("\\[([0A-L](?:\\.[0-9]{1,2})?-[0-9]{1,2})\\] ");
  const std::string text = ReadFile(file);
  for (std::sregex_iterator it(text.begin(), text.end(), rule), end; it != end; ++it)
    corpus->spec.push_back({it->str(1), FirstWords(std::string_view(text).substr(
                                            static_cast<size_t>(it->position() + it->length())))});
}

void ReadTags(const std::string& line, const std::string& name,
              std::map<std::string, Names>* by_rule) {
  static const std::regex rule(
      "(?:^|[^A-Za-z0-9.])([IPXQ][0-9]{1,2}|[0A-L](?:\\.[0-9]{1,2})?-[0-9]{1,2})(?=[^0-9])");
  for (std::sregex_iterator it(line.begin(), line.end(), rule), end; it != end; ++it)
    (*by_rule)[it->str(1)].insert(name);
}

void ReadTrace(const fs::path& file, Corpus* corpus) {
  std::ifstream in(file);
  const std::string name = file.stem().string();
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("profile ")) {
      const std::string profile = line.substr(8, line.find(' ', 8) - 8);
      corpus->by_profile[profile].insert(name);
      return;
    }
    ReadTags(line + " ", name, &corpus->by_rule);
  }
}

// What stands before its first hunk: "Breaks SPEC C.4-1, C.4-2."
void ReadMutant(const fs::path& file, Corpus* corpus) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line) && !line.starts_with("---");)
    ReadTags(line + " ", file.stem().string(), &corpus->mutants);
}

void ReadTarget(const fs::path& file, Corpus* corpus) {
  static const std::regex target("kTarget = \\{\"(\\w+)\"");
  const std::string text = ReadFile(file);
  std::smatch match;
  if (std::regex_search(text, match, target))
    corpus->targets[match.str(1)].insert(file.stem().string());
}

Corpus ReadCorpus(const std::string& root) {
  Corpus corpus;
  ReadSpec(root + "/docs/SPEC.md", &corpus);
  for (const char* directory : {"/corpus/litmus", "/corpus/worlds", "/corpus/kernel"})
    for (const auto& entry : fs::directory_iterator(root + directory))
      if (entry.path().extension() == ".hm") ReadTrace(entry.path(), &corpus);
  for (const auto& entry : fs::directory_iterator(root + "/highmem/mutants"))
    if (entry.path().extension() == ".patch") ReadMutant(entry.path(), &corpus);
  for (const auto& entry : fs::directory_iterator(root + "/fuzz"))
    if (entry.path().extension() == ".cc") ReadTarget(entry.path(), &corpus);
  for (const golden::GoldenTrace& trace : golden::GoldenTraces()) {
    corpus.golden[trace.rule].insert(trace.profile);
    corpus.golden_of[trace.profile].insert(trace.rule);
  }
  return corpus;
}

// Why a rule has no row, where that is meant.
std::string_view Excuse(const std::string& rule) {
  static const std::map<std::string, std::string_view> excuses = {
      {"X29", "unreachable: such a CPU has no highmem"},
      {"Q12", "of a document: it names a symbol that no kernel has"},
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
  int broken = 0;  // by a mutant
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

const Names& Find(const std::map<std::string, Names>& map, const std::string& key) {
  static const Names none;
  const auto found = map.find(key);
  return found == map.end() ? none : found->second;
}

std::string SpecRules(const Corpus& corpus, Tally* tally) {
  std::string text = "\n| rule | it begins | traces | mutants that break it |\n|---|---|---|---|\n";
  for (const SpecRule& rule : corpus.spec) {
    const Names &traces = Find(corpus.by_rule, rule.id), &mutants = Find(corpus.mutants, rule.id);
    const bool tested = !traces.empty() || !mutants.empty();
    tally->rows++;
    tally->tested += tested;
    tally->broken += !mutants.empty();
    text += fmt::format("| {} | {} | {} | {} |\n", rule.id, rule.words,
                        tested ? List(traces) : "**nothing**", List(mutants));
  }
  return text;
}

// What a trace or a mutant claims and SPEC.md does not have.
std::string UnknownRules(const Corpus& corpus) {
  Names known;
  for (const SpecRule& rule : corpus.spec) known.insert(rule.id);
  std::string text;
  for (const auto* map : {&corpus.by_rule, &corpus.mutants})
    for (const auto& [rule, names] : *map)
      if (rule.find('-') != std::string::npos && !known.contains(rule))
        text += fmt::format("\n**unknown** {}: {}\n", rule, List(names));
  return text;
}

std::string Golden(const Corpus& corpus, Tally* tally) {
  std::string text = "\n| rule | traces | made for |\n|---|---|---|\n";
  for (int n = 1; n <= 20; n++) {
    const std::string rule = "P" + std::to_string(n);
    const Names &traces = Find(corpus.by_rule, rule), &profiles = Find(corpus.golden, rule);
    tally->rows++;
    tally->tested += !traces.empty();
    text += fmt::format(
        "| {} | {} | {} |\n", rule, traces.empty() ? "**nothing**" : List(traces),
        profiles.size() > 4 ? fmt::format("{} machines", profiles.size()) : List(profiles));
  }
  return text;
}

std::string Profiles(const Corpus& corpus) {
  std::string text = "\n| profile | golden traces | traces | fuzz targets |\n|---|---|---|---|\n";
  for (const Profile& p : NamedProfiles()) {
    const Names &golden = Find(corpus.golden_of, p.name), &traces = Find(corpus.by_profile, p.name),
                &targets = Find(corpus.targets, p.name);
    const bool nothing = golden.empty() && traces.empty() && targets.empty();
    text += fmt::format("| {} | {} | {} | {} |\n", p.name,
                        nothing ? "**nothing**" : fmt::format("{}", fmt::join(golden, " ")),
                        List(traces), List(targets));
  }
  return text;
}

}  // namespace

std::string ConformancePage(const std::string& root) {
  const Corpus corpus = ReadCorpus(root);
  Tally spec, i, x, q, p;
  const std::string rules = SpecRules(corpus, &spec);
  const std::string invariants = Rules(corpus, 'I', 47, &i);
  const std::string errors = Rules(corpus, 'X', 34, &x);
  const std::string quirks = Rules(corpus, 'Q', 12, &q);
  const std::string golden = Golden(corpus, &p);
  const auto of = [](const Tally& t) { return fmt::format("{} of {}", t.tested, t.rows); };
  return "# Conformance\n\nWhich rule of [SPEC.md](SPEC.md) is exercised by what. Generated by\n"
         "`bazel run //ci/conformance`; a test compares.\n\n"
         "Litmus files name their rules in their first comment; each of their expectations can "
         "fail\n(`//corpus:litmus_negation_test`). Mutants name theirs above their patch; each is "
         "found by its\nown test. Ids fire on mutants (`//highmem/mutants:fires_test`). Golden "
         "traces hold on every\nmachine that they are made for (`//properties:golden_test`).\n\n" +
         fmt::format(
             "Tested: {} numbered rules ({} of them broken by a mutant), {} invariants, {} error\n"
             "rules, {} quirks, {} golden traces.\n",
             of(spec), spec.broken, of(i), of(x), of(q), of(p)) +
         UnknownRules(corpus) + "\n## Rules\n" + rules + "\n## Invariants\n" + invariants +
         "\n## Error rules\n" + errors + "\n## Quirks\n" + quirks + "\n## Golden traces\n" +
         golden + "\n## Profiles\n" + Profiles(corpus);
}

}  // namespace highmem
