// Traces as people and tools hand them in: text, container or one line. Whatever the bytes, they
// are read or refused with a sentence that can be printed; what was read can be executed, and each
// form gives it back as it was.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "highmem/trace/container.h"
#include "highmem/trace/file.h"
#include "highmem/trace/one_line.h"
#include "highmem/trace/text.h"
#include "highmem/trace/words.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace highmem {
namespace {

constexpr uint32_t kOtherFormOdds = 16;  // one mutation in so many writes the trace in another form

[[noreturn]] void Broken(const char* rule, std::string_view seen) {
  std::fprintf(stderr, "highmem: %s: %s\n", rule, Quote(seen).c_str());
  std::abort();
}

bool Printable(std::string_view sentence) {
  return std::ranges::all_of(sentence, [](char c) { return c >= ' ' && c <= '~'; });
}

void LookAtSentence(const Trace& trace, std::string_view sentence) {
  if (sentence.empty() || !Printable(sentence)) Broken("an error that cannot be shown", sentence);
  if (trace != Trace()) Broken("something is left of a trace that was refused", sentence);
}

// Lines of `text`, and bytes of the one with this number, from 1.
int Lines(std::string_view text) { return 1 + static_cast<int>(std::ranges::count(text, '\n')); }
int Columns(std::string_view text, int line) {
  for (; line > 1; line--) text.remove_prefix(text.find('\n') + 1);
  return static_cast<int>(std::min(text.find('\n'), text.size()));
}

void LookAtPlace(std::string_view text, const ParseError& error) {
  const bool line = error.line >= 1 && error.line <= Lines(text);
  if (line && error.column >= 1 && error.column <= 1 + Columns(text, error.line)) return;
  Broken("an error whose place is not in the text", error.Text());
}

// True if the bytes are a trace.
bool Read(std::string_view bytes, Trace* trace) {
  std::string sentence;
  if (IsOneLine(bytes)) {
    ParseError error;
    if (ParseOneLine(bytes, trace, &error)) return true;
    sentence = error.Text();
  } else if (ReadTrace(bytes, "input", trace, &sentence)) {
    return true;
  }
  LookAtSentence(*trace, sentence);
  ParseError error;
  Trace unused;
  if (!IsOneLine(bytes) && !ParseTrace(bytes, "input", &unused, &error)) LookAtPlace(bytes, error);
  return false;
}

void ExpectComesBack(const Trace& trace, const std::string& bytes, const char* rule) {
  Trace back;
  if (!Read(bytes, &back) || back != trace) Broken(rule, bytes);
}

// The trace in a form that `seed` chooses.
std::string InSomeForm(const Trace& trace, uint32_t seed) {
  switch (seed % 3) {
    case 0: return EncodeContainer(trace);
    case 1: return PrintOneLine(trace);
    default: return PrintTrace(trace);
  }
}

}  // namespace
}  // namespace highmem

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace highmem;
  Trace trace;
  if (!Read({reinterpret_cast<const char*>(data), size}, &trace)) return 0;
  std::string error;
  if (!CheckTrace(trace, &error)) Broken("a trace was read that cannot be executed", error);
  ExpectComesBack(trace, PrintTrace(trace), "its text is another trace");
  ExpectComesBack(trace, PrintOneLine(trace), "its one line is another trace");
  ExpectComesBack(trace, EncodeContainer(trace), "its container is another trace");
  return 0;
}

// Of a container's bytes the header comes to fit again: else no change of them would get further.
extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  using namespace highmem;
  Trace trace;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (seed % kOtherFormOdds == 0 && Read(bytes, &trace)) {
    const std::string other = InSomeForm(trace, seed / kOtherFormOdds);
    if (other.size() <= max_size) {
      std::ranges::copy(other, data);
      size = other.size();
    }
  }
  size = LLVMFuzzerMutate(data, size, max_size);
  FitContainerHeader(reinterpret_cast<char*>(data), size);
  return size;
}
