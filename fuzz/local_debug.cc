// The same with guard slots between the maps (CONFIG_DEBUG_KMAP_LOCAL).

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"x86_tiny_debug", FuzzMix::local};
