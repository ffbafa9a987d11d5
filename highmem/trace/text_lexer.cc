#include "highmem/trace/text_lexer.h"

#include <charconv>
#include <memory>

#include "highmem/trace/words.h"

namespace highmem {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordPart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || IsDigit(c);
}
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

size_t WordLength(std::string_view text) {
  size_t length = 0;
  while (length < text.size() && IsWordPart(text[length])) length++;
  return length;
}

// Length of the mark at the beginning of a text that is not empty.
size_t MarkLength(std::string_view text) {
  for (const std::string_view mark : {"->", "==", "!=", "<=", ">="})
    if (text.substr(0, 2) == mark) return 2;
  return 1;
}

}  // namespace

void Lexer::Take(TokenKind kind, size_t length) {
  token_.kind = kind;
  token_.text = line_.substr(position_, length);
  position_ += length;
}

bool Lexer::BeginsComment() const {
  if (line_[position_] != '#') return false;
  const bool touches = position_ > 0 && !IsBlank(line_[position_ - 1]);
  const bool counts = position_ + 1 < line_.size() && IsDigit(line_[position_ + 1]);
  return !(occurrences_ && touches && counts);
}

void Lexer::TakeNumber() {
  Take(TokenKind::bad, WordLength(line_.substr(position_)));
  std::string_view digits = token_.text;
  const bool hex = digits.size() > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
  if (hex) digits.remove_prefix(2);
  const char* const first = std::to_address(digits.begin());
  const char* const last = std::to_address(digits.end());
  const auto result = std::from_chars(first, last, token_.number, hex ? 16 : 10);
  if (result.ec == std::errc() && result.ptr == last) token_.kind = TokenKind::number;
}

void Lexer::Next() {
  while (position_ < line_.size() && IsBlank(line_[position_])) position_++;
  token_ = {};
  token_.column = static_cast<int>(position_) + 1;
  if (position_ == line_.size() || BeginsComment()) return;
  const char c = line_[position_];
  if (IsDigit(c)) {
    TakeNumber();
  } else if (IsWordPart(c)) {
    Take(TokenKind::word, WordLength(line_.substr(position_)));
  } else if (IsPrintable(c)) {
    Take(TokenKind::mark, MarkLength(line_.substr(position_)));
  } else {
    Take(TokenKind::bad, 1);
  }
}

std::string Describe(const Token& token) {
  return token.kind == TokenKind::end ? "end of line" : Quote(token.text);
}

}  // namespace highmem
