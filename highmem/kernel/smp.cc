#include "highmem/kernel/smp.h"

#include "highmem/kernel/preempt.h"
#include "highmem/kernel/primitive.h"
#include "highmem/kernel/task.h"

namespace highmem {
namespace {

Prim FlushLocal(int first_vpn, int end_vpn, bool all) {
  return Prim(PrimKind::tlb_flush_local, static_cast<uint32_t>(first_vpn),
              static_cast<uint32_t>(end_vpn), all);
}

}  // namespace

Co<> flush_tlb_on_each_cpu(int first_vpn, int end_vpn, bool all) {
  co_await preempt_disable();
  if (irqs_disabled() && machine.profile.cpus > 1) co_await Warn(Site::smp_call_irqs_off);
  Cpu& self = this_cpu();
  self.ipi_start = static_cast<uint16_t>(first_vpn);
  self.ipi_end = static_cast<uint16_t>(end_vpn);
  self.ipi_all = all;
  if (machine.profile.cpus > 1) co_await Prim(PrimKind::ipi_send);
  co_await FlushLocal(first_vpn, end_vpn, all);
  if (machine.profile.cpus > 1) co_await Prim(PrimKind::ipi_wait);
  co_await preempt_enable();
}

Co<> ipi_handler(CpuId from) {
  const Cpu& asked = machine.cpus[from];
  co_await FlushLocal(asked.ipi_start, asked.ipi_end, asked.ipi_all != 0);
  co_await Prim(PrimKind::ipi_ack, from);
}

void IpiSend(CpuId from) {
  const int cpus = machine.profile.cpus;
  uint8_t others = 0;
  for (int c = 0; c < cpus; c++)
    if (c != from && machine.cpus[c].state != CpuState::kOffline)
      others |= static_cast<uint8_t>(1u << c);
  machine.cpus[from].ipi_unacked = others;
  for (int c = 0; c < cpus; c++)
    if ((others >> c & 1) != 0) machine.cpus[c].ipi_pending |= static_cast<uint8_t>(1u << from);
  Emit(EventKind::ipi_send, others);
}

void IpiAck(CpuId cpu, CpuId from) {
  machine.cpus[from].ipi_unacked &= static_cast<uint8_t>(~(1u << cpu));
  Emit(EventKind::ipi_ack, from);
}

}  // namespace highmem
