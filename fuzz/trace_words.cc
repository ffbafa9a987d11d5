// Prints the words of traces, as a libFuzzer dictionary.

#include <cstdio>
#include <set>
#include <string_view>

#include "highmem/machine/profile.h"
#include "highmem/trace/container.h"
#include "highmem/trace/one_line.h"
#include "highmem/trace/words.h"

namespace highmem {
namespace {

using Words = std::set<std::string_view>;

template <typename... Es>
void AddTables(Words* words) {
  (words->insert(WordsOf<Es>().begin(), WordsOf<Es>().end()), ...);
}

Words AllWords() {
  Words words = {"#hm 1",  "high",   "low",  "colour", "order",         "valid",
                 "misuse", "pkmap:", "fix:", " -> ",   " | ",           " = ",
                 "seed",   "pass",   "hang", "\\x0a",  kContainerMagic, kOneLineMagic};
  AddTables<OpCode, KmType, PrimKind, Site, FindingId, Quantity, Compare, ExpectKind, ActorKind,
            TargetKind, DecisionKind, ScheduleKind, VerdictKind>(&words);
  words.insert(Keywords().begin(), Keywords().end());
  for (const Profile& profile : NamedProfiles()) words.insert(profile.name);
  for (const ProfileField& field : ProfileFields()) words.insert(field.name);
  words.erase("");
  return words;
}

}  // namespace
}  // namespace highmem

int main() {
  for (const std::string_view word : highmem::AllWords())
    std::printf("\"%.*s\"\n", static_cast<int>(word.size()), word.data());
}
