// An event as a line, for whoever compares runs.
#ifndef HIGHMEM_REPORT_EVENT_TEXT_H_
#define HIGHMEM_REPORT_EVENT_TEXT_H_

#include <string>

#include "highmem/machine/event.h"
#include "highmem/trace/trace.h"

namespace highmem {

// "CPU0 T1 pkmap_count  slot 1, count before 0, count 1": the words are those of events.def. No
// step: runs that do the same in different steps have the same lines.
std::string EventLine(const Trace& trace, const Event& event);

}  // namespace highmem

#endif  // HIGHMEM_REPORT_EVENT_TEXT_H_
