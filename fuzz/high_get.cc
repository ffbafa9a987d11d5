// The target of kmap_high_get: pins from every context, kmap and local maps of the same pages, on a
// machine that broadcasts TLB flushes.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"armv7_tiny", FuzzMix::high_get};
