// Errors, and the pieces that every form of a text trace is made of. (text_parser.h)
#include <algorithm>
#include <limits>

#include "highmem/trace/text_parser.h"

namespace highmem {
namespace {

constexpr size_t kLongList = 80;    // letters that a message lists though it has a better guess
constexpr size_t kMostListed = 12;  // words
constexpr uint64_t kMaxInt = std::numeric_limits<int32_t>::max();

}  // namespace

std::string TextParser::ListWords(const WordList& words) {
  std::string text;
  for (size_t i = 0; i < words.size() && i < kMostListed; i++)
    text += Concat(i == 0 ? "" : ", ", words[i]);
  return words.size() > kMostListed ? Concat(text, ", ... ", words.size(), " in all") : text;
}

bool TextParser::FailAt(Spot spot, std::string sentence) {
  error_.line = spot.line;
  error_.column = spot.column;
  error_.sentence = std::move(sentence);
  return false;
}

bool TextParser::FailFound(std::string_view expected, std::string_view found) {
  return FailAt(Here(), Concat("expected ", expected, ", found ", found));
}

bool TextParser::Fail(std::string_view expected) {
  return FailFound(expected, Describe(lex_.token()));
}

bool TextParser::FailWord(std::string_view expected, const WordList& words) {
  return FailWordAt(Here(), expected, words, lex_.token());
}

bool TextParser::FailWordAt(Spot spot, std::string_view expected, const WordList& words,
                            Token token) {
  const bool word = token.kind == TokenKind::word;
  const std::string_view nearest = word ? NearestWord(token.text, words) : "";
  std::string text(expected);
  const std::string list = ListWords(words);
  if (!list.empty() &&
      (nearest.empty() || (words.size() <= kMostListed && list.size() <= kLongList)))
    text += Concat(" (", list, ")");
  std::string found = Describe(token);
  if (!nearest.empty()) found += Concat("; did you mean '", nearest, "'?");
  return FailAt(spot, Concat("expected ", text, ", found ", found));
}

bool TextParser::TakeMark(std::string_view mark) {
  if (!lex_.AtMark(mark)) return Fail(Concat("'", mark, "'"));
  lex_.Next();
  return true;
}

bool TextParser::TakeEnd(std::string_view expected) { return lex_.AtEnd() || Fail(expected); }

bool TextParser::TakeNumber(std::string_view what, uint64_t min, uint64_t max, uint64_t* value) {
  const Token& token = lex_.token();
  if (token.kind != TokenKind::number || token.number < min || token.number > max)
    return Fail(min == max ? Concat(what, ", here only ", min)
                           : Concat(what, " from ", min, " to ", max));
  *value = token.number;
  lex_.Next();
  return true;
}

bool TextParser::TakeInt(std::string_view what, int32_t* value) {
  const bool minus = lex_.AtMark("-");
  if (minus) lex_.Next();
  uint64_t number = 0;
  if (!TakeNumber(what, 0, minus ? kMaxInt + 1 : kMaxInt, &number)) return false;
  const auto signed_number = static_cast<int64_t>(number);
  *value = static_cast<int32_t>(minus ? -signed_number : signed_number);
  return true;
}

bool TextParser::TakeCpu(CpuId* cpu) {
  uint64_t number = 0;
  if (!TakeNumber("a CPU", 0, static_cast<uint64_t>(out_.profile.cpus) - 1, &number)) return false;
  *cpu = static_cast<CpuId>(number);
  return true;
}

// `other` is what else may stand here, for the message.
bool TextParser::TakeKnown(std::string_view what, const Names& names, int* index,
                           const WordList& other) {
  const auto found = names.find(lex_.token().text);
  if (lex_.token().kind != TokenKind::word || found == names.end()) {
    WordList words;
    for (const auto& [name, unused] : names) words.push_back(name);
    std::sort(words.begin(), words.end());
    words.insert(words.end(), other.begin(), other.end());
    return FailWord(what, words);
  }
  *index = found->second;
  lex_.Next();
  return true;
}

bool TextParser::TakeActor(ActorId* actor) {
  int index = 0;
  if (!TakeKnown("an actor", actors_, &index)) return false;
  *actor = static_cast<ActorId>(index);
  return true;
}

TextParser::Names TextParser::Tasks(size_t before) const {
  Names tasks;
  for (const auto& [name, actor] : actors_) {
    const auto index = static_cast<size_t>(actor);
    if (index < before && out_.actors[index].kind == ActorKind::task) tasks[name] = actor;
  }
  return tasks;
}

bool TextParser::TakeTask(ActorId* task) {
  int index = 0;
  if (!TakeKnown("a task", Tasks(out_.actors.size()), &index)) return false;
  *task = static_cast<ActorId>(index);
  return true;
}

// Leaves the token where it is.
bool TextParser::CheckNewName(std::string_view what, const Names& taken) {
  const Token& token = lex_.token();
  if (token.kind != TokenKind::word) return Fail(Concat(what, " name"));
  if (IsReserved(token.text))
    return FailFound(Concat(what, " name"), Describe(token) + ", a word of the format");
  if (!IsName(token.text)) return Fail(Concat(what, " name of at most 31 letters, digits and '_'"));
  if (taken.contains(token.text))
    return FailFound(Concat("a new name for ", what), Describe(token) + " again");
  return true;
}

}  // namespace highmem
