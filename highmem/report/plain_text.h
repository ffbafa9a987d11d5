// Text for a terminal: plain ASCII, at most 100 columns unless said otherwise.
#ifndef HIGHMEM_REPORT_PLAIN_TEXT_H_
#define HIGHMEM_REPORT_PLAIN_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace highmem {

inline constexpr size_t kReportColumns = 100;

inline constexpr const char* kBold = "\033[1m";
inline constexpr const char* kRed = "\033[31m";
inline constexpr const char* kPlain = "\033[0m";

// Control characters and whatever else a terminal might obey become \xNN.
std::string Printable(std::string_view text);
// As one word of a shell's command line.
std::string ShellWord(std::string_view text);

// Of exactly `width` characters; what was cut ends in '~'.
std::string Padded(std::string text, size_t width);
std::string RightTrimmed(std::string text);

// "label   text text text", what does not fit below the text, which begins at `indent`. Ends the
// line.
std::string Wrapped(const std::string& label, const std::string& text, size_t indent = 8,
                    size_t columns = kReportColumns);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_PLAIN_TEXT_H_
