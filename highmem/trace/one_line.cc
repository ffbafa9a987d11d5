#include "highmem/trace/one_line.h"

namespace highmem {

std::string PrintOneLine(const Trace& trace) {
  const std::string text = PrintTrace(trace);
  std::string line(kOneLineMagic);
  // Behind the first line, "#hm 1".
  for (size_t begin = text.find('\n') + 1; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    const size_t word = text.find_first_not_of(' ', begin);
    if (line.size() > kOneLineMagic.size()) line += ';';
    line += text.substr(word, end - word);
    begin = end + 1;
  }
  return line;
}

bool ParseOneLine(std::string_view text, Trace* out, ParseError* error) {
  std::string lines = "#hm 1\n";
  for (const char c : text.substr(kOneLineMagic.size())) lines += c == ';' ? '\n' : c;
  const bool read = ParseTrace(lines + "\n", "hm1:", out, error);
  if (!read && error->line > 1) error->line--;
  return read;
}

}  // namespace highmem
