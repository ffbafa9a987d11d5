#include "highmem/report/names.h"

namespace highmem {

std::string PageLabel(const Trace& trace, Pfn pfn) {
  if (pfn == kNoPfn) return ".";
  for (size_t i = 0; i < trace.pages.size(); i++)
    if (PfnOf(trace, static_cast<int>(i)) == pfn) return PageName(trace, static_cast<int>(i));
  const int filler = trace.profile.pages() - 1 - pfn;
  if (pfn >= trace.profile.low_pages && filler < 100) return "f" + std::to_string(filler);
  return "#" + std::to_string(pfn);
}

std::string SlotName(const Trace& trace, int vpn) {
  const int pool = trace.profile.last_pkmap, per_cpu = trace.profile.window_pages();
  if (vpn < pool) return "pkmap:" + std::to_string(vpn);
  const int window = vpn - pool, windows = per_cpu * trace.profile.cpus;
  if (window >= windows) return "vmap:" + std::to_string(window - windows);
  return "fix:" + std::to_string(window / per_cpu) + ":" + std::to_string(window % per_cpu);
}

std::string ContextName(const Trace& trace, ContextId ctx) {
  if (ctx < trace.actors.size()) return ActorName(trace, ctx);
  if (ctx >= kContextHw) return "CPU";
  return ctx >= kContextIpi ? "IPI" : "idle";
}

}  // namespace highmem
