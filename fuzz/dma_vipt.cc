// Devices that look past a cache that is found by frame: two CPUs, no aliases.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"armv7_dma_tiny", FuzzMix::dma};
