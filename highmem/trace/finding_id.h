// Stable names of everything that can be found wrong. (trace/ids.def)
#ifndef HIGHMEM_TRACE_FINDING_ID_H_
#define HIGHMEM_TRACE_FINDING_ID_H_

#include <cstdint>
#include <string_view>

namespace highmem {

enum class FindingId : uint8_t {
#define HIGHMEM_ID(name, klass, exit, meaning) name,
#include "highmem/trace/ids.def"
#undef HIGHMEM_ID
  kNone
};

enum class IdClass : uint8_t { contract, mechanism, misuse, host };

struct IdInfo {
  std::string_view name;
  IdClass klass;
  int exit_code;
  std::string_view meaning;
};
const IdInfo& Info(FindingId id);
// kNone if no finding has this name.
FindingId FindId(std::string_view name);

}  // namespace highmem

#endif  // HIGHMEM_TRACE_FINDING_ID_H_
