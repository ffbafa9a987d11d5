// vmap, vm_map_ram and the lazy purge, among maps of other kinds.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"x86_tiny_vmap", FuzzMix::arch};
