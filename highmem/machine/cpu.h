// One CPU.
#ifndef HIGHMEM_MACHINE_CPU_H_
#define HIGHMEM_MACHINE_CPU_H_

#include "highmem/machine/machine.h"

namespace highmem {

enum class CpuState : uint8_t {
  kOnline,
  kDying,    // on its way out: waits for its pinned tasks to go
  kOffline,  // executes nothing, takes no interrupt
};

struct Cpu {
  TaskId curr;          // the running task, idle included
  uint8_t irqs_on;      // hardware interrupt flag
  uint8_t ipi_pending;  // mask of CPUs that asked this one and have no answer yet
  uint8_t ipi_unacked;  // mask of CPUs this one asked and waits for
  uint16_t ipi_start;   // what it asked them to flush: first vpn ...
  uint16_t ipi_end;     // ... one past the last ...
  uint8_t ipi_all;      // ... or the whole TLB
  uint8_t nr_pinned;    // tasks that have migration disabled here
  uint8_t next_plus_1;  // the task schedule() has picked, until it is current; 0 if none
  CpuState state;
  TaskId down_by;  // who takes it offline, while it is dying
};

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_CPU_H_
