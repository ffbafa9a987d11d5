// Why runs do not come through some cells (coverage/cells.h): one sentence for each such cell. A
// cell without one can be reached, and has not been seen yet.
#ifndef HIGHMEM_COVERAGE_UNREACHED_H_
#define HIGHMEM_COVERAGE_UNREACHED_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace highmem {

enum class Why : uint8_t {
  cannot,  // no program without mistakes gets there, on machines that are fuzzed
  unsaid,  // fuzz bytes cannot say the program, texts can
  rare,    // they can, and hardly ever do; //fuzz:windows does
};

// Of groups whose names begin so, these rows and columns: names with commas between them, "*" for
// all.
struct UnreachedRule {
  Why why;
  std::string_view group, rows, columns;
  std::string_view sentence;  // with what it follows from
};
// The first rule that fits a cell counts.
std::span<const UnreachedRule> UnreachedRules();
bool Fits(const UnreachedRule& rule, std::string_view cell_name);

// Null if nothing keeps runs from the cell.
const UnreachedRule* WhyNotReached(int cell);

// The sentences, by name of the cell.
std::map<std::string, std::string> UnreachedReasons();

}  // namespace highmem

#endif  // HIGHMEM_COVERAGE_UNREACHED_H_
