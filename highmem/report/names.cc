#include "highmem/report/names.h"

#include "highmem/trace/text.h"

namespace highmem {

std::string PageLabel(const Trace& trace, Pfn pfn) {
  if (pfn == kNoPfn) return ".";
  for (size_t i = 0; i < trace.pages.size(); i++)
    if (PfnOf(trace, static_cast<int>(i)) == pfn) return PageName(trace, static_cast<int>(i));
  const int filler = trace.profile.pages() - 1 - pfn;
  if (pfn >= trace.profile.low_pages && filler < 100) return "f" + std::to_string(filler);
  return "#" + std::to_string(pfn);
}

std::string CallText(const Trace& trace, const Event& e) {
  const auto code = static_cast<OpCode>(e.old_value);
  if (e.obj < trace.actors[e.ctx].op_count && trace.op(e.ctx, e.obj).code == code)
    return PrintCall(trace, e.ctx, e.obj);
  return std::string(Info(code).name) + " " + PageLabel(trace, static_cast<Pfn>(e.new_value));
}

std::string ContextName(const Trace& trace, ContextId ctx) {
  if (ctx < trace.actors.size()) return ActorName(trace, ctx);
  if (ctx >= kContextHw) return "CPU";
  return ctx >= kContextIpi ? "IPI" : "idle";
}

}  // namespace highmem
