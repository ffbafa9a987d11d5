// kmap_atomic of era E2: a stack of slots per CPU, and interrupts that map on top.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"x86_tiny_e2_debug", FuzzMix::local};
