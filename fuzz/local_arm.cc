// The local target on ARMv7: entries found by address, pins in the pool, the pool right below the
// linear map.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"armv7_tiny", FuzzMix::local};
