#include "highmem/kernel/describe.h"

#include <cctype>
#include <string_view>

#include "highmem/kernel/context.h"
#include "highmem/machine/arena.h"

namespace highmem {
namespace {

std::string_view KindName(ContextKind kind) {
  switch (kind) {
    case ContextKind::kTask: return "task";
    case ContextKind::kPreempt: return "preempted";
    case ContextKind::kSoftirq: return "softirq";
    case ContextKind::kHardirq: return "hardirq";
    case ContextKind::kIpi: return "ipi";
    case ContextKind::kNmi: return "nmi";
    case ContextKind::kFault: return "page fault";
  }
  return "?";
}

// "Co<unsigned> highmem::(anonymous namespace)::kmap_high(Page *)" -> "kmap_high"
std::string_view ShortName(std::string_view function) {
  constexpr std::string_view kAnonymous = "(anonymous namespace)::";
  const size_t anonymous = function.rfind(kAnonymous);
  if (anonymous != std::string_view::npos) function.remove_prefix(anonymous + kAnonymous.size());
  function = function.substr(0, function.find('('));
  const size_t cut = function.find_last_of(": *&");
  return cut == std::string_view::npos ? function : function.substr(cut + 1);
}

std::string FrameText(const Frame& f) {
  return std::string(ShortName(f.site.function_name())) + ":" + std::to_string(f.site.line());
}

// The harness's own coroutines are in CamelCase.
bool IsKernelName(std::string_view name) {
  return !name.empty() && std::isupper(static_cast<unsigned char>(name[0])) == 0;
}

}  // namespace

std::string describe(TaskId task) {
  std::string out;
  if (arena.stack(task).context == 0) return out;
  for (const Context* c = &TopContext(task); c != nullptr; c = Below(task, *c)) {
    out += "<";
    out += KindName(c->kind);
    out += ": ";
    out += Info(c->pending.kind).name;
    out += c->pending.after != 0 ? "+>\n" : ">\n";
    for (const Frame* f = c->leaf; f != nullptr; f = f->parent) {
      out += "  " + FrameText(*f) + "\n";
    }
  }
  return out;
}

std::string PlaceOf(TaskId task) {
  std::string around;
  if (arena.stack(task).context == 0) return around;
  for (const Frame* f = TopContext(task).leaf; f != nullptr; f = f->parent) {
    if (!IsKernelName(ShortName(f->site.function_name()))) continue;
    if (std::string_view(f->site.file_name()).find("/kmap/") != std::string_view::npos)
      return FrameText(*f);
    if (around.empty()) around = FrameText(*f);
  }
  return around;
}

}  // namespace highmem
