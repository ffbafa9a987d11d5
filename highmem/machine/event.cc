#include "highmem/machine/event.h"

namespace highmem {

EventRing events;

std::string_view EventName(EventKind kind) {
  static constexpr std::string_view names[] = {
#define HIGHMEM_EVENT(name, obj, old_value, new_value, aux) #name,
#include "highmem/machine/events.def"
#undef HIGHMEM_EVENT
  };
  return names[static_cast<int>(kind)];
}

}  // namespace highmem
