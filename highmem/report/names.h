// What things are called in reports.
#ifndef HIGHMEM_REPORT_NAMES_H_
#define HIGHMEM_REPORT_NAMES_H_

#include <string>

#include "highmem/machine/event.h"
#include "highmem/trace/trace.h"

namespace highmem {

// "A", "f0" for filler 0, "#7" for another frame, "." for none.
std::string PageLabel(const Trace& trace, Pfn pfn);

// "T1", "H2", "IPI", "idle", "CPU" for what the hardware does of itself.
std::string ContextName(const Trace& trace, ContextId ctx);

// The call of an event op_begin, as the trace has it; what the executor adds of itself (fillers,
// releases) by its page.
std::string CallText(const Trace& trace, const Event& op_begin);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_NAMES_H_
