#include "highmem/trace/finding_id.h"

namespace highmem {

const IdInfo& Info(FindingId id) {
  static constexpr IdInfo infos[] = {
#define HIGHMEM_ID(name, klass, exit, meaning) {#name, IdClass::klass, exit, meaning},
#include "highmem/trace/ids.def"
#undef HIGHMEM_ID
      {"none", IdClass::contract, 0, "nothing"},
  };
  return infos[static_cast<int>(id)];
}

FindingId FindId(std::string_view name) {
  for (int i = 0; i < static_cast<int>(FindingId::kNone); i++)
    if (Info(static_cast<FindingId>(i)).name == name) return static_cast<FindingId>(i);
  return FindingId::kNone;
}

}  // namespace highmem
