// enum km_type, the slots of era E1, and where debug_kmap_atomic allows them. (SPEC E.1, E.2)
#ifndef HIGHMEM_MACHINE_KM_TYPE_H_
#define HIGHMEM_MACHINE_KM_TYPE_H_

#include <cstdint>

namespace highmem {

enum class KmType : uint8_t {
#define HIGHMEM_KM_TYPE(name, nmi, hardirq, softirq, needs, users) name,
#include "highmem/machine/km_type.def"
#undef HIGHMEM_KM_TYPE
  kCount
};
inline constexpr int kKmTypes = static_cast<int>(KmType::kCount);

struct KmTypeInfo {
  enum class Needs : uint8_t { nothing, softirq, irqs_off };
  bool nmi;
  bool hardirq;
  bool softirq;
  Needs needs;
};
namespace internal {
inline constexpr KmTypeInfo kKmTypeInfos[] = {
#define HIGHMEM_KM_TYPE(name, nmi, hardirq, softirq, needs, users) \
  {nmi != 0, hardirq != 0, softirq != 0, KmTypeInfo::Needs::needs},
#include "highmem/machine/km_type.def"
#undef HIGHMEM_KM_TYPE
};
}  // namespace internal
inline constexpr const KmTypeInfo& Info(KmType type) {
  return internal::kKmTypeInfos[static_cast<int>(type)];
}

// The context of a kmap_atomic, as preempt_count and the interrupt flag show it.
struct KmContext {
  bool nmi;
  bool hardirq;
  bool softirq;  // or bottom halves off
  bool irqs_on;
};

// What debug_kmap_atomic asks first: whether this kind of interrupt uses this slot. True in plain
// task context, whatever the type; with bottom halves off and hardirqs off, too.
inline constexpr bool KmTypeFitsContext(KmType type, const KmContext& c) {
  const KmTypeInfo& info = Info(type);
  if (c.nmi) return info.nmi;
  if (c.hardirq) return info.hardirq;
  return !c.softirq || !c.irqs_on || info.softirq;
}

// And second: whether nothing that uses the same slot can come in between.
inline constexpr bool KmTypeIsAlone(KmType type, const KmContext& c) {
  if (!c.irqs_on) return true;
  switch (Info(type).needs) {
    case KmTypeInfo::Needs::irqs_off: return false;
    case KmTypeInfo::Needs::softirq: return c.nmi || c.hardirq || c.softirq;
    case KmTypeInfo::Needs::nothing: break;
  }
  return true;
}

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_KM_TYPE_H_
