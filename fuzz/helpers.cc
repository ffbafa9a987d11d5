// Helpers (copy_highpage, zero_user_segments and their kind) among maps of the same pages.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"x86_tiny_debug", FuzzMix::arch};
