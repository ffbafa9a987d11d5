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

bool IsDma(OpCode code) {
  return code == OpCode::dma_map_to || code == OpCode::dma_map_from ||
         code == OpCode::dma_map_both || code == OpCode::dma_unmap;
}

bool TakesOwnVariable(OpCode code) {
  return code == OpCode::post || code == OpCode::dma_unmap || code == OpCode::device_load ||
         code == OpCode::device_store;
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
