#include "highmem/trace/words.h"

#include <algorithm>
#include <array>
#include <vector>

namespace highmem {
namespace {

using std::string_view;

constexpr size_t kLongestName = 31;
constexpr size_t kLongestQuote = 40;

// What lines, arguments and targets begin with, apart from ops.
constexpr string_view kKeywords[] = {
    "profile", "page",     "lane",   "ignore", "task",  "softirq", "irq",       "nmi",
    "fault",   "schedule", "expect", "forbid", "allow", "final",   "start",     "at",
    "after",   "any",      "fill",   "evict",  "ipi",   "migrate", "writeback",
};

template <typename E, size_t N>
std::span<const string_view> Checked(const string_view (&words)[N], E last) {
  if (static_cast<size_t>(last) + 1 != N) __builtin_trap();
  return words;
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDecimal(char c) { return c >= '0' && c <= '9'; }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool Alike(char a, char b) { return Lower(a) == Lower(b); }

// Insertions, deletions, replacements and swaps of neighbours that turn a into b. Both are short.
size_t EditDistance(string_view a, string_view b) {
  std::vector<std::vector<size_t>> d(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); i++) d[i][0] = i;
  for (size_t j = 0; j <= b.size(); j++) d[0][j] = j;
  for (size_t i = 1; i <= a.size(); i++) {
    for (size_t j = 1; j <= b.size(); j++) {
      const size_t change = d[i - 1][j - 1] + (Alike(a[i - 1], b[j - 1]) ? 0 : 1);
      d[i][j] = std::min({change, d[i - 1][j] + 1, d[i][j - 1] + 1});
      if (i > 1 && j > 1 && Alike(a[i - 1], b[j - 2]) && Alike(a[i - 2], b[j - 1]))
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

template <>
std::span<const string_view> WordsOf<OpCode>() {
  static constexpr string_view words[] = {
#define HIGHMEM_OP(name, args, makes, contexts, meaning) #name,
#include "highmem/trace/ops.def"
#undef HIGHMEM_OP
  };
  return words;
}

template <>
std::span<const string_view> WordsOf<KmType>() {
  static constexpr string_view words[] = {
#define HIGHMEM_KM_TYPE(name, nmi, hardirq, softirq, needs, users) #name,
#include "highmem/machine/km_type.def"
#undef HIGHMEM_KM_TYPE
  };
  return words;
}

template <>
std::span<const string_view> WordsOf<PrimKind>() {
  static constexpr string_view words[] = {
      "none",
#define HIGHMEM_PRIMITIVE(name, resource, access, after, visible, meaning) #name,
#include "highmem/kernel/primitives.def"
#undef HIGHMEM_PRIMITIVE
  };
  return words;
}

template <>
std::span<const string_view> WordsOf<Site>() {
  static constexpr string_view words[] = {
#define HIGHMEM_SITE(name, source, meaning) #name,
#include "highmem/kernel/sites.def"
#undef HIGHMEM_SITE
  };
  return words;
}

template <>
std::span<const string_view> WordsOf<FindingId>() {
  static constexpr string_view words[] = {
#define HIGHMEM_ID(name, klass, exit, meaning) #name,
#include "highmem/trace/ids.def"
#undef HIGHMEM_ID
  };
  return words;
}

template <>
std::span<const string_view> WordsOf<Quantity>() {
  static constexpr string_view words[] = {"count",   "slot",    "cursor", "CH",    "GF",  "SW",
                                          "lazy",    "waiters", "byte",   "idx",   "mig", "pf",
                                          "preempt", "pinned",  "pte",    "pteval"};
  return Checked(words, Quantity::kPteval);
}

template <>
std::span<const string_view> WordsOf<Compare>() {
  static constexpr string_view words[] = {"==", "!=", "<", "<=", ">", ">="};
  return Checked(words, Compare::kGe);
}

template <>
std::span<const string_view> WordsOf<ExpectKind>() {
  static constexpr string_view words[] = {
      "pkmap",  "fix",    "low", "null",   "ok",  "byte",  "FAULT", "page",  "garbage",
      "count",  "cursor", "SW",  "GF",     "CH",  "wakes", "idx",   "mig",   "TL",
      "invlpg", "SO",     "SI",  "blocks", "BUG", "WARN",  "SPLAT", "quiet", "HANG"};
  return Checked(words, ExpectKind::hang);
}

template <>
std::span<const string_view> WordsOf<ActorKind>() {
  static constexpr string_view words[] = {"task", "softirq", "irq", "nmi", "fault"};
  return Checked(words, ActorKind::fault);
}

template <>
std::span<const string_view> WordsOf<TargetKind>() {
  static constexpr string_view words[] = {"actor", "fill", "evict", "writeback", "migrate", "ipi"};
  return Checked(words, TargetKind::ipi);
}

template <>
std::span<const string_view> WordsOf<DecisionKind>() {
  static constexpr string_view words[] = {"start", "at", "after"};
  return Checked(words, DecisionKind::after);
}

template <>
std::span<const string_view> WordsOf<ScheduleKind>() {
  static constexpr string_view words[] = {"decisions", "any", "random", "all", "order"};
  return Checked(words, ScheduleKind::order);
}

template <>
std::span<const string_view> WordsOf<VerdictKind>() {
  static constexpr string_view words[] = {"expect_pass", "expect_id",  "expect_diagnosis",
                                          "expect_hang", "forbid_id",  "forbid_cond",
                                          "allow_id",    "allow_cond", "final_cond"};
  return Checked(words, VerdictKind::final_cond);
}

ExpectForm FormOf(ExpectKind kind) {
  switch (kind) {
    case ExpectKind::pkmap:
    case ExpectKind::invlpg:
    case ExpectKind::fix: return ExpectForm::slot;
    case ExpectKind::page: return ExpectForm::page;
    case ExpectKind::byte: return ExpectForm::byte;
    case ExpectKind::count:
    case ExpectKind::cursor:
    case ExpectKind::sweeps:
    case ExpectKind::flushes:
    case ExpectKind::hooks:
    case ExpectKind::idx:
    case ExpectKind::mig:
    case ExpectKind::local_flushes:
    case ExpectKind::outs:
    case ExpectKind::ins:
    case ExpectKind::wakes: return ExpectForm::number;
    case ExpectKind::bug:
    case ExpectKind::warn:
    case ExpectKind::splat: return ExpectForm::site;
    case ExpectKind::low:
    case ExpectKind::null:
    case ExpectKind::ok:
    case ExpectKind::fault:
    case ExpectKind::garbage:
    case ExpectKind::blocks:
    case ExpectKind::quiet:
    case ExpectKind::hang: return ExpectForm::word;
  }
  return ExpectForm::word;
}

string_view FormText(ExpectKind kind) {
  static constexpr string_view forms[] = {
      "pkmap:N",   "fix:N",    "low",       "null",       "ok",       "BYTE", "FAULT",
      "page:PAGE", "garbage",  "count=N",   "cursor=N",   "SW=N",     "GF=N", "CH=N",
      "wakes=N",   "idx=N",    "mig=N",     "TL=N",       "invlpg:N", "SO=N", "SI=N",
      "blocks",    "BUG:SITE", "WARN:SITE", "SPLAT:SITE", "quiet",    "HANG"};
  return Checked(forms, ExpectKind::hang)[static_cast<size_t>(kind)];
}

QuantityForm FormOf(Quantity quantity) {
  switch (quantity) {
    case Quantity::kPageCount:
    case Quantity::kSlot: return QuantityForm::page;
    case Quantity::kByte: return QuantityForm::byte;
    case Quantity::kIdx:
    case Quantity::kMigration:
    case Quantity::kPagefault:
    case Quantity::kPreempt: return QuantityForm::task;
    case Quantity::kPinned: return QuantityForm::cpu;
    case Quantity::kPte: return QuantityForm::cpu_slot;
    case Quantity::kPteval: return QuantityForm::task_slot;
    case Quantity::kCursor:
    case Quantity::kCh:
    case Quantity::kGf:
    case Quantity::kSw:
    case Quantity::kLazy:
    case Quantity::kWaiters: break;
  }
  return QuantityForm::plain;
}

bool IsReserved(string_view word) {
  return FindOp(word) != OpCode::kCount ||
         std::find(std::begin(kKeywords), std::end(kKeywords), word) != std::end(kKeywords);
}

bool IsName(string_view word) {
  if (word.empty() || word.size() > kLongestName || !IsLetter(word[0])) return false;
  return !IsReserved(word) &&
         std::all_of(word.begin(), word.end(), [](char c) { return IsLetter(c) || IsDecimal(c); });
}

std::string OneOf(std::span<const string_view> words) {
  std::string text;
  for (size_t i = 0; i < words.size(); i++) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += Concat("'", words[i], "'");
  }
  return text;
}

string_view NearestWord(string_view word, std::span<const string_view> words) {
  if (word.size() > kLongestName) return {};
  size_t best = word.size() < 5 ? 2 : 3;
  if (word.size() < 3) best = 1;
  string_view nearest;
  for (const string_view candidate : words) {
    const size_t distance = EditDistance(word, candidate);
    if (distance >= best || distance >= word.size()) continue;
    best = distance;
    nearest = candidate;
  }
  return nearest;
}

std::string Quote(string_view bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text = "'";
  for (const char c : bytes.substr(0, kLongestQuote)) {
    if (IsPrintable(c)) {
      text += c;
    } else {
      text += "\\x";
      text += kHex[static_cast<unsigned char>(c) >> 4];
      text += kHex[static_cast<unsigned char>(c) & 15];
    }
  }
  if (bytes.size() > kLongestQuote) text += "...";
  return text + "'";
}

std::span<const string_view> Keywords() { return kKeywords; }

}  // namespace highmem
