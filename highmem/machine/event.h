// The event stream: everything a run did, as 24-byte values. Checkers, coverage, recorder and
// report read it and nothing else. Emitted inside a step, drained after it. (DESIGN decision 4,
// section 5)
#ifndef HIGHMEM_MACHINE_EVENT_H_
#define HIGHMEM_MACHINE_EVENT_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "highmem/machine/types.h"

namespace highmem {

enum class EventKind : uint8_t {
#define HIGHMEM_EVENT(name, obj, old_value, new_value, aux) name,
#include "highmem/machine/events.def"
#undef HIGHMEM_EVENT
};

// Who acted. 0 .. kMaxActors-1: the actor of that number; else one of the contexts below plus a
// CPU.
using ContextId = uint8_t;
inline constexpr ContextId kContextIdle = 0x40;  // + CPU: idle loop
inline constexpr ContextId kContextIpi = 0x50;   // + CPU: the IPI handler there
inline constexpr ContextId kContextHw = 0x60;    // + CPU: the hardware (speculative fill, eviction)

struct Event {
  uint32_t step;  // micro-step of the run, from 1
  ContextId ctx;
  CpuId cpu;
  EventKind kind;
  uint8_t flags;  // reserved, 0
  uint32_t obj;
  uint32_t old_value;
  uint32_t new_value;
  uint32_t aux;
};
static_assert(sizeof(Event) == 24);

std::string_view EventName(EventKind kind);

// Outside the arena: dead between steps. Overflow is a finding (H4), never a silent drop.
class EventRing {
 public:
  static constexpr int kCapacity = 256;

  // The executor says who acts before each step; Emit stamps it on.
  void BeginStep(uint32_t step, ContextId ctx, CpuId cpu) {
    step_ = step;
    ctx_ = ctx;
    cpu_ = cpu;
  }
  uint32_t step() const { return step_; }
  ContextId ctx() const { return ctx_; }
  CpuId cpu() const { return cpu_; }

  void Emit(EventKind kind, uint32_t obj = 0, uint32_t old_value = 0, uint32_t new_value = 0,
            uint32_t aux = 0) {
    if (count_ == kCapacity) {
      overflow_ = true;
      return;
    }
    events_[count_++] = {step_, ctx_, cpu_, kind, 0, obj, old_value, new_value, aux};
  }

  std::span<const Event> pending() const { return {events_.data(), static_cast<size_t>(count_)}; }
  bool overflow() const { return overflow_; }
  void Clear() {
    count_ = 0;
    overflow_ = false;
  }

 private:
  uint32_t step_ = 0;  // of the events to come, as are these
  ContextId ctx_ = 0;
  CpuId cpu_ = 0;
  int count_ = 0;
  bool overflow_ = false;
  std::array<Event, kCapacity> events_;
};

extern EventRing events;

inline void Emit(EventKind kind, uint32_t obj = 0, uint32_t old_value = 0, uint32_t new_value = 0,
                 uint32_t aux = 0) {
  events.Emit(kind, obj, old_value, new_value, aux);
}

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_EVENT_H_
