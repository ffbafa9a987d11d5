// What things are called in reports.
#ifndef HIGHMEM_REPORT_NAMES_H_
#define HIGHMEM_REPORT_NAMES_H_

#include <string>

#include "highmem/machine/event.h"
#include "highmem/trace/trace.h"

namespace highmem {

// "A", "f0" for filler 0, "#7" for another frame, "." for none.
std::string PageLabel(const Trace& trace, Pfn pfn);

// Of a virtual page (machine/layout.h): "pkmap:1", "fix:0:2" (CPU 0, its slot 2), "vmap:3".
std::string SlotName(const Trace& trace, int vpn);

// "T1", "H2", "IPI", "idle", "CPU" for what the hardware does of itself.
std::string ContextName(const Trace& trace, ContextId ctx);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_NAMES_H_
