// Devices that look past two caches, one behind the other.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"armv7_outer_tiny", FuzzMix::dma};
