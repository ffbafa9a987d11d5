// Local maps and kmap where the generic PTE setter maintains the cache.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"mips_tiny", FuzzMix::arch};
