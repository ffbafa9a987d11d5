// DMA with a cache that is found by frame, where kmap_atomic is a stack of slots a CPU.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"armv7_dma_tiny_e2", FuzzMix::dma};
