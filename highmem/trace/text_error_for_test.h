// Texts that are no traces, and what the parser says about them, word for word.
#ifndef HIGHMEM_TRACE_TEXT_ERROR_FOR_TEST_H_
#define HIGHMEM_TRACE_TEXT_ERROR_FOR_TEST_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "highmem/trace/text.h"
#include "highmem/trace/words.h"

namespace highmem {

struct Case {
  std::string text;     // goes behind the text that the cases share
  std::string message;  // with $WORD for the list of a table
};
template <typename Words>
std::string List(const Words& words, size_t first = 0) {
  std::string text;
  for (size_t i = first; i < words.size(); i++)
    text += (i == first ? "" : ", ") + std::string(words[i]);
  return text;
}
inline std::vector<std::pair<std::string, std::string>> Tables() {
  std::vector<std::string_view> profiles;
  std::vector<std::string_view> fields;
  std::vector<std::string_view> outcomes;
  for (const Profile& p : NamedProfiles()) profiles.emplace_back(p.name);
  for (const ProfileField& f : ProfileFields()) fields.push_back(f.name);
  for (int k = 0; k <= static_cast<int>(ExpectKind::hang); k++)
    outcomes.push_back(FormText(static_cast<ExpectKind>(k)));
  return {{"$OPS", List(WordsOf<OpCode>())},
          {"$PRIMS", List(WordsOf<PrimKind>(), 1)},
          {"$IDS", List(WordsOf<FindingId>())},
          {"$SITES", List(WordsOf<Site>())},
          {"$CONDITIONS", List(WordsOf<Quantity>())},
          {"$PROFILES", List(profiles)},
          {"$FIELDS", List(fields)},
          {"$OUTCOMES", List(outcomes)},
          {"$DECLARATIONS", "'page', 'lane', 'ignore', 'task', 'softirq', 'irq', 'nmi' or 'fault'"},
          {"$TARGETS", "T1, T2, fill, evict, writeback, ipi, migrate"},
          {"$LINES",
           "'task', 'softirq', 'irq', 'nmi', 'fault', 'schedule', 'expect', 'forbid', 'allow' or "
           "'final'"}};
}
// Messages list 12 words, and how many there are.
inline std::string Cut(std::string message) {
  constexpr size_t kListed = 12;
  const size_t end = message.find("), ");
  if (end == std::string::npos) return message;
  std::vector<size_t> ends;  // of the words
  for (size_t at = message.find('('); at < end; ends.push_back(at))
    at = std::min(message.find(", ", at + 1), end);
  if (ends.size() <= kListed) return message;
  const std::string rest = ", ... " + std::to_string(ends.size()) + " in all";
  return message.replace(ends[kListed - 1], end - ends[kListed - 1], rest);
}
inline std::string Expand(std::string message) {
  for (const auto& [word, list] : Tables()) {
    const size_t at = message.find(word);
    if (at != std::string::npos) message.replace(at, word.size(), list);
  }
  return Cut(message);
}
inline void ExpectErrors(const std::string& shared, const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    Trace trace;
    ParseError error;
    EXPECT_FALSE(ParseTrace(shared + c.text, "dir/x.hm", &trace, &error)) << c.text;
    EXPECT_EQ(error.Text(), "dir/x.hm:" + Expand(c.message)) << c.text;
    EXPECT_EQ(trace, Trace());
  }
}

}  // namespace highmem

#endif  // HIGHMEM_TRACE_TEXT_ERROR_FOR_TEST_H_
