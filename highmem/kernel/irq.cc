#include "highmem/kernel/irq.h"

namespace highmem {
namespace {

uint32_t Offset(ContextKind kind) {
  switch (kind) {
    case ContextKind::kHardirq:
    case ContextKind::kIpi: return kHardirqOffset;
    case ContextKind::kSoftirq: return kSoftirqOffset;
    case ContextKind::kNmi: return kNmiOffset + kHardirqOffset;
    case ContextKind::kFault:
    case ContextKind::kTask:
    case ContextKind::kPreempt: break;
  }
  return 0;
}

}  // namespace

uint8_t irq_enter(ContextKind kind) {
  const uint32_t before = current().preempt_count;
  const uint8_t irqs_were_on = this_cpu().irqs_on;
  this_cpu().irqs_on = kind == ContextKind::kSoftirq;
  current().preempt_count += Offset(kind);
  Emit(EventKind::irq_enter, static_cast<uint32_t>(kind), before, current().preempt_count);
  return irqs_were_on;
}

void irq_exit(ContextKind kind, uint8_t irqs_were_on) {
  const uint32_t before = current().preempt_count;
  current().preempt_count -= Offset(kind);
  this_cpu().irqs_on = irqs_were_on;
  Emit(EventKind::irq_exit, static_cast<uint32_t>(kind), before, current().preempt_count);
}

}  // namespace highmem
