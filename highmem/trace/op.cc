#include "highmem/trace/op.h"

namespace highmem {

const OpInfo& Info(OpCode code) {
  static constexpr OpInfo infos[] = {
#define HIGHMEM_OP(name, args, makes, contexts, meaning) \
  {#name, args, Makes::makes, contexts, meaning},
#include "highmem/trace/ops.def"
#undef HIGHMEM_OP
  };
  return infos[static_cast<int>(code)];
}

bool IsForeign(const Op& op) {
  const OpInfo& info = Info(op.code);
  return op.actor != 0 && op.ref >= 0 && (info.takes('v') || info.takes('x'));
}

OpCode FindOp(std::string_view name) {
  for (int i = 0; i < static_cast<int>(OpCode::kCount); i++)
    if (Info(static_cast<OpCode>(i)).name == name) return static_cast<OpCode>(i);
  return OpCode::kCount;
}

}  // namespace highmem
