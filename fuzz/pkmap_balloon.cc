// Frames given back to a hypervisor, which kmap and local maps have shown.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"x86_tiny", FuzzMix::arch};
