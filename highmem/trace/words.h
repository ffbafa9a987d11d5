// The spelling of every word a trace is written with, once for text, container and messages.
#ifndef HIGHMEM_TRACE_WORDS_H_
#define HIGHMEM_TRACE_WORDS_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "highmem/kernel/primitive.h"
#include "highmem/machine/km_type.h"
#include "highmem/trace/finding_id.h"
#include "highmem/trace/op.h"
#include "highmem/trace/trace.h"

namespace highmem {

inline bool IsPrintable(char c) { return c >= ' ' && c <= '~'; }

// Words of an enumeration, in the order of its values. The value one past the last word (kCount,
// kNone) is the empty word.
template <typename E>
std::span<const std::string_view> WordsOf() = delete;
template <>
std::span<const std::string_view> WordsOf<OpCode>();
template <>
std::span<const std::string_view> WordsOf<KmType>();
template <>
std::span<const std::string_view> WordsOf<PrimKind>();
template <>
std::span<const std::string_view> WordsOf<Site>();
template <>
std::span<const std::string_view> WordsOf<FindingId>();
template <>
std::span<const std::string_view> WordsOf<Quantity>();
template <>
std::span<const std::string_view> WordsOf<Compare>();
template <>
std::span<const std::string_view> WordsOf<ExpectKind>();
template <>
std::span<const std::string_view> WordsOf<ActorKind>();
template <>
std::span<const std::string_view> WordsOf<TargetKind>();
template <>
std::span<const std::string_view> WordsOf<DecisionKind>();
template <>
std::span<const std::string_view> WordsOf<ScheduleKind>();
template <>
std::span<const std::string_view> WordsOf<VerdictKind>();

// True if the value has a word.
template <typename E>
bool HasWord(E value) {
  return static_cast<size_t>(value) < WordsOf<E>().size();
}

template <typename E>
std::string_view WordOf(E value) {
  return HasWord(value) ? WordsOf<E>()[static_cast<size_t>(value)] : std::string_view();
}

// The value with this word. False, and *value untouched, if there is none.
template <typename E>
bool FindWord(std::string_view word, E* value) {
  const std::span<const std::string_view> words = WordsOf<E>();
  for (size_t i = 0; i < words.size(); i++) {
    if (words[i] != word) continue;
    *value = static_cast<E>(i);
    return true;
  }
  return false;
}

// How an expectation is written.
enum class ExpectForm : uint8_t {
  word,    // blocks
  slot,    // pkmap:N
  page,    // page:NAME
  byte,    // N
  number,  // count=N
  site,    // BUG:SITE
};
ExpectForm FormOf(ExpectKind kind);
std::string_view FormText(ExpectKind kind);  // "pkmap:N", "BYTE", "BUG:SITE"

// What a quantity takes in parentheses.
inline bool TakesPage(Quantity q) {
  return FormOf(q) == QuantityForm::page || FormOf(q) == QuantityForm::byte;
}
inline bool TakesTask(Quantity q) {
  return FormOf(q) == QuantityForm::task || FormOf(q) == QuantityForm::task_slot;
}
inline bool TakesCpu(Quantity q) {
  return FormOf(q) == QuantityForm::cpu || FormOf(q) == QuantityForm::cpu_slot;
}
inline bool TakesOffset(Quantity q) { return FormOf(q) == QuantityForm::byte; }
inline bool TakesSlot(Quantity q) {
  return FormOf(q) == QuantityForm::cpu_slot || FormOf(q) == QuantityForm::task_slot;
}

// True if the word can name a page, an actor or a variable: a letter or '_', then letters, digits
// and '_', at most 31 in all, and no word of the format.
bool IsName(std::string_view word);
// True for the words of the format: the names of ops, and what lines and targets begin with.
bool IsReserved(std::string_view word);

// What lines, arguments and targets begin with, apart from ops.
std::span<const std::string_view> Keywords();

// Any bytes, quoted, made printable and cut to a length that fits a message.
std::string Quote(std::string_view bytes);

// "'a', 'b' or 'c'".
std::string OneOf(std::span<const std::string_view> words);

// The word that was probably meant, or empty: at most two letters wrong, one in a word below five,
// none in a word below three; upper and lower case are alike.
std::string_view NearestWord(std::string_view word, std::span<const std::string_view> words);

// Strings and integers, one after the other.
template <typename... Parts>
std::string Concat(const Parts&... parts) {
  std::string text;
  const auto add = [&text](const auto& part) {
    if constexpr (std::is_integral_v<std::remove_cvref_t<decltype(part)>>)
      text += std::to_string(part);
    else
      text += part;
  };
  (add(parts), ...);
  return text;
}

}  // namespace highmem

#endif  // HIGHMEM_TRACE_WORDS_H_
