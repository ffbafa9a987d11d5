#include "highmem/report/event_text.h"

#include <array>
#include <string_view>

#include "highmem/report/names.h"

namespace highmem {
namespace {

constexpr uint32_t kMinusOne = 0xffffffff;

// What the four fields hold, "-" for nothing.
struct Words {
  std::array<std::string_view, 4> fields;
};

constexpr Words kWords[] = {
#define HIGHMEM_EVENT(name, obj, old_value, new_value, aux) {{obj, old_value, new_value, aux}},
#include "highmem/machine/events.def"
#undef HIGHMEM_EVENT
};

}  // namespace

std::string EventLine(const Trace& trace, const Event& e) {
  std::string line = "CPU" + std::to_string(e.cpu) + " " + ContextName(trace, e.ctx) + " " +
                     std::string(EventName(e.kind));
  const std::array<uint32_t, 4> values = {e.obj, e.old_value, e.new_value, e.aux};
  const Words& words = kWords[static_cast<size_t>(e.kind)];
  const char* between = "  ";
  for (size_t i = 0; i < values.size(); i++) {
    if (words.fields[i] == "-") continue;
    line += between + std::string(words.fields[i]) + " " +
            (values[i] == kMinusOne ? "-1" : std::to_string(values[i]));
    between = ", ";
  }
  return line;
}

}  // namespace highmem
