#include "highmem/report/plain_text.h"

#include <algorithm>
#include <cctype>
#include <cstdio>

namespace highmem {

std::string Printable(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
      continue;
    }
    char hex[8];
    std::snprintf(hex, sizeof(hex), "\\x%02x", byte);
    out += hex;
  }
  return out;
}

std::string ShellWord(std::string_view text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("_-./,:=+@%").find(c) != std::string_view::npos;
  });
  if (plain) return std::string(text);
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string Padded(std::string text, size_t width) {
  if (text.size() > width) {
    text.resize(width - 1);
    text += '~';
  }
  text.resize(width, ' ');
  return text;
}

std::string RightTrimmed(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::string Wrapped(const std::string& label, const std::string& text, size_t indent,
                    size_t columns) {
  std::string out = Padded(label, std::max(indent, label.size() + 1));
  size_t column = out.size();
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find(' ', begin), text.size());
    std::string word = text.substr(begin, end - begin);
    if (column + word.size() > columns && column > indent) {
      out = RightTrimmed(out) + "\n" + std::string(indent, ' ');
      column = indent;
    }
    while (column + word.size() > columns) {
      out += word.substr(0, columns - column) + "\n" + std::string(indent, ' ');
      word.erase(0, columns - column);
      column = indent;
    }
    out += word + " ";
    column += word.size() + 1;
    begin = end + 1;
  }
  return RightTrimmed(out) + "\n";
}

}  // namespace highmem
