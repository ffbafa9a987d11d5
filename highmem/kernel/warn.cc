#include "highmem/kernel/warn.h"

#include "highmem/machine/arena.h"

namespace highmem {
namespace {

uint64_t* warned = nullptr;  // bit per site
static_assert(static_cast<int>(Site::kCount) <= 64);

}  // namespace

void WarnsReset() { warned = arena.Carve<uint64_t>(1); }

Co<> WarnOnce(Site site) {
  const uint64_t bit = 1ull << static_cast<int>(site);
  if ((*warned & bit) != 0) co_return;
  *warned |= bit;
  co_await Warn(site);
}

void clear_warn_once() { *warned = 0; }

}  // namespace highmem
