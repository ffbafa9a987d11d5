// The local target: kmap_local, kmap_atomic, switches, migration, faults and every kind of
// interrupt.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"x86_tiny_smp", FuzzMix::local};
