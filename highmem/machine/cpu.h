// One CPU.
#ifndef HIGHMEM_MACHINE_CPU_H_
#define HIGHMEM_MACHINE_CPU_H_

#include "highmem/machine/machine.h"

namespace highmem {

struct Cpu {
  TaskId curr;          // the running task, idle included
  uint8_t irqs_on;      // hardware interrupt flag
  uint8_t ipi_pending;  // mask of CPUs that asked this one and have no answer yet
  uint8_t ipi_unacked;  // mask of CPUs this one asked and waits for
  uint16_t ipi_start;   // what it asked them to flush: first vpn ...
  uint16_t ipi_end;     // ... one past the last ...
  uint8_t ipi_all;      // ... or the whole TLB
  uint8_t reserved[3];
};

}  // namespace highmem

#endif  // HIGHMEM_MACHINE_CPU_H_
