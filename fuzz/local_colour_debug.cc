// The local target with guard slots, on a machine with two colours of page whose empty PTE is not
// all zero.

#include "fuzz/target_spec.h"

const highmem::TargetSpec highmem::kTarget = {"xtensa_tiny_debug", FuzzMix::local};
