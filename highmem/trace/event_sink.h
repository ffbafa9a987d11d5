// Who reads the event stream of a run.
#ifndef HIGHMEM_TRACE_EVENT_SINK_H_
#define HIGHMEM_TRACE_EVENT_SINK_H_

#include <span>

#include "highmem/machine/event.h"

namespace highmem {

class Executor;

class EventSink {
 public:
  virtual ~EventSink() = default;
  // The executor has loaded a trace and reset the world; oracle memory may be carved from the arena
  // now. Events of the reset itself follow as step 0.
  virtual void Begin(const Executor& executor) = 0;
  // The events of one micro-step, in order; may be empty. False ends the run here.
  virtual bool OnStep(const Executor& executor, std::span<const Event> events) = 0;
};

}  // namespace highmem

#endif  // HIGHMEM_TRACE_EVENT_SINK_H_
