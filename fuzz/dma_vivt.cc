// The target of caches that software can see: kmap, pins and local maps on a machine whose cache is
// found by virtual address, and devices that look past it.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"armv5_vivt2", FuzzMix::dma};
