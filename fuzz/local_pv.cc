// Local maps in lazy MMU mode, and beside it.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"x86_tiny_pv", FuzzMix::arch};
