// Primitives: the awaiters at which simulated kernel code suspends. Kernel code says what it is
// about to do; the executor decides when, performs it, and resumes. (DESIGN section 3, RULINGS 1
// and 2)
#ifndef HIGHMEM_KERNEL_PRIMITIVE_H_
#define HIGHMEM_KERNEL_PRIMITIVE_H_

#include <cstdint>
#include <string_view>

#include "highmem/kernel/co.h"

namespace highmem {

enum class PrimKind : uint8_t {
  none,  // nothing pending: a context that has not suspended yet
#define HIGHMEM_PRIMITIVE(name, resource, access, after, seen_by, meaning) name,
#include "highmem/kernel/primitives.def"
#undef HIGHMEM_PRIMITIVE
  kCount
};

enum class Resource : uint8_t {
  none,
  cpu,
  task,
  lock,
  queue,
  actor,
  mask,
  vpn,
  address,
  colour,
  slot,
  page,
  site,
  stack
};
enum class Access : uint8_t { read, write, lock, wait };
enum class SeenBy : uint8_t { own, locked, all };

struct PrimInfo {
  std::string_view name;
  Resource resource;
  Access access;
  bool after;
  SeenBy seen_by;
  std::string_view meaning;
};
namespace internal {
inline constexpr PrimInfo kPrimInfos[] = {
    {"none", Resource::none, Access::read, false, SeenBy::all, "nothing"},
#define HIGHMEM_PRIMITIVE(name, resource, access, after, seen_by, meaning) \
  {#name, Resource::resource, Access::access, after != 0, SeenBy::seen_by, meaning},
#include "highmem/kernel/primitives.def"
#undef HIGHMEM_PRIMITIVE
};
}  // namespace internal
inline const PrimInfo& Info(PrimKind kind) { return internal::kPrimInfos[static_cast<int>(kind)]; }
// kCount if no primitive has this name.
PrimKind FindPrim(std::string_view name);

// What a suspended context is about to do. From it come enabledness, the wait-for graph, schedule
// anchors, coverage cells and report text.
struct Pending {
  PrimKind kind;
  uint8_t after;  // the effect is done, the window behind it is open
  uint16_t b;     // second operand
  uint32_t resource;
  uint32_t a;  // first operand
};
static_assert(sizeof(Pending) == 12);

// The awaiter: suspends first, fetches the result on resume. The function and line of the await are
// kept for describe(), never for events.
class [[nodiscard]] Prim {
 public:
  explicit Prim(PrimKind kind, uint32_t resource = 0, uint32_t a = 0, uint16_t b = 0)
      : pending_{kind, 0, b, resource, a} {}
  Prim awaiter() const noexcept { return *this; }
  bool await_ready() const noexcept { return false; }
  template <typename Promise>
  void await_suspend(std::coroutine_handle<Promise> h) const noexcept {
    Suspend(&h.promise());
  }
  uint32_t await_resume() const noexcept;

 private:
  void Suspend(Frame* leaf) const noexcept;
  Pending pending_;
};

// A step whose effect is the plain code that follows the await.
inline Prim Step(PrimKind kind, uint32_t resource = 0) { return Prim(kind, resource); }

enum class Site : uint8_t {
#define HIGHMEM_SITE(name, source, meaning) name,
#include "highmem/kernel/sites.def"
#undef HIGHMEM_SITE
  kCount
};
std::string_view SiteName(Site site);
// kCount if no site has this name.
Site FindSite(std::string_view name);

// The kernel's BUG(): the machine stops in the state it has now.
inline Prim Bug(Site site) { return Prim(PrimKind::bug, static_cast<uint32_t>(site)); }
// WARN(): reported, the run goes on.
inline Prim Warn(Site site) { return Prim(PrimKind::warn, static_cast<uint32_t>(site)); }
// "sleeping function called from invalid context": reported, the run goes on.
inline Prim Splat(Site site) { return Prim(PrimKind::splat, static_cast<uint32_t>(site)); }

}  // namespace highmem

#endif  // HIGHMEM_KERNEL_PRIMITIVE_H_
