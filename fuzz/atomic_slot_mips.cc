// The same where kunmap_atomic leaves its entry to the next map.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"mips_tiny_e1", FuzzMix::local};
