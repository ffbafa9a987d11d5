#include "highmem/kernel/describe.h"

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
      out += "  ";
      out += ShortName(f->site.function_name());
      out += ":" + std::to_string(f->site.line()) + "\n";
    }
  }
  return out;
}

}  // namespace highmem
