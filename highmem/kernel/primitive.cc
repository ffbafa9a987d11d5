#include "highmem/kernel/primitive.h"

#include "highmem/kernel/context.h"

namespace highmem {

PrimKind FindPrim(std::string_view name) {
  for (int i = 1; i < static_cast<int>(PrimKind::kCount); i++)
    if (Info(static_cast<PrimKind>(i)).name == name) return static_cast<PrimKind>(i);
  return PrimKind::kCount;
}

std::string_view SiteName(Site site) {
  static constexpr std::string_view names[] = {
#define HIGHMEM_SITE(name, source, meaning) #name,
#include "highmem/kernel/sites.def"
#undef HIGHMEM_SITE
  };
  return names[static_cast<int>(site)];
}

Site FindSite(std::string_view name) {
  for (int i = 0; i < static_cast<int>(Site::kCount); i++)
    if (SiteName(static_cast<Site>(i)) == name) return static_cast<Site>(i);
  return Site::kCount;
}

void Prim::Suspend(Frame* leaf) const noexcept {
  Context& context = CurrentContext();
  context.leaf = leaf;
  // By field: under ASan a copy of the whole is a call.
  context.pending.kind = pending_.kind;
  context.pending.after = pending_.after;
  context.pending.b = pending_.b;
  context.pending.resource = pending_.resource;
  context.pending.a = pending_.a;
}

uint32_t Prim::await_resume() const noexcept {
  Context& context = CurrentContext();
  const uint32_t result = context.result;
  context.result = 0;
  return result;
}

}  // namespace highmem
