#include "highmem/kernel/irq.h"

namespace highmem {
namespace {

uint32_t Offset(ContextKind kind) {
  switch (kind) {
    case ContextKind::kHardirq:
    case ContextKind::kIpi: return kHardirqOffset;
    case ContextKind::kSoftirq: return kSoftirqOffset;
    case ContextKind::kNmi: return kNmiOffset;
    case ContextKind::kTask:
    case ContextKind::kPreempt: break;
  }
  return 0;
}

}  // namespace

void irq_enter(ContextKind kind) {
  const uint32_t before = current().preempt_count;
  this_cpu().irqs_on = 0;
  current().preempt_count += Offset(kind);
  Emit(EventKind::irq_enter, static_cast<uint32_t>(kind), before, current().preempt_count);
}

void irq_exit(ContextKind kind) {
  const uint32_t before = current().preempt_count;
  current().preempt_count -= Offset(kind);
  this_cpu().irqs_on = 1;
  Emit(EventKind::irq_exit, static_cast<uint32_t>(kind), before, current().preempt_count);
}

}  // namespace highmem
