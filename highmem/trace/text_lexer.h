// One line of a text trace as words, numbers and marks. For text_parse.cc.
#ifndef HIGHMEM_TRACE_TEXT_LEXER_H_
#define HIGHMEM_TRACE_TEXT_LEXER_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace highmem {

enum class TokenKind : uint8_t {
  word,    // letters, digits and '_', not beginning with a digit
  number,  // decimal or 0x hexadecimal, fits in 64 bits
  mark,    // -> == != <= >= or one other printable character
  bad,     // a number that is none or does not fit, or a character outside printable ASCII
  end,     // end of the line; a comment ends it
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;
  uint64_t number = 0;
  int column = 1;  // from 1, in bytes
};

class Lexer {
 public:
  // The line must outlive the lexer. Stands at the first token at once.
  explicit Lexer(std::string_view line) : line_(line) { Next(); }

  const Token& token() const { return token_; }
  void Next();

  bool AtEnd() const { return token_.kind == TokenKind::end; }
  bool AtWord(std::string_view word) const {
    return token_.kind == TokenKind::word && token_.text == word;
  }
  bool AtMark(std::string_view mark) const {
    return token_.kind == TokenKind::mark && token_.text == mark;
  }

  // From here on a '#' that touches the word or mark before it and a digit behind it is a mark, not
  // a comment: `unlock#2`.
  void AllowOccurrences() { occurrences_ = true; }

 private:
  bool BeginsComment() const;
  void Take(TokenKind kind, size_t length);
  void TakeNumber();

  std::string_view line_;
  size_t position_ = 0;
  bool occurrences_ = false;
  Token token_;
};

// How a message names what stands at the token: 'word', end of line, ...
std::string Describe(const Token& token);

}  // namespace highmem

#endif  // HIGHMEM_TRACE_TEXT_LEXER_H_
