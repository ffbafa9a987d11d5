#include "highmem/campaign/status.h"

#include <charconv>

namespace highmem {
namespace {

// The next word up to `end`, which is taken away too. False if there is none.
bool Take(std::string_view* text, char end, std::string_view* word) {
  const size_t at = text->find(end);
  if (at == std::string_view::npos) return false;
  *word = text->substr(0, at);
  text->remove_prefix(at + 1);
  return true;
}

bool ParseNumber(std::string_view word, uint64_t* number) {
  const char* end = word.data() + word.size();
  const auto [at, error] = std::from_chars(word.data(), end, *number);
  return error == std::errc() && at == end && !word.empty();
}

std::string Line(std::string_view word, uint64_t number, std::string_view name) {
  return std::string(word) + " " + std::to_string(number) + " " + std::string(name) + "\n";
}

}  // namespace

std::string FindingFileName(std::string key) {
  for (char& c : key)
    if (c == '/') c = ',';
  return key + ".hm";
}

std::string PrintStatus(const FuzzStatus& status) {
  std::string out = Line("executions", status.executions, "");
  out += Line("steps", status.steps, "");
  for (const auto& [key, times] : status.findings) out += Line("finding", times, key);
  for (const auto& [name, hits] : status.cells) out += Line("cell", hits, name);
  return out + "end 0 \n";
}

bool ParseStatus(std::string_view text, FuzzStatus* status) {
  *status = {};
  std::string_view line;
  while (Take(&text, '\n', &line)) {
    std::string_view word, digits;
    uint64_t number = 0;
    if (!Take(&line, ' ', &word) || !Take(&line, ' ', &digits) || !ParseNumber(digits, &number))
      return false;
    if (word == "executions")
      status->executions = number;
    else if (word == "steps")
      status->steps = number;
    else if (word == "finding")
      status->findings[std::string(line)] = number;
    else if (word == "cell")
      status->cells[std::string(line)] = number;
    else
      return word == "end" && text.empty();
  }
  return false;
}

std::string PrintFirstHit(const FirstHit& hit) { return hit.cell + "\t" + hit.trace + "\n"; }

std::vector<FirstHit> ParseFirstHits(std::string_view text) {
  std::vector<FirstHit> hits;
  std::string_view line, cell;
  while (Take(&text, '\n', &line))
    if (Take(&line, '\t', &cell)) hits.push_back({std::string(cell), std::string(line)});
  return hits;
}

std::string PrintInputCells(const InputCells& input) {
  std::string line = input.hash;
  for (const int cell : input.cells) line += " " + std::to_string(cell);
  return line + " \n";
}

std::vector<InputCells> ParseInputCells(std::string_view text) {
  std::vector<InputCells> inputs;
  std::string_view line, word;
  while (Take(&text, '\n', &line)) {
    if (!Take(&line, ' ', &word)) continue;
    InputCells& input = inputs.emplace_back();
    input.hash = word;
    uint64_t cell = 0;
    while (Take(&line, ' ', &word))
      if (ParseNumber(word, &cell)) input.cells.push_back(static_cast<int>(cell));
  }
  return inputs;
}

}  // namespace highmem
